import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Benchmark, BenchOptions } from '../benchmark.ts';
import type { Machine } from './machine.ts';
import { reportTable } from './markdown.ts';
import { goalMet, median, type Report } from './report.ts';

const FOLDER = fileURLToPath(new URL('../../../bench/results/', import.meta.url));

/** One run of the command: everything that is published. */
export interface Results {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly machine: Machine;
  readonly options: Pick<BenchOptions, 'seconds' | 'rounds' | 'connections'>;
  readonly methods: readonly Pick<Benchmark, 'name' | 'method'>[];
  readonly reports: readonly Report[];
}

/** Writes `<date>-<name>.json` and `.md`; a second run on one day replaces the first. Returns the paths. */
export function writeResults(name: string, results: Results): string[] {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}${results.at.slice(0, 10)}-${name}`;
  writeFileSync(`${path}.json`, `${JSON.stringify(withSummaries(results), null, 2)}\n`);
  writeFileSync(`${path}.md`, markdown(results));
  return [`${path}.json`, `${path}.md`];
}

function withSummaries(results: Results): object {
  const reports = results.reports.map((report) => ({
    ...report,
    rows: report.rows.map((row) => ({
      ...row,
      min: Math.min(...row.values),
      median: median(row.values),
      max: Math.max(...row.values),
      met: goalMet(row),
    })),
  }));
  return { ...results, reports };
}

function markdown({ at, machine, options, methods, reports }: Results): string {
  const { cpu, cores, memoryGb, kernel, node, sqlite, syncMs, loadBefore } = machine;
  return [
    `# Benchmarks, ${at.slice(0, 10)}`,
    '',
    `- Machine: ${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}; the generator, the sink and the subject share it`,
    `- Node ${node}, SQLite ${sqlite}; one fdatasync ${syncMs} ms (median); load average before the run ${loadBefore}`,
    `- ${options.rounds} rounds of ${options.seconds} s each after 1.5 s of warm-up; ${options.connections} connections`,
    '',
    ...reports.flatMap((report) => {
      const method = methods.find(({ name }) => name === report.name)?.method;
      return [reportTable(report), ...(method ? [`Method: ${method}`, ''] : [])];
    }),
  ].join('\n');
}
