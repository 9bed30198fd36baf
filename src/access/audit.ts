import { Type } from 'typebox';
import { idLowerBound, uuidv7 } from '../kernel/ids.ts';
import type { Static } from '../kernel/schema.ts';
import { amongFound } from '../storage/sql.ts';
import { insertStatement, type Write } from '../storage/statement.ts';
import type { Store } from '../storage/store.ts';

/** One change of state: who did what to what. Secrets are never in it. */
export interface AuditEntry {
  /** Unix ms. */
  readonly at: number;
  readonly actor: string;
  /** `delivery.replay`, `config.reload`, `token.create` … */
  readonly action: string;
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export const auditInsert = insertStatement('audit.insert', 'audit', {
  id: 'text',
  at: 'bigint',
  actor: 'text',
  action: 'text',
  subject: 'text',
  before: 'text',
  after: 'text',
});

/** The row of an entry, to be written in the transaction of the change it tells of. */
export function auditWrite(entry: AuditEntry): Write {
  return {
    statement: auditInsert.name,
    row: [
      `aud_${uuidv7(entry.at)}`,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      entry.before === undefined ? null : JSON.stringify(entry.before),
      entry.after === undefined ? null : JSON.stringify(entry.after),
    ],
  };
}

export const auditWire = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  before: Type.Unknown(),
  after: Type.Unknown(),
});

type AuditTables = {
  audit: {
    id: string;
    at: number;
    actor: string;
    action: string;
    subject: string;
    before: string | null;
    after: string | null;
  };
};

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
  /** Unix ms. */
  readonly since?: number;
  readonly until?: number;
}

/** Newest first; `after` is the last id of the page before. */
export async function listAudit(
  store: Store,
  filter: AuditFilter,
  limit: number,
  after?: string,
): Promise<Static<typeof auditWire>[]> {
  let query = store.read.withTables<AuditTables>().selectFrom('audit').selectAll();
  for (const column of ['actor', 'action', 'subject'] as const) {
    const wanted = filter[column];
    if (wanted !== undefined) query = query.where(column, '=', wanted);
  }
  if (filter.since !== undefined) query = query.where('id', '>=', idLowerBound('aud', filter.since));
  if (filter.until !== undefined) query = query.where('id', '<', idLowerBound('aud', filter.until));
  if (after !== undefined) query = query.where('id', '<', after);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    ...row,
    at: new Date(row.at).toISOString(),
    before: row.before === null ? null : (JSON.parse(row.before) as unknown),
    after: row.after === null ? null : (JSON.parse(row.after) as unknown),
  }));
}

/** Deletes up to `limit` entries from before that time; returns how many. */
export async function forgetAudit(store: Store, before: number, limit: number): Promise<number> {
  const write = store.write.withTables<AuditTables>();
  const over = write
    .selectFrom('audit')
    .select('id')
    .where('id', '<', idLowerBound('aud', before))
    .orderBy('id')
    .limit(limit);
  const result = await write
    .deleteFrom('audit')
    .where(amongFound(store.dialect, 'id', over))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
