import type { Severity } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { firstText, objectOf, textOf } from '../fields.ts';
import { usualEndpoints } from '../usual-endpoints.ts';
import { firstInstant } from '../instant-ms.ts';
import { webLink } from '../make-draft.ts';
import type { Reading } from '../reading.ts';
import { severityOfWord } from '../severity-words.ts';

const EXTENSIONS_MAX = 30;

/** Attributes of the standard's own, those that only carry a trace through, and names with a meaning here. */
const NOT_LABELS = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'subject',
  'data',
  'data_base64',
  'datacontenttype',
  'traceparent',
  'tracestate',
  // What a forwarded event is known by (`from-tocsin.ts`).
  'hops',
  'origin',
  'internal',
]);

/** What Tocsin makes of any CloudEvent: the standard's attributes, and of its data the few names that all use. */
export function readCloudEvent(record: JsonObject): Reading {
  const data = objectOf(record['data']);
  const type = textOf(record['type']) ?? 'cloudevent';
  const about = textOf(record['subject']);
  return {
    type,
    severity: severityOf(record, data),
    titles: [...titlesOf(data), about === undefined ? type : `${type.slice(0, 140)}: ${about}`],
    occurredAt: firstInstant(record['time']),
    subject: about === undefined ? undefined : { kind: 'subject', id: about },
    labels: { ...extensionsOf(record), source: textOf(record['source']) },
    observables: [],
    endpoints: usualEndpoints(data),
    link: [data['url'], data['html_url'], data['link']].map((link) => webLink(textOf(link))).find(Boolean),
    matter: undefined,
    state: undefined,
  };
}

const titlesOf = (data: JsonObject) =>
  ['title', 'summary', 'message', 'description'].map((name) => {
    const text = data[name];
    return typeof text === 'string' ? text : undefined;
  });

/** The severity extension, in words or as OpenTelemetry counts, else the word that the data has for it. */
function severityOf(record: JsonObject, data: JsonObject): Severity {
  const words = [record['severity'], record['severitytext'], data['severity'], data['level']];
  for (const word of words) {
    const severity = severityOfWord(word);
    if (severity !== undefined) return severity;
  }
  const number = record['severitynumber'];
  // Binary mode writes numbers as text.
  return ofOpenTelemetry(Number(firstText(number))) ?? 'unknown';
}

/** 1 to 12 trace, debug, info; 13 warn; 17 error; 21 to 24 fatal. */
function ofOpenTelemetry(number: number): Severity | undefined {
  if (!(number >= 1 && number <= 24)) return undefined;
  if (number < 13) return 'informational';
  if (number < 17) return 'medium';
  return number < 21 ? 'high' : 'critical';
}

/** Extension attributes are lower-case letters and digits (CloudEvents 1.0, section 3.1). */
function extensionsOf(record: JsonObject): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  let count = 0;
  for (const name in record) {
    if (count >= EXTENSIONS_MAX) break;
    if (NOT_LABELS.has(name) || !/^[a-z0-9]{1,40}$/.test(name)) continue;
    const value = record[name];
    const text = typeof value === 'boolean' ? String(value) : textOf(value);
    if (text === undefined) continue;
    labels[name] = text;
    count += 1;
  }
  return labels;
}
