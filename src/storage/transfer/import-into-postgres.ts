import { silentLogger } from '../../kernel/log.ts';
import { migrate } from '../migrate.ts';
import { openPostgres } from '../postgres/open.ts';
import { ImportRefused } from './format.ts';
import { holdsRows, importRows } from './import-rows.ts';
import type { ImportOptions } from './import-store.ts';
import { readPostgres, writePostgres } from './postgres-session.ts';
import type { OpenExport } from './read-export.ts';
import { migrationsOf, notEmpty, requireEmpty } from './store-schema.ts';
import { transferTables } from './table.ts';

/**
 * Fills an empty database, with or without tables, from an export; all rows in one transaction. Returns how many
 * there are. Rejects with ImportRefused, SchemaMismatch or StoreUnavailable; then there are no rows.
 */
export async function importIntoPostgres(
  url: string,
  source: OpenExport,
  options: ImportOptions,
): Promise<number> {
  const { migrations, rules } = options;
  const ran = migrationsOf(source.header.schema, migrations);
  const applied = await requireEmpty(await readPostgres(url), migrations, rules);
  if (applied.length > ran.length) {
    throw new ImportRefused(
      `the database has schema ${applied.length} already and the file schema ${ran.length}: give it a new database, without tables`,
    );
  }
  const store = await openPostgres(url, [], silentLogger);
  try {
    await migrate(store, ran);
    const rows = await fill(url, source, options);
    await migrate(store, migrations);
    return rows;
  } finally {
    await store.close();
  }
}

async function fill(
  url: string,
  source: OpenExport,
  { migrations, rules, adapt, onRows }: ImportOptions,
): Promise<number> {
  const tables = transferTables(migrationsOf(source.header.schema, migrations), rules);
  const session = await writePostgres(url, tables);
  try {
    // Asked before as well; only now can nobody write in between.
    if (await holdsRows(session, tables)) throw notEmpty();
    return await importRows(session, source, { tables, adapt, onRows });
  } finally {
    await session.close();
  }
}
