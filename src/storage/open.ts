import type { Logger } from '../kernel/log.ts';
import type { Secret } from '../kernel/secret.ts';
import { openSqlite } from './sqlite/open.ts';
import type { Statement } from './statement.ts';
import type { Store } from './store.ts';

export interface StoreSettings {
  /** `postgres://…`; undefined: SQLite in the data directory. */
  readonly databaseUrl: Secret | undefined;
  readonly dataDirectory: string;
}

/** Opens the store that the settings name; its schema is brought up to date by `migrate`. */
export async function openStore(
  settings: StoreSettings,
  statements: readonly Statement[],
  log: Logger,
): Promise<Store> {
  if (settings.databaseUrl === undefined) return openSqlite(settings.dataDirectory, statements, log);
  // Loaded only where it is used: a start on SQLite is a tenth of a second sooner ready.
  const { openPostgres } = await import('./postgres/open.ts');
  return openPostgres(settings.databaseUrl.reveal(), statements, log);
}
