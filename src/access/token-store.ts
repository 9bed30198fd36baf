import type { Scope } from '../kernel/route.ts';
import { amongFound, sql } from '../storage/sql.ts';
import type { Kysely, Store } from '../storage/store.ts';
import type { Token } from './token.ts';

interface Row {
  id: string;
  name: string;
  hash: string;
  scope: string;
  created_at: number;
  created_by: string | null;
  expires_at: number | null;
  rotated_at: number | null;
  previous_hash: string | null;
  previous_until: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}
type TokenTables = { tokens: Row };

/** There is one first token: its fixed id lets one insert decide which of two replicas made it. */
const FIRST_TOKEN_ID = 'tok_first';

/** Reads tokens, and forgets old ones; `TokenControl` changes them. */
export class TokenStore {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<TokenTables>;
  readonly #write: Kysely<TokenTables>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<TokenTables>();
    this.#write = store.write.withTables<TokenTables>();
  }

  /** By the hash of its secret, or of the one before. The second is asked for only where the first finds nothing. */
  async byHash(hash: string): Promise<Token | undefined> {
    return (await this.#where('hash', hash)) ?? (await this.#where('previous_hash', hash));
  }

  byId(id: string): Promise<Token | undefined> {
    return this.#where('id', id);
  }

  /** Those that were not revoked, the oldest first. */
  async list(): Promise<Token[]> {
    const rows = await this.#read
      .selectFrom('tokens')
      .selectAll()
      .where('revoked_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(toToken);
  }

  /**
   * Makes the first token, unless it was made before or an admin has another; whether it did. One atomic insert: of
   * replicas that start together exactly one gets it.
   */
  async insertFirst(hash: string, now: number): Promise<boolean> {
    const { numAffectedRows } = await sql`
      INSERT INTO tokens (id, name, hash, scope, created_at)
      SELECT ${FIRST_TOKEN_ID}, 'first run', ${hash}, 'admin', CAST(${now} AS BIGINT)
      WHERE NOT EXISTS (
        SELECT 1 FROM tokens WHERE scope = 'admin' AND revoked_at IS NULL AND expires_at IS NULL)
      ON CONFLICT (id) DO NOTHING`.execute(this.#write);
    return numAffectedRows === 1n;
  }

  /** Deletes up to `limit` tokens that ended before that time. The first stays: it must not be made twice. */
  async forget(before: number, limit: number): Promise<number> {
    const over = this.#write
      .selectFrom('tokens')
      .select('id')
      .where('id', '<>', FIRST_TOKEN_ID)
      .where((where) => where.or([where('revoked_at', '<', before), where('expires_at', '<', before)]))
      .limit(limit);
    const result = await this.#write
      .deleteFrom('tokens')
      .where(amongFound(this.#dialect, 'id', over))
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async #where(column: 'id' | 'hash' | 'previous_hash', value: string): Promise<Token | undefined> {
    const row = await this.#read
      .selectFrom('tokens')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst();
    return row && toToken(row);
  }
}

const toToken = (row: Row): Token => ({
  id: row.id,
  name: row.name,
  hash: row.hash,
  // Only scopes are written.
  scope: row.scope as Scope,
  createdAt: row.created_at,
  createdBy: row.created_by ?? undefined,
  expiresAt: row.expires_at ?? undefined,
  rotatedAt: row.rotated_at ?? undefined,
  previousHash: row.previous_hash ?? undefined,
  previousUntil: row.previous_until ?? undefined,
  lastUsedAt: row.last_used_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
});
