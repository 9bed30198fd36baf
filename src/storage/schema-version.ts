import { type Migration, migrationChecksum, SchemaMismatch } from './migrate.ts';
import type { Store } from './store.ts';

/** How a row of `schema_migrations` is asked for; the same in both stores. */
export const APPLIED_QUERY = 'SELECT number, checksum FROM schema_migrations ORDER BY number';

/**
 * The migrations that a database ran, by its `schema_migrations`. Throws SchemaMismatch when they are not the first
 * ones of `known`, in order: a newer version's database, or one whose past was changed.
 */
export function appliedMigrations(
  rows: readonly Readonly<Record<string, unknown>>[],
  known: readonly Migration[],
  dialect: Store['dialect'],
): readonly Migration[] {
  const newest = Number(rows.at(-1)?.['number'] ?? 0);
  if (newest > (known.at(-1)?.number ?? 0)) {
    throw new SchemaMismatch(
      `it has schema ${newest}, this version knows up to ${known.at(-1)?.number ?? 0}: use the newer Tocsin that made it`,
    );
  }
  return rows.map((row, index) => {
    const migration = known[index];
    if (migration === undefined || migration.number !== Number(row['number'])) {
      throw new SchemaMismatch('its migrations are not those of any version of Tocsin');
    }
    if (row['checksum'] !== migrationChecksum(migration, dialect)) {
      throw new SchemaMismatch(
        `migration ${migration.number} (${migration.name}) is not the one this database ran`,
      );
    }
    return migration;
  });
}
