import { CompiledQuery } from 'kysely';
import { sha256Hex } from '../kernel/secret.ts';
import { type Store, StoreRefused } from './store.ts';

/** One step forward of the schema; there are none back. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sqlite: readonly string[];
  readonly postgres: readonly string[];
}

/** The database's schema is not one that this version can work with. */
export class SchemaMismatch extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'SchemaMismatch';
  }
}

interface Applied {
  readonly number: number;
  readonly checksum: string;
}

const raw = (sql: string, values: readonly unknown[] = []): CompiledQuery =>
  CompiledQuery.raw(sql, [...values]);

/** A large table's step takes its time, and so does waiting for the replica that runs it. */
const PATIENCE = 'SET LOCAL statement_timeout = 0';
/** Any constant: replicas that start together make the table one after the other. */
const LOCK = 'SELECT pg_advisory_xact_lock(727464)';

/**
 * Brings the schema up to date and returns the names of what it ran. Each migration and the row that records
 * it are one transaction, so that a kill at any moment leaves a schema that the next start continues from.
 * Throws SchemaMismatch on a database of a newer version, or one whose past was changed.
 */
export async function migrate(store: Store, migrations: readonly Migration[]): Promise<string[]> {
  await store.transact([
    ...(store.dialect === 'postgres' ? [raw(PATIENCE), raw(LOCK)] : []),
    raw(`CREATE TABLE IF NOT EXISTS schema_migrations (
      number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`),
  ]);
  const ran: string[] = [];
  for (const migration of migrations) {
    if (await apply(store, migrations, migration)) ran.push(migration.name);
  }
  return ran;
}

/** Whether this call ran it: it may have run before, or a replica that started with us ran it first. */
async function apply(store: Store, migrations: readonly Migration[], migration: Migration): Promise<boolean> {
  if (await isApplied(store, migrations, migration)) return false;
  const mark = store.dialect === 'postgres' ? '$1, $2, $3, $4' : '?, ?, ?, ?';
  try {
    await store.transact([
      ...(store.dialect === 'postgres' ? [raw(PATIENCE)] : []),
      // The record first: of two replicas the second waits here, and then finds it taken.
      raw(`INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (${mark})`, [
        migration.number,
        migration.name,
        migrationChecksum(migration, store.dialect),
        Date.now(),
      ]),
      ...migration[store.dialect].map((sql) => raw(sql)),
    ]);
    return true;
  } catch (error) {
    if (error instanceof StoreRefused && (await isApplied(store, migrations, migration))) return false;
    throw error;
  }
}

async function isApplied(
  store: Store,
  migrations: readonly Migration[],
  migration: Migration,
): Promise<boolean> {
  const { rows } = await store.write.executeQuery<Applied>(
    raw('SELECT number, checksum FROM schema_migrations ORDER BY number'),
  );
  const newest = rows.at(-1)?.number ?? 0;
  const known = migrations.at(-1)?.number ?? 0;
  if (newest > known) {
    throw new SchemaMismatch(
      `the database has schema ${newest}, this version knows up to ${known}: run the newer Tocsin that made it, or restore a backup`,
    );
  }
  const row = rows.find(({ number }) => number === migration.number);
  if (row !== undefined && row.checksum !== migrationChecksum(migration, store.dialect)) {
    throw new SchemaMismatch(
      `migration ${migration.number} (${migration.name}) is not the one this database ran`,
    );
  }
  return row !== undefined;
}

/** What a database keeps of a migration, to know it again. */
export const migrationChecksum = (migration: Migration, dialect: Store['dialect']): string =>
  sha256Hex(migration[dialect].join(';\n')).slice(0, 16);
