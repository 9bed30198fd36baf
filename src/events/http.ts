import { Type } from 'typebox';
import { EVENT_ID_PATTERN, type EventId } from '../kernel/ids.ts';
import { pageQuery } from '../kernel/paging.ts';
import { periodQuery, toPeriod } from '../kernel/period.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route } from '../kernel/route.ts';
import { oneOf, toInstantOrNull } from '../kernel/schema.ts';
import { type MatterState, matterStates, severities, type Severity } from './event.ts';
import { type Place, PLACE_PATTERN } from './geo.ts';
import type { Coverage, EventFinder, Wanted } from './find.ts';
import { FINGERPRINT_PATTERN } from './matters/wire.ts';
import { readSearch, SEARCH_LENGTH_MAX, type SearchQuery } from './search/query.ts';
import type { EventFilter } from './store.ts';
import { eventPageWire, toEventSummary } from './wire.ts';

const place = (description: string) => Type.Optional(Type.String({ pattern: PLACE_PATTERN, description }));

/** What an event itself tells: also of one that only just came in. */
export const traitQuery = {
  source: Type.Optional(Type.String({ maxLength: 64 })),
  type: Type.Optional(Type.String({ maxLength: 256 })),
  severity: Type.Optional(oneOf(severities, { description: 'At least this severity.' })),
  subject: Type.Optional(Type.String({ maxLength: 256, description: "The subject's id." })),
  internal: Type.Optional(Type.Boolean({ description: 'About our own application.' })),
  unrouted: Type.Optional(Type.Boolean({ description: 'Taken by no rule.' })),
  state: Type.Optional(oneOf(matterStates, { description: 'What it makes of its matter.' })),
  fingerprint: Type.Optional(
    Type.String({
      pattern: FINGERPRINT_PATTERN,
      description: 'Of one matter; only events that have a state are found by it.',
    }),
  ),
  'geo.source': place('That came from there: a country (`FR`), `private` or `unknown`.'),
  'geo.destination': place('That went there.'),
  'geo.allowed': Type.Optional(
    Type.Boolean({ description: 'Within the country lists; only events that name a side are found by it.' }),
  ),
};

/** Every filter of events. */
export const filterQuery = {
  ...periodQuery,
  ...traitQuery,
  acknowledged: Type.Optional(Type.Boolean({ description: 'An operator has taken note of it.' })),
  search: Type.Optional(
    Type.String({
      maxLength: SEARCH_LENGTH_MAX,
      description:
        'Words that all stand in it: title, type, source, subject, labels, what was seen, link, the first 4096 characters of the payload. `"a phrase"`, `begin*`.',
    }),
  ),
};

export function eventRoutes(finder: EventFinder): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/events',
      access: { kind: 'operator', scope: 'read' },
      tag: 'Events',
      summary: 'Events, newest first',
      query: Type.Object({ ...pageQuery(EVENT_ID_PATTERN), ...filterQuery }),
      reply: { status: 200, schema: eventPageWire },
      problems: ['store_unavailable'],
      async handle({ query: { limit, cursor, ...filter } }) {
        const wanted = { ...toWanted(filter), limit, after: cursor as EventId | undefined };
        const { items, nextCursor, coverage } = await finder.find(wanted);
        return { items: items.map(toEventSummary), nextCursor, ...searchPart(coverage) };
      },
    }),
  ];
}

const searchPart = (coverage: Coverage | undefined) =>
  coverage && {
    search: { indexedUntil: toInstantOrNull(coverage.indexedUntil), complete: coverage.isComplete },
  };

/** The filters of a query or a body, as their schemas have checked them. */
export interface TypedFilter {
  readonly since?: string;
  readonly until?: string;
  readonly source?: string;
  readonly type?: string;
  readonly severity?: Severity;
  readonly subject?: string;
  readonly internal?: boolean;
  readonly unrouted?: boolean;
  readonly state?: MatterState;
  readonly fingerprint?: string;
  readonly 'geo.source'?: Place;
  readonly 'geo.destination'?: Place;
  readonly 'geo.allowed'?: boolean;
  readonly acknowledged?: boolean;
  readonly search?: string;
}

export function toWanted({
  severity,
  since,
  until,
  search,
  ...same
}: TypedFilter): Pick<Wanted, 'filter' | 'search'> {
  const filter: EventFilter = {
    ...same,
    ...(severity === undefined ? {} : { severityMin: severity }),
    ...toPeriod({ since, until }),
  };
  return search === undefined ? { filter } : { filter, search: toSearch(search) };
}

function toSearch(text: string): SearchQuery {
  const query = readSearch(text);
  if (typeof query === 'string') throw new Problem('bad_request', query);
  return query;
}
