import type { CompiledQuery } from 'kysely';
import pg from 'pg';
import { errorText, type Logger } from '../../kernel/log.ts';
import { kyselyOver } from '../kysely-dialect.ts';
import type { Statement } from '../statement.ts';
import { storable } from '../storable.ts';
import { type QueryResult, type Store, StoreUnavailable } from '../store.ts';
import { writeBatch } from './commit.ts';
import { isRepeatable, storeError } from './errors.ts';
import { PostgresLeadership } from './leadership.ts';
import { PostgresPeers } from './peers.ts';
import { PostgresSignals } from './signals.ts';

const CONNECTIONS_MAX = 10;
const CONNECT_MS = 3_000;
const STATEMENT_MS = 30_000;
/** The server ends a statement by itself before that: without an answer by then it is gone, or the way to it. */
const ANSWER_MS = STATEMENT_MS + 5_000;
/** For `transact`, whose migrations lift the server's limit: Node's longest timer. */
const PATIENT_MS = 2_147_483_647;
const REPEATS_MAX = 3;
const INT8 = 20;

/** PostgreSQL by its URL. Rejects with StoreUnavailable when it cannot be reached. */
export async function openPostgres(
  url: string,
  statements: readonly Statement[],
  log: Logger,
): Promise<Store> {
  const pool = createPool(url, log);
  const peers = new PostgresPeers(sessionConfig(url), log);
  const signals = new PostgresSignals(sessionConfig(url), log);
  const leadership = new PostgresLeadership(sessionConfig(url), log);
  const byName = new Map(statements.map((statement) => [statement.name, statement]));
  let closing: Promise<void> | undefined;
  // A pool that is being closed would let it wait for a connection in vain.
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw new StoreUnavailable('the store is closed');
    return work();
  };
  const kysely = kyselyOver('postgres', (query) => ask(() => runOne(pool, query)));
  const store: Store = {
    dialect: 'postgres',
    commitsMax: 2,
    commit: (batch) => ask(() => inTransaction(pool, (client) => writeBatch(client, byName, batch))),
    read: kysely,
    write: kysely,
    transact: (queries) => ask(() => inTransaction(pool, (client) => runAll(client, queries))),
    probe: () => ask(() => probe(pool)),
    peers,
    signals,
    leadership,
    close: () =>
      (closing ??= Promise.allSettled([peers.close(), signals.close(), leadership.close()]).then(() =>
        pool.end(),
      )),
  };
  await connectOnce(pool);
  return store;
}

const sessionConfig = (url: string): pg.ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECT_MS,
  statement_timeout: STATEMENT_MS,
  application_name: 'tocsin',
  keepAlive: true,
});

function createPool(url: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...sessionConfig(url),
    max: CONNECTIONS_MAX,
    query_timeout: ANSWER_MS,
    // A commit is three or four statements: sent together they cost one way to the server instead of one each.
    pipeline: true,
    types: {
      // Milliseconds and counts fit a JavaScript number for the next 285,000 years.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
    },
  });
  // An idle connection that breaks is replaced at the next query; unheard, the event would end the process.
  pool.on('error', (error) => log.warn({ reason: errorText(error) }, 'an idle database connection broke'));
  return pool;
}

async function connectOnce(pool: pg.Pool): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw new StoreUnavailable(`cannot reach PostgreSQL (DATABASE_URL): ${errorText(error)}`, {
      cause: error,
    });
  }
}

async function runOne(pool: pg.Pool, query: CompiledQuery): Promise<QueryResult> {
  try {
    return toResult(await pool.query<Record<string, unknown>>(query.sql, values(query)));
  } catch (error) {
    throw storeError(error);
  }
}

async function runAll(client: pg.PoolClient, queries: readonly CompiledQuery[]): Promise<QueryResult[]> {
  const results: QueryResult[] = [];
  for (const query of queries) {
    const config = { text: query.sql, values: values(query), query_timeout: PATIENT_MS };
    results.push(toResult(await client.query<Record<string, unknown>>(config)));
  }
  return results;
}

async function probe(pool: pg.Pool): Promise<void> {
  await pool.query('UPDATE store_probe SET at = $1', [Date.now()]).catch((error: unknown) => {
    throw new StoreUnavailable(errorText(error), { cause: error });
  });
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (!isRepeatable(error) || repeats >= REPEATS_MAX) throw storeError(error);
    }
  }
}

async function once<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  // The query under way fails as well, and tells; unheard, the event would end the process.
  const lost = (): void => void (broken = true);
  client.on('error', lost);
  try {
    // Not awaited by itself: the connection is pipelined, and the first of the work goes out with it.
    const [, result] = await Promise.all([client.query('BEGIN'), work(client)]);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given back to the pool: it would poison the next commit.
    await client.query('ROLLBACK').catch(lost);
    throw error;
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}

const toResult = (result: pg.QueryResult<Record<string, unknown>>): QueryResult => ({
  rows: result.rows,
  changes: result.rowCount ?? 0,
});

const values = (query: CompiledQuery): unknown[] =>
  query.parameters.map((value) => (typeof value === 'string' ? storable(value) : value));
