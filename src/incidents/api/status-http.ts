import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../../kernel/schema.ts';
import { httpFailureReasons } from '../../kernel/http-client.ts';
import { collectFailures } from '../collect/collected.ts';
import { feedKindNames } from '../feeds/feed.ts';
import type { Publication } from '../published.ts';
import type { FeedReport, ListReport } from '../report.ts';
import { secondsSince } from './seconds-since.ts';

export interface StatusRouteOptions {
  readonly reports: () => readonly FeedReport[];
  /** Undefined: no feed is configured. */
  readonly publication: () => Publication | undefined;
  readonly clock: Clock;
}

const listWire = Type.Object({
  name: Type.String({ description: "A type's name; `identities`." }),
  lastAttemptAt: nullable(instant()),
  lastSuccessAt: nullable(instant('When it was last had and read, new or unchanged.')),
  ageSeconds: nullable(Type.Integer({ description: 'Since the last success; null without one.' })),
  stale: Type.Boolean({ description: "Too old by the feed's `staleAfter`, or never had." }),
  count: Type.Integer({ description: 'What it lists, the unresolved too, without the invalid.' }),
  unresolved: Type.Integer({
    description: 'Without an employee. Of identities: remembered, though the feed does not name them now.',
  }),
  invalid: Type.Integer(),
  error: nullable(
    Type.Object(
      {
        reason: oneOf([...collectFailures, ...httpFailureReasons]),
        detail: Type.String(),
        since: instant('Since when it has failed.'),
      },
      { description: 'Of the last refresh; null when that went well.' },
    ),
  ),
  durationMs: nullable(Type.Number({ description: 'All attempts of the last refresh with their pauses.' })),
  attempts: nullable(Type.Integer()),
});

const feedWire = Type.Object({
  id: Type.String(),
  kind: oneOf(feedKindNames),
  refreshedAt: nullable(instant('When the last refresh began; null before the first, and for pushed feeds.')),
  durationMs: nullable(Type.Number({ description: 'How long it took.' })),
  parallel: nullable(Type.Integer({ description: 'Lists asked for at once, at the end of it.' })),
  breaker: nullable(
    oneOf(['closed', 'open', 'half_open'], { description: 'Open: the feed is left in peace.' }),
  ),
  identities: nullable(listWire),
  types: Type.Array(listWire),
});

export const statusWire = Type.Object({
  feeds: Type.Array(feedWire),
  incidents: nullable(Type.Integer({ description: 'In the document; null while there is none.' })),
  unresolved: nullable(
    Type.Integer({ description: 'Listed without an employee; null while there is no document.' }),
  ),
  documentChangedAt: nullable(instant('When `GET /incidents` last changed.')),
  documentAgeSeconds: nullable(
    Type.Integer({ description: 'Since the oldest of the last good lists that it was made of.' }),
  ),
});

/** From memory: it is there while the store is not. */
export const statusRoute = ({ reports, publication, clock }: StatusRouteOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/incidents/status',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Incidents',
    summary: 'How each feed and each of its lists stands',
    reply: { status: 200, schema: statusWire },
    problems: [],
    handle: async () => toStatus(reports(), publication(), clock.now()),
  });

function toStatus(
  reports: readonly FeedReport[],
  published: Publication | undefined,
  now: number,
): Static<typeof statusWire> {
  const stale = new Set(published?.stale);
  const isThere = published?.document !== undefined;
  return {
    feeds: reports.map((report) => toFeed(report, stale, now)),
    incidents: published?.document?.incidents ?? null,
    unresolved: published?.document?.unresolved ?? null,
    documentChangedAt: isThere ? toInstantOrNull(published.changedAt) : null,
    documentAgeSeconds: isThere ? secondsSince(published.refreshedAt, now) : null,
  };
}

function toFeed(report: FeedReport, stale: ReadonlySet<string>, now: number): Static<typeof feedWire> {
  const toOne = (list: ListReport) => toList(list, stale.has(`${report.id}/${list.name}`), now);
  return {
    id: report.id,
    kind: report.kind,
    refreshedAt: toInstantOrNull(report.refreshedAt),
    durationMs: report.durationMs ?? null,
    parallel: report.parallel ?? null,
    breaker: report.breaker ?? null,
    identities: report.identities === undefined ? null : toOne(report.identities),
    types: report.types.map(toOne),
  };
}

function toList(list: ListReport, isStale: boolean, now: number): Static<typeof listWire> {
  const { error, lastSuccessAt } = list;
  return {
    name: list.name,
    lastAttemptAt: toInstantOrNull(list.lastAttemptAt),
    lastSuccessAt: toInstantOrNull(lastSuccessAt),
    ageSeconds: lastSuccessAt === undefined ? null : secondsSince(lastSuccessAt, now),
    stale: isStale,
    count: list.count,
    unresolved: list.unresolved,
    invalid: list.invalid,
    error: error === undefined ? null : { ...error, since: toInstant(error.since) },
    durationMs: list.durationMs ?? null,
    attempts: list.attempts ?? null,
  };
}
