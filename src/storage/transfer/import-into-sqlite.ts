import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, type Migration } from '../migrate.ts';
import { foldLog } from '../sqlite/copy-store.ts';
import { DATABASE_FILE, lockDirectory, prepareDirectory } from '../sqlite/directory.ts';
import { openSqlite } from '../sqlite/open.ts';
import { replaceStore } from '../sqlite/replace-store.ts';
import { importRows } from './import-rows.ts';
import type { ImportOptions } from './import-store.ts';
import type { OpenExport } from './read-export.ts';
import { readSqlite, writeSqlite } from './sqlite-session.ts';
import { migrationsOf, requireEmpty } from './store-schema.ts';
import { transferTables } from './table.ts';

/** Where the store is made, inside the data directory, until all of it is there. */
const BUILDING = 'importing';

/**
 * Makes the store of a data directory out of an export: beside it, and put in its place as a whole. Returns how many
 * rows there are. Rejects with ImportRefused, SchemaMismatch or StoreUnavailable; then all is as before.
 */
export async function importIntoSqlite(
  directory: string,
  source: OpenExport,
  options: ImportOptions,
): Promise<number> {
  const ran = migrationsOf(source.header.schema, options.migrations);
  prepareDirectory(directory);
  const unlock = lockDirectory(directory);
  const building = join(directory, BUILDING);
  try {
    const path = join(directory, DATABASE_FILE);
    if (existsSync(path)) await requireEmpty(await readSqlite(path), options.migrations, options.rules);
    rmSync(building, { recursive: true, force: true });
    await migrateIn(building, ran);
    const made = join(building, DATABASE_FILE);
    const rows = await fill(made, ran, source, options);
    await migrateIn(building, options.migrations);
    foldLog(made);
    replaceStore(path, made, undefined);
    return rows;
  } finally {
    rmSync(building, { recursive: true, force: true });
    unlock();
  }
}

async function migrateIn(directory: string, migrations: readonly Migration[]): Promise<void> {
  const store = await openSqlite(directory, []);
  try {
    await migrate(store, migrations);
  } finally {
    await store.close();
  }
}

async function fill(
  path: string,
  ran: readonly Migration[],
  source: OpenExport,
  { rules, adapt, onRows }: ImportOptions,
): Promise<number> {
  const session = writeSqlite(path);
  try {
    return await importRows(session, source, { tables: transferTables(ran, rules), adapt, onRows });
  } finally {
    await session.close();
  }
}
