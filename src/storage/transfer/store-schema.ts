import type { Migration } from '../migrate.ts';
import { APPLIED_QUERY, appliedMigrations } from '../schema-version.ts';
import { ImportRefused } from './format.ts';
import { holdsRows } from './import-rows.ts';
import type { TransferSession } from './session.ts';
import { transferTables, type TransferRules } from './table.ts';

const RECORDED = {
  sqlite: "SELECT count(*) AS n FROM sqlite_schema WHERE name = 'schema_migrations'",
  postgres: "SELECT count(to_regclass('schema_migrations')) AS n",
} as const;

/** The migrations that a store ran; none where nothing was migrated yet. Rejects with SchemaMismatch. */
export async function storeSchema(
  session: TransferSession,
  known: readonly Migration[],
): Promise<readonly Migration[]> {
  const [row] = await session.query(RECORDED[session.dialect]);
  if (Number(row?.['n']) === 0) return [];
  return appliedMigrations(await session.query(APPLIED_QUERY), known, session.dialect);
}

/** Ends the session. Rejects with ImportRefused when the store has rows of its own. */
export async function requireEmpty(
  session: TransferSession,
  known: readonly Migration[],
  rules: TransferRules,
): Promise<readonly Migration[]> {
  try {
    const applied = await storeSchema(session, known);
    if (await holdsRows(session, transferTables(applied, rules))) throw notEmpty();
    return applied;
  } finally {
    await session.close();
  }
}

export const notEmpty = (): ImportRefused =>
  new ImportRefused(
    'the store is not empty, and an import replaces nothing: give it a new data directory or a new database',
  );

/** The migrations that made the store of an export. Throws ImportRefused when this version does not know them. */
export function migrationsOf(schema: number, known: readonly Migration[]): readonly Migration[] {
  const ran = known.filter(({ number }) => number <= schema);
  if (ran.at(-1)?.number === schema) return ran;
  throw new ImportRefused(
    `the file has schema ${schema}, this version knows up to ${known.at(-1)?.number ?? 0}: use the newer Tocsin that made it`,
  );
}
