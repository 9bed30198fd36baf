import { join } from 'node:path';
import { load, type Surroundings } from '../app/load.ts';
import type { Config } from '../app/settings.ts';
import type { ConfigFault } from '../config/origin.ts';
import { Secret } from '../kernel/secret.ts';
import { DATABASE_FILE } from '../storage/sqlite/directory.ts';

/** Where the store of the config is. */
export type StorePlace =
  | {
      readonly dialect: 'sqlite';
      readonly directory: string;
      /** The database's file. */ readonly path: string;
    }
  | { readonly dialect: 'postgres'; readonly url: Secret };

export type FoundStore =
  | { readonly kind: 'ok'; readonly place: StorePlace; readonly config: Config }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[] };

export function findStore(surroundings: Surroundings): FoundStore {
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') return loaded;
  const { config } = loaded;
  const { directory } = config.data;
  const place: StorePlace =
    config.database.url === undefined
      ? { dialect: 'sqlite', directory, path: join(directory, DATABASE_FILE) }
      : { dialect: 'postgres', url: new Secret(config.database.url) };
  return { kind: 'ok', place, config };
}
