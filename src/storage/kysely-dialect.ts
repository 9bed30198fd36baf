import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult as KyselyResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { QueryResult, Tables } from './store.ts';

export type RunQuery = (query: CompiledQuery) => Promise<QueryResult>;

/**
 * Kysely over a function that runs one query: the thread of SQLite, the pool of PostgreSQL. Without
 * transactions of its own, because on SQLite a commit of the journal would fall between its statements; the
 * store's `transact` takes compiled queries all at once.
 */
export function kyselyOver(dialect: 'sqlite' | 'postgres', run: RunQuery): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialect === 'sqlite' ? sqliteDialect(run) : postgresDialect(run) });
}

const sqliteDialect = (run: RunQuery): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => driver(run),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

const postgresDialect = (run: RunQuery): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => driver(run),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

function driver(run: RunQuery) {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<KyselyResult<R>> {
      const { rows, changes } = await run(query);
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    },
    // oxlint-disable-next-line require-yield -- Kysely's interface; no caller streams
    async *streamQuery() {
      throw new TypeError('queries are not streamed');
    },
  };
  const refuse = async (): Promise<void> => {
    throw new TypeError('use Store.transact');
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}
