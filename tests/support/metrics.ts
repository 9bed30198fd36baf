import { ask } from './ask.ts';
import { TOKEN } from './service.ts';
import { until } from './until.ts';

/** One reading of a service's metrics. */
export interface Reading {
  readonly text: string;
  /** By name, what its HELP and TYPE lines say. */
  readonly types: ReadonlyMap<string, string>;
  /** The value of the series with these labels, in any order; undefined where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** The labels of every series of that name. */
  series(name: string): readonly Readonly<Record<string, string>>[];
}

export function readMetrics(text: string): Reading {
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  const rows = text.split('\n').flatMap((line) => {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found === null) return [];
    const [, name = '', labels = '', value] = found;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
      key,
      text,
    ]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
  return {
    text,
    types,
    value: (name, labels = {}) =>
      rows.find(
        (row) =>
          row.name === name && Object.entries(labels).every(([key, value]) => row.labels[key] === value),
      )?.value,
    series: (name) => rows.filter((row) => row.name === name).map((row) => row.labels),
  };
}

/** Of the service at that address, as an operator. */
export async function scrape(url: string): Promise<Reading> {
  const { status, text } = await ask(url, {
    path: '/metrics',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  if (status !== 200) throw new Error(`/metrics answered ${status}: ${text}`);
  return readMetrics(text);
}

/** Resolves with a reading once it is as it should be. */
export const scrapeUntil = (
  what: string,
  url: string,
  isThere: (reading: Reading) => boolean,
): Promise<Reading> =>
  until(what, async () => {
    const reading = await scrape(url);
    return isThere(reading) && reading;
  });
