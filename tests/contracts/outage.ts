import pg from 'pg';
import { postgresUrl } from '../support/needs.ts';

/** Takes one database of the server away, connections and all, and gives it back. */
export function outageOf(databaseUrl: string): { begin(): Promise<void>; end(): Promise<void> } {
  const name = new URL(databaseUrl).pathname.slice(1);
  return {
    begin: () =>
      run([
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`,
      ]),
    end: () => run([`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`]),
  };
}

async function run(queries: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    for (const query of queries) await client.query(query);
  } finally {
    await client.end();
  }
}
