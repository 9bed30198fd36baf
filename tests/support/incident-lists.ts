import { readFileSync } from 'node:fs';
import type { IncidentBook } from '../../src/incidents/book/incident-book.ts';
import { readList } from '../../src/incidents/book/read-list.ts';
import type { ChangePage } from '../../src/incidents/book/port.ts';
import type { Feed, FeedType } from '../../src/incidents/feeds/feed.ts';
import { elevateTypes } from '../../src/incidents/feeds/presets.ts';
import type { Incident } from '../../src/incidents/incident.ts';

/** A feed with the seven lists of Elevate, unless told otherwise. */
export const sampleFeed = (over: Partial<Feed> = {}): Feed => ({
  id: 'elevate',
  kind: 'poll',
  types: elevateTypes,
  identitiesOf: over.id ?? 'elevate',
  backlog: 'summary',
  staleAfterMs: 60_000,
  ...over,
});

export function typeOf(feed: Feed, name: string): FeedType {
  const found = feed.types.find(({ type }) => type === name);
  if (found === undefined) throw new Error(`the sample has no type ${name}`);
  return found;
}

/** Incidents of a list, as its feed answers it. */
export function listed(feed: Feed, type: string, results: readonly unknown[]): readonly Incident[] {
  const read = readList(feed, typeOf(feed, type), JSON.stringify({ results }));
  if (read.kind !== 'list') throw new Error(`the list was refused: ${read.detail}`);
  return read.incidents;
}

/** A real answer: a type's list, or the identities. */
export const incidentFixture = (name: string): string =>
  readFileSync(`tests/fixtures/incidents/${name}.json`, 'utf8');

export interface DocumentIncident {
  readonly type: string;
  readonly timestamp: number;
  readonly [member: string]: unknown;
}
type Level = Readonly<
  Record<
    'low' | 'medium' | 'high' | 'critical',
    { readonly count: number; readonly incidents: readonly DocumentIncident[] }
  >
>;

export const documentOf = (book: IncidentBook): Readonly<Record<string, Level>> =>
  JSON.parse(Buffer.concat(book.document().pieces).toString('utf8')) as Readonly<Record<string, Level>>;

/** All that is not stored yet, page by page; each is confirmed. */
export function storeAll(book: IncidentBook, feed: string, limit = 100): readonly ChangePage[] {
  const pages: ChangePage[] = [];
  for (;;) {
    const page = book.changes(feed, limit);
    pages.push(page);
    book.stored(feed, page.mark);
    if (!page.more) return pages;
  }
}
