import { Client } from 'pg';

/** Where a PostgreSQL is whose user may create databases. */
const ADMIN_URL = process.env['BENCH_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Undefined when it can be used; else the reason, for the results. */
export async function whyNoPostgres(): Promise<string | undefined> {
  try {
    await withAdmin((client) => client.query('SELECT 1'));
    return undefined;
  } catch {
    // Not there, or it does not let us in: the benchmark goes on without it and says so.
    return 'no PostgreSQL lets us in (BENCH_DATABASE_URL: a user that may create databases)';
  }
}

export interface BenchDatabase {
  readonly url: string;
  /** Drops it. */
  close(): Promise<void>;
}

/** A fresh database of the benchmark's own; one at a time. */
export async function createDatabase(): Promise<BenchDatabase> {
  const name = `tocsin_bench_${process.pid}`;
  const drop = `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
  await withAdmin(async (client) => {
    await client.query(drop);
    await client.query(`CREATE DATABASE ${name}`);
  });
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => withAdmin(async (client) => void (await client.query(drop))) };
}

export async function postgresVersion(): Promise<string> {
  const { rows } = await withAdmin((client) =>
    client.query<{ server_version: string }>('SHOW server_version'),
  );
  return rows[0]?.server_version ?? 'unknown';
}

async function withAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: ADMIN_URL, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
