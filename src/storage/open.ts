import type { Logger } from '../kernel/log.ts';
import type { Secret } from '../kernel/secret.ts';
import { openPostgres } from './postgres/open.ts';
import { openSqlite } from './sqlite/open.ts';
import type { Statement } from './statement.ts';
import type { Store } from './store.ts';

export interface StoreSettings {
  /** `postgres://…`; undefined: SQLite in the data directory. */
  readonly databaseUrl: Secret | undefined;
  readonly dataDirectory: string;
}

/** Opens the store that the settings name; its schema is brought up to date by `migrate`. */
export function openStore(
  settings: StoreSettings,
  statements: readonly Statement[],
  log: Logger,
): Promise<Store> {
  return settings.databaseUrl === undefined
    ? openSqlite(settings.dataDirectory, statements, log)
    : openPostgres(settings.databaseUrl.reveal(), statements, log);
}
