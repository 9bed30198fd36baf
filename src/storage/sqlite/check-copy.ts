import { errorText } from '../../kernel/log.ts';
import { type Migration, SchemaMismatch } from '../migrate.ts';
import { APPLIED_QUERY, appliedMigrations } from '../schema-version.ts';
import { Database } from './database.ts';
import { foreignParts } from './schema.ts';

/** What a database file is found to be. */
export type CheckedCopy =
  | { readonly kind: 'ok'; /** The number of its newest migration. */ readonly schema: number }
  | { readonly kind: 'faulty'; readonly fault: string };

/** Nothing that a file says of itself is run, and nothing is taken for granted of how it is laid out. */
const WARY = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;';
const NAMED_MAX = 5;

/** Reads a whole database file: whether it is sound, and a store of a version that this one knows. */
export function checkCopy(path: string, migrations: readonly Migration[]): CheckedCopy {
  let database: Database | undefined;
  try {
    database = new Database(path, [], { readOnly: true });
    database.exec(WARY);
    return judge(database, migrations);
  } catch (error) {
    if (error instanceof SchemaMismatch) return { kind: 'faulty', fault: error.message };
    // SQLite's own words: "file is not a database", "database disk image is malformed".
    return { kind: 'faulty', fault: `it is no sound database (${errorText(error)})` };
  } finally {
    database?.close();
  }
}

function judge(database: Database, migrations: readonly Migration[]): CheckedCopy {
  const [first, ...more] = database.query('PRAGMA integrity_check(3)').rows;
  const verdict = String(first?.['integrity_check']);
  if (verdict !== 'ok' || more.length > 0) {
    return { kind: 'faulty', fault: `it is damaged: ${verdict.slice(0, 200)}` };
  }
  const recorded = database.query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'");
  if (recorded.rows.length === 0) return { kind: 'faulty', fault: 'it is no store of Tocsin' };
  const applied = appliedMigrations(database.query(APPLIED_QUERY).rows, migrations, 'sqlite');
  const foreign = foreignParts(database, applied);
  if (foreign.length > 0) {
    const named = foreign.slice(0, NAMED_MAX).join(', ');
    return { kind: 'faulty', fault: `its tables are not those of schema ${applied.length}: ${named}` };
  }
  return { kind: 'ok', schema: applied.at(-1)?.number ?? 0 };
}
