import type { Migration } from '../migrate.ts';
import { Database } from './database.ts';

/** What `migrate` keeps its record in. */
const RECORD_TABLE = 'schema_migrations';

export interface SchemaColumn {
  readonly name: string;
  /** As declared: `TEXT`, `INTEGER`. */
  readonly type: string;
  /** Its place in the primary key, from 1; 0 when it is in none. */
  readonly keyPlace: number;
}

export interface SchemaTable {
  readonly name: string;
  readonly columns: readonly SchemaColumn[];
  /** Rows that the migrations themselves put there. */
  readonly seeds: number;
}

/** The tables that migrations make, as SQLite itself tells it: without virtual tables and what belongs to those. */
export function schemaTables(migrations: readonly Migration[]): readonly SchemaTable[] {
  const database = inMemory(migrations);
  try {
    const { rows } = database.query('PRAGMA main.table_list');
    return rows
      .filter((row) => row['type'] === 'table' && !String(row['name']).startsWith('sqlite_'))
      .map((row) => tableOf(database, String(row['name'])))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    database.close();
  }
}

/**
 * What a file holds beyond what these migrations make, and what it lacks: tables and indexes by name, triggers and
 * views to the letter, because those run by themselves. Empty when it is theirs.
 */
export function foreignParts(database: Database, migrations: readonly Migration[]): readonly string[] {
  const own = inMemory(migrations);
  try {
    const expected = new Set([...partsOf(own), `table ${RECORD_TABLE}`]);
    const found = new Set(partsOf(database));
    const lacking = [...expected].filter((part) => !found.has(part));
    const strange = [...found].filter((part) => !expected.has(part));
    return [...lacking, ...strange].map((part) => part.split('\n')[0] ?? part);
  } finally {
    own.close();
  }
}

function inMemory(migrations: readonly Migration[]): Database {
  const database = new Database(':memory:', [], { readOnly: false });
  for (const { sqlite } of migrations) for (const sql of sqlite) database.exec(sql);
  return database;
}

function tableOf(database: Database, name: string): SchemaTable {
  const { rows } = database.query(`PRAGMA main.table_xinfo("${name}")`);
  const [seeds] = database.query(`SELECT count(*) AS n FROM "${name}"`).rows;
  return {
    name,
    columns: rows
      .filter((row) => Number(row['hidden']) === 0)
      .map((row) => ({
        name: String(row['name']),
        type: String(row['type']),
        keyPlace: Number(row['pk']),
      })),
    seeds: Number(seeds?.['n']),
  };
}

function partsOf(database: Database): string[] {
  const { rows } = database.query('SELECT type, name, sql FROM main.sqlite_schema');
  return rows
    .filter(({ name }) => !String(name).startsWith('sqlite_'))
    .map(({ type, name, sql }) => {
      const runsByItself = type === 'trigger' || type === 'view';
      return `${String(type)} ${String(name)}${runsByItself ? `\n${String(sql)}` : ''}`;
    });
}
