import { createReadStream, readFileSync } from 'node:fs';
import { masterKeys } from '../app/master-key.ts';
import type { Config } from '../app/settings.ts';
import { StartRefused } from '../app/start-refused.ts';
import { resealing, transferRules } from '../app/transfer.ts';
import { migrations } from '../storage/migrations/index.ts';
import type { OnRows } from '../storage/transfer/export-store.ts';
import type { ImportOptions } from '../storage/transfer/import-store.ts';
import { openExport } from '../storage/transfer/read-export.ts';
import { unpack } from '../storage/transfer/unpack.ts';
import { failed, type Result, succeeded } from './result.ts';
import { storeFault } from './store-fault.ts';
import type { StorePlace } from './store-place.ts';

export interface Imported {
  readonly rows: number;
  /** The schema of the file; the store has the newest. */
  readonly schema: number;
}

export interface ImportTask {
  readonly place: StorePlace;
  readonly config: Pick<Config, 'masterKey' | 'masterKeyPrevious' | 'data'>;
  /** A path, or the bytes themselves. */
  readonly from: string | AsyncIterable<Uint8Array>;
  /** The file with the master key that the export's objects are sealed under, if it is another. */
  readonly sourceKeyFile: string | undefined;
  readonly anySize: boolean;
  readonly onRows: OnRows;
}

/** Fills an empty store from an export. */
export async function importFromFile(task: ImportTask): Promise<Result<Imported>> {
  try {
    const otherKey = task.sourceKeyFile === undefined ? undefined : readKey(task.sourceKeyFile);
    const { config, place, onRows } = task;
    const bytes = typeof task.from === 'string' ? createReadStream(task.from) : task.from;
    const source = await openExport(unpack(bytes, { anySize: task.anySize }));
    const adapt = resealing(() => masterKeys(config, config.data.directory), otherKey);
    const options: ImportOptions = { migrations, rules: transferRules, adapt, onRows };
    try {
      return succeeded({ rows: await importInto(place, source, options), schema: source.header.schema });
    } finally {
      await source.close();
    }
  } catch (error) {
    return failed(storeFault(error));
  }
}

async function importInto(
  place: StorePlace,
  source: Awaited<ReturnType<typeof openExport>>,
  options: ImportOptions,
): Promise<number> {
  if (place.dialect === 'sqlite') {
    const { importIntoSqlite } = await import('../storage/transfer/import-into-sqlite.ts');
    return importIntoSqlite(place.directory, source, options);
  }
  const { importIntoPostgres } = await import('../storage/transfer/import-into-postgres.ts');
  return importIntoPostgres(place.url.reveal(), source, options);
}

function readKey(path: string): string {
  const key = readFileSync(path, 'utf8').trim();
  if (key.length < 16) throw new StartRefused(`${path} holds no master key`);
  return key;
}
