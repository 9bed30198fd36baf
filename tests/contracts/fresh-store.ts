import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { silentLogger } from '../../src/kernel/log.ts';
import { openPostgres } from '../../src/storage/postgres/open.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import type { Statement } from '../../src/storage/statement.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase } from '../support/postgres.ts';

/** A database that nobody has touched, with a store over it. */
export interface FreshStore {
  readonly store: Store;
  dispose(): Promise<void>;
}

/** Runs the same tests over both stores, with a way to new databases without a schema. */
export async function onFreshStores(
  name: string,
  suite: (fresh: (statements?: readonly Statement[]) => Promise<FreshStore>) => void,
): Promise<void> {
  describe(`${name}, over SQLite`, () => suite(freshSqlite));
  await describeWith('postgres', `${name}, over PostgreSQL`, () => suite(freshPostgres));
}

async function freshSqlite(statements: readonly Statement[] = []): Promise<FreshStore> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-contract-'));
  const store = await openSqlite(directory, statements);
  return {
    store,
    async dispose() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freshPostgres(statements: readonly Statement[] = []): Promise<FreshStore> {
  const database = await createDatabase();
  const store = await openPostgres(database.url, statements, silentLogger);
  return {
    store,
    async dispose() {
      await store.close();
      await database.drop();
    },
  };
}
