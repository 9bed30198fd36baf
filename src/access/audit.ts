import { Type } from 'typebox';
import { uuidv7 } from '../kernel/ids.ts';
import type { Static } from '../kernel/schema.ts';
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

/** Newest first; `after` is the last id of the page before. */
export async function listAudit(
  store: Store,
  limit: number,
  after?: string,
): Promise<Static<typeof auditWire>[]> {
  let query = store.read.withTables<AuditTables>().selectFrom('audit').selectAll();
  if (after !== undefined) query = query.where('id', '<', after);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    ...row,
    at: new Date(row.at).toISOString(),
    before: row.before === null ? null : (JSON.parse(row.before) as unknown),
    after: row.after === null ? null : (JSON.parse(row.after) as unknown),
  }));
}
