import type { Identity } from '../incident.ts';
import { type AttributedIncident, type IncidentId, priorities, type Priority } from '../incident.ts';
import { incidentId } from '../book/incident-id.ts';
import { Journal } from '../../storage/journal.ts';
import { silentLogger } from '../../kernel/log.ts';
import type { Group, Passed, SqlValue, Write } from '../../storage/statement.ts';
import type { Store } from '../../storage/store.ts';
import {
  attributeRow,
  conditionRow,
  delistRow,
  filledRow,
  identityRow,
  incidentRow,
  type NewIncident,
  relistRow,
  reportRow,
} from './row.ts';
import { incidentStatements } from './statements.ts';

/** Unix ms. */
export const T = Date.UTC(2026, 0, 31, 12);

let made = 0;

/** An incident that names its employee, a second after the one before it. */
export function incident(
  over: Partial<AttributedIncident> & { readonly at?: number } = {},
): AttributedIncident {
  made += 1;
  const { at = T + made * 1_000, ...rest } = over;
  const timestamp = rest.timestamp ?? at / 1_000;
  return {
    id: incidentId(timestamp, `incident ${made}`, 0),
    feed: 'elevate',
    type: 'misuse',
    priority: 'low',
    timestamp,
    stated: undefined,
    address: undefined,
    sourceAddress: undefined,
    fault: undefined,
    record: `{"n":${made}}`,
    employee: rest.stated,
    ...rest,
  };
}

export const priorityOf = (n: number): Priority => priorities[n % priorities.length] ?? 'low';

const writeOf =
  (statement: keyof typeof incidentStatements) =>
  (row: SqlValue[]): Write => ({ statement: incidentStatements[statement].name, row });

const newOf = (one: AttributedIncident, over: Partial<NewIncident>): NewIncident => ({
  incident: one,
  identitiesOf: one.feed,
  firstSeenAt: T,
  eventId: `evt_${one.id}`,
  ...over,
});

/** Rows of every statement, as writes. */
export const write = {
  insert: (one: AttributedIncident, over: Partial<NewIncident> = {}) =>
    writeOf('insert')(incidentRow(newOf(one, over))),
  insertKnown: (one: AttributedIncident, over: Partial<NewIncident> = {}) =>
    writeOf('insert')(incidentRow(newOf(one, { eventId: null, ...over }))),
  relist: (id: IncidentId, employee: string | undefined, at: number) =>
    writeOf('relist')(relistRow(id, employee, at)),
  delist: (id: IncidentId, at: number) => writeOf('delist')(delistRow(id, at)),
  attribute: (id: IncidentId, employee: string, at: number) =>
    writeOf('attribute')(attributeRow(id, employee, at)),
  identity: (identity: Identity, now = T, feed = 'elevate') =>
    writeOf('putIdentity')(identityRow(feed, identity, now)),
  fill: (type: string, now = T, feed = 'elevate') => writeOf('fillType')(filledRow(feed, type, now)),
  turn: (state: string, since: number, eventId = 'evt_1') =>
    writeOf('turnCondition')(conditionRow('elevate', 'lists', { state, since, eventId })),
  report: (text: string, feed = 'elevate') => writeOf('putReport')(reportRow(feed, text)),
} as const;

/** Writes all in one commit. */
export const commit = (store: Store, ...writes: readonly Write[]): Promise<Passed> =>
  submit(store, [{ writes }]);

/** Asks all guards in one commit; whether each passed. */
export const ask = (store: Store, ...guards: readonly Write[]): Promise<Passed> =>
  submit(
    store,
    guards.map((guard) => ({ guard, writes: [] })),
  );

const submit = (store: Store, groups: readonly Group[]): Promise<Passed> =>
  new Journal(store, silentLogger).submit(groups);
