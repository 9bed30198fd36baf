import { sql } from '../../storage/sql.ts';
import type { Kysely } from '../../storage/store.ts';
import type { AttributedIncident, Identity, IncidentId } from '../incident.ts';
import type { ChangedPage, StoredChanges } from './port.ts';
import { attributedColumns, attributedFromRow, identityFromRow, type IncidentTables } from './row.ts';

/** Rows of one page. */
export const CHANGES_MAX = 2_000;

/**
 * Where a reader is. A row bears the transaction that wrote it last; what a snapshot of before did not see is new. By
 * the transactions' numbers alone those that commit late would be missed, or all repeated that is younger than the
 * oldest that runs.
 */
interface Position {
  /** `pg_snapshot` of the last time that all was read. */
  readonly seen: string;
  /** Of when this round of pages began; it is `seen` after its last. */
  readonly next?: string;
  /** Where to go on in this round. */
  readonly table?: 'identities' | 'incidents';
  readonly revision?: number;
  readonly key?: string;
}

interface MutableChanges extends StoredChanges {
  readonly incidents: AttributedIncident[];
  readonly gone: IncidentId[];
  readonly identities: Identity[];
}
type Changes = Map<string, MutableChanges>;

/** Of PostgreSQL only. */
export async function changedSince(
  read: Kysely<IncidentTables>,
  position: string | undefined,
): Promise<ChangedPage> {
  const feeds: Changes = new Map();
  const at = position === undefined ? undefined : (JSON.parse(position) as Position);
  // Before anything is read: what is written meanwhile is told again rather than missed.
  const next = at?.next ?? (await currentSnapshot(read));
  const end = (further?: Omit<Position, 'seen' | 'next'>): ChangedPage => ({
    position: JSON.stringify(
      further === undefined ? { seen: next } : { seen: at?.seen ?? next, next, ...further },
    ),
    feeds,
    more: further !== undefined,
  });
  if (at === undefined || at.seen === next) return end();
  // Whose an address is comes before what is attributed by it.
  if (at.table !== 'incidents') {
    const last = await addIdentities(read, at, feeds);
    if (last !== undefined) return end({ table: 'identities', ...last });
  }
  const last = await addIncidents(read, at.table === 'incidents' ? at : { seen: at.seen }, feeds);
  return end(last && { table: 'incidents', ...last });
}

async function currentSnapshot(read: Kysely<IncidentTables>): Promise<string> {
  const row = await read
    .selectNoFrom(sql<string>`pg_current_snapshot()::text`.as('snapshot'))
    .executeTakeFirstOrThrow();
  return row.snapshot;
}

/**
 * What was not seen. The first two lines are the index's; the second leaves out what a copy of a database has from the
 * server it comes from, which counted otherwise.
 */
const unseen = ({ seen }: Position) => sql<boolean>`
  revision >= pg_snapshot_xmin(${seen}::pg_snapshot)::text::bigint
  and revision < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
  and not pg_visible_in_snapshot(revision::text::xid8, ${seen}::pg_snapshot)`;

/** Where the page ended when there may be more. */
type PageEnd = { readonly revision: number; readonly key: string } | undefined;

async function addIdentities(read: Kysely<IncidentTables>, at: Position, to: Changes): Promise<PageEnd> {
  const key = sql<string>`feed || '/' || address`;
  let query = read
    .selectFrom('incident_identities')
    .select(['feed', 'address', 'employee', 'forgotten_at', 'revision', key.as('key')])
    .where(unseen(at));
  if (at.key !== undefined)
    query = query.where(sql<boolean>`(revision, ${key}) > (${at.revision}, ${at.key})`);
  const rows = await query.orderBy('revision').orderBy(key).limit(CHANGES_MAX).execute();
  for (const row of rows) changesOf(to, row.feed).identities.push(identityFromRow(row));
  const last = rows.length < CHANGES_MAX ? undefined : rows.at(-1);
  return last && { revision: last.revision, key: last.key };
}

async function addIncidents(read: Kysely<IncidentTables>, at: Position, to: Changes): Promise<PageEnd> {
  let query = read
    .selectFrom('incidents')
    .select(attributedColumns)
    .select(['listed', 'revision'])
    .where(unseen(at));
  if (at.key !== undefined) query = query.where(sql<boolean>`(revision, id) > (${at.revision}, ${at.key})`);
  const rows = await query.orderBy('revision').orderBy('id').limit(CHANGES_MAX).execute();
  for (const row of rows) {
    const changes = changesOf(to, row.feed);
    if (row.listed === 1) changes.incidents.push(attributedFromRow(row));
    else changes.gone.push(row.id as IncidentId);
  }
  const last = rows.length < CHANGES_MAX ? undefined : rows.at(-1);
  return last && { revision: last.revision, key: last.id };
}

function changesOf(changes: Changes, feed: string): MutableChanges {
  const known = changes.get(feed);
  if (known !== undefined) return known;
  const made: MutableChanges = { incidents: [], gone: [], identities: [] };
  changes.set(feed, made);
  return made;
}
