import { type ColumnType, type Statement, unnest } from '../storage/statement.ts';
import { TOKENS_MAX } from './token.ts';

type Columns = Readonly<Record<string, ColumnType>>;

const createColumns: Columns = {
  id: 'text',
  name: 'text',
  hash: 'text',
  scope: 'text',
  created_at: 'bigint',
  created_by: 'text',
  expires_at: 'bigint',
};
const createNames = Object.keys(createColumns).join(', ');
const living = (now: string): string =>
  `(SELECT count(*) FROM tokens l WHERE l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > ${now}))`;

/** A guard: no more tokens than can be looked through. */
const create: Statement = {
  name: 'tokens.create',
  columns: Object.values(createColumns),
  sqlite: `INSERT INTO tokens (${createNames}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
    WHERE ${living('?5')} < ${TOKENS_MAX}`,
  postgres: `INSERT INTO tokens (${createNames}) SELECT * FROM ${unnest(createColumns, 'r')}
    WHERE ${living('r.created_at')} < ${TOKENS_MAX}
    RETURNING id AS key`,
};

/** Of a change, what must remain beside the changed token: nothing, an admin's token, one of those without an end. */
export const remainders = { nothing: 0, admin: 1, endless: 2 } as const;
export type Remainder = keyof typeof remainders;

const remains = (id: string, now: string, remainder: string, lock = ''): string =>
  `(${remainder} = 0 OR EXISTS (SELECT 1 FROM tokens o
    WHERE o.id <> ${id} AND o.scope = 'admin' AND o.revoked_at IS NULL
      AND (o.expires_at IS NULL OR (${remainder} = 1 AND o.expires_at > ${now})) ${lock}))`;

/**
 * On PostgreSQL what remains is held fast: of two replicas that each take away the other's last admin, one waits, and
 * then finds that nothing would remain.
 */
const HELD = 'FOR SHARE OF o';

const rotateColumns: Columns = {
  id: 'text',
  seen_hash: 'text',
  hash: 'text',
  previous_until: 'bigint',
  rotated_at: 'bigint',
  expires_at: 'bigint',
  remainder: 'integer',
};

/** A guard: passes when nobody rotated or revoked it since it was seen. */
const rotate: Statement = {
  name: 'tokens.rotate',
  columns: Object.values(rotateColumns),
  sqlite: `UPDATE tokens
    SET previous_hash = hash, hash = ?3, previous_until = ?4, rotated_at = ?5, expires_at = ?6
    WHERE id = ?1 AND hash = ?2 AND revoked_at IS NULL AND ${remains('?1', '?5', '?7')}`,
  postgres: `UPDATE tokens t
    SET previous_hash = t.hash, hash = r.hash, previous_until = r.previous_until,
      rotated_at = r.rotated_at, expires_at = r.expires_at
    FROM ${unnest(rotateColumns, 'r')}
    WHERE t.id = r.id AND t.hash = r.seen_hash AND t.revoked_at IS NULL
      AND ${remains('r.id', 'r.rotated_at', 'r.remainder', HELD)}
    RETURNING t.id AS key`,
};

const revokeColumns: Columns = { id: 'text', at: 'bigint', remainder: 'integer' };

/** A guard: passes once. */
const revoke: Statement = {
  name: 'tokens.revoke',
  columns: Object.values(revokeColumns),
  sqlite: `UPDATE tokens SET revoked_at = ?2
    WHERE id = ?1 AND revoked_at IS NULL AND ${remains('?1', '?2', '?3')}`,
  postgres: `UPDATE tokens t SET revoked_at = r.at FROM ${unnest(revokeColumns, 'r')}
    WHERE t.id = r.id AND t.revoked_at IS NULL AND ${remains('r.id', 'r.at', 'r.remainder', HELD)}
    RETURNING t.id AS key`,
};

const usedColumns: Columns = { id: 'text', at: 'bigint' };

/** When it was last used, whichever replica tells last. */
const used: Statement = {
  name: 'tokens.used',
  columns: Object.values(usedColumns),
  sqlite: `UPDATE tokens SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)`,
  postgres: `UPDATE tokens t SET last_used_at = r.at FROM ${unnest(usedColumns, 'r')}
    WHERE t.id = r.id AND (t.last_used_at IS NULL OR t.last_used_at < r.at)`,
};

export const tokenStatements = { create, rotate, revoke, used } as const;
