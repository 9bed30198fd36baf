import { csvCell } from '../../kernel/csv-cell.ts';
import { findPage, type IncidentFinder } from './find-page.ts';
import type { IncidentFilter, IncidentPage, StoredIncident } from '../store/port.ts';
import { toIncidentSummary } from './wire.ts';

/** How a list of incidents is written down, whole. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly fileName: string;
  /** Before the first incident. */
  readonly head: string;
  /** One incident, its line's end included. */
  line(incident: StoredIncident): string;
}

/** A JSON object a line. The record stands in it as it came, so that no number is rounded. */
export const ndjson: ExportFormat = {
  mediaType: 'application/x-ndjson',
  fileName: 'tocsin-incidents.ndjson',
  head: '',
  line(incident) {
    const summary = JSON.stringify(toIncidentSummary(incident));
    return `${summary.slice(0, -1)},"record":${incident.record}}\n`;
  },
};

const columns = [
  'id',
  'feed',
  'type',
  'priority',
  'timestamp',
  'occurredAt',
  'employee',
  'identity',
  'address',
  'sourceAddress',
  'firstSeenAt',
  'lastSeenAt',
  'listed',
  'attributedAt',
  'eventId',
] as const;

const CRLF = '\r\n';

/** RFC 4180, with a header line. What is null is empty. */
export const csv: ExportFormat = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  fileName: 'tocsin-incidents.csv',
  head: `${[...columns, 'record'].join(',')}${CRLF}`,
  line(incident) {
    const summary = toIncidentSummary(incident);
    const cells = columns.map((column) => csvCell(String(summary[column] ?? '')));
    return `${[...cells, csvCell(incident.record)].join(',')}${CRLF}`;
  },
};

export const exportFormats = { ndjson, csv } as const satisfies Record<string, ExportFormat>;

/** Incidents a page: what of an export is in memory. */
const PAGE = 200;

export interface ExportOptions {
  readonly reader: IncidentFinder;
  readonly filter: IncidentFilter;
  readonly format: ExportFormat;
  /** Nobody would get what comes. */
  readonly isGone: () => boolean;
}

/**
 * The text of all incidents of a filter, a page at a time and none before it is asked for. Resolves with the first page
 * read: until then a store that is away is an ordinary refusal. Later it rejects in the middle.
 */
export async function openExport(options: ExportOptions): Promise<AsyncIterable<string>> {
  const first = await findPage(options.reader, options.filter, PAGE, undefined);
  return textOf(options, first);
}

async function* textOf(
  { reader, filter, format, isGone }: ExportOptions,
  first: IncidentPage,
): AsyncGenerator<string> {
  let page = first;
  yield format.head + linesOf(format, page);
  // With a text a page may hold nothing at all: then only this looks whether anybody is still there.
  while (page.next !== undefined && !isGone()) {
    page = await findPage(reader, filter, PAGE, page.next);
    yield linesOf(format, page);
  }
}

const linesOf = (format: ExportFormat, { items }: IncidentPage): string =>
  items.map((incident) => format.line(incident)).join('');
