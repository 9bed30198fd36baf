import { load, type Surroundings } from '../app/load.ts';
import type { ConfigFault } from '../config/origin.ts';
import { silentLogger } from '../kernel/log.ts';
import { Secret } from '../kernel/secret.ts';
import { migrate, SchemaMismatch } from '../storage/migrate.ts';
import { migrations } from '../storage/migrations/index.ts';
import { openStore } from '../storage/open.ts';
import { type Store, StoreUnavailable } from '../storage/store.ts';

export type Migrated =
  | { readonly kind: 'ok'; readonly dialect: Store['dialect']; readonly ran: readonly string[] }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[] }
  | { readonly kind: 'failed'; readonly fault: string };

const STOP_FIRST = 'Stop the service first; it migrates by itself when it starts.';

/** Opens the store of the config, brings its schema up to date and closes it again. */
export async function migrateStore(surroundings: Surroundings): Promise<Migrated> {
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') return loaded;
  const { data, database } = loaded.config;
  const databaseUrl = database.url === undefined ? undefined : new Secret(database.url);
  try {
    const store = await openStore({ databaseUrl, dataDirectory: data.directory }, [], silentLogger);
    try {
      return { kind: 'ok', dialect: store.dialect, ran: await migrate(store, migrations) };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof SchemaMismatch) return { kind: 'failed', fault: error.message };
    if (!(error instanceof StoreUnavailable)) throw error;
    const hint = databaseUrl === undefined ? `. ${STOP_FIRST}` : '';
    return { kind: 'failed', fault: error.message + hint };
  }
}
