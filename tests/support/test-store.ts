import { CompiledQuery } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statements } from '../../src/app/services.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { migrations } from '../../src/storage/migrations/index.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import type { Store } from '../../src/storage/store.ts';

/** SQLite in a directory of its own, up to date; `close` removes it. */
export async function openTestStore(): Promise<Store> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  const store = await openSqlite(directory, statements);
  await migrate(store, migrations);
  return {
    ...store,
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A pool answers on whichever connection is free: what was asked on a slow one may take longer than our own question. */
const ROUNDS = { sqlite: 5, postgres: 10 };

/** Resolves once both threads have answered everything asked so far, and what that led to, a few steps deep. */
export async function storeAtRest(store: Store): Promise<void> {
  for (let round = 0; round < ROUNDS[store.dialect]; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    await store.probe();
    await store.read.executeQuery(CompiledQuery.raw('SELECT 1'));
  }
}
