import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { statements } from '../../src/app/services.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { migrations } from '../../src/storage/migrations/index.ts';
import { openPostgres } from '../../src/storage/postgres/open.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

/** The tables that tests fill. */
const TABLES = [
  'events',
  'event_keys',
  'matters',
  'acknowledgements',
  'notes',
  'search',
  'search_progress',
  'deliveries',
  'attempts',
  'audit',
  'tokens',
  'config_objects',
  'target_states',
  'target_minutes',
  'short_lived_values',
  'rule_counts',
  'messages',
  'incidents',
  'incident_identities',
  'incident_feeds',
  'incident_filled',
  'incident_conditions',
  'aws_findings',
  'aws_scans',
  'aws_filled',
] as const;

/** A store with the service's schema and statements, empty before every test. */
export interface Stage {
  readonly dialect: Store['dialect'];
  /** To be asked for inside a test. */
  readonly store: Store;
  /** Another process's store on the same data: PostgreSQL only. */
  openAnother(): Promise<Store>;
  /** Everything as it is kept, for a search for what must not be in it. */
  atRest(): Promise<string>;
}

/** Runs the same tests over SQLite and, where there is one, PostgreSQL. */
export async function onEachStore(name: string, suite: (stage: Stage) => void): Promise<void> {
  describe(`${name}, over SQLite`, () => suite(sqliteStage()));
  await describeWith('postgres', `${name}, over PostgreSQL`, () => suite(postgresStage()));
}

/** Runs tests that need two processes on one database. */
export async function onPostgres(name: string, suite: (stage: Stage) => void): Promise<void> {
  await describeWith('postgres', name, () => suite(postgresStage()));
}

function sqliteStage(): Stage {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-contract-'));
  const store = setUp(
    () => openSqlite(directory, statements),
    () => rmSync(directory, { recursive: true, force: true }),
  );
  return {
    dialect: 'sqlite',
    get store() {
      return store();
    },
    openAnother: () => Promise.reject(new TypeError('SQLite is one process')),
    async atRest() {
      return readdirSync(directory)
        .map((file) => readFileSync(join(directory, file), 'latin1'))
        .join('');
    },
  };
}

function postgresStage(): Stage {
  let database: TestDatabase | undefined;
  const others: Store[] = [];
  const store = setUp(
    async () => {
      database = await createDatabase();
      return openPostgres(database.url, statements, silentLogger);
    },
    async () => {
      for (const other of others) await other.close();
      await database?.drop();
    },
  );
  return {
    dialect: 'postgres',
    get store() {
      return store();
    },
    async openAnother() {
      const other = await openPostgres(database?.url ?? '', statements, silentLogger);
      others.push(other);
      return other;
    },
    async atRest() {
      const texts = TABLES.map(async (table) => {
        const { rows } = await store().read.executeQuery(CompiledQuery.raw(`SELECT t::text FROM ${table} t`));
        return JSON.stringify(rows);
      });
      return (await Promise.all(texts)).join('');
    },
  };
}

/** Opens the store before the suite's tests, empties it before each, and closes it at their end. */
function setUp(open: () => Promise<Store>, remove: () => void | Promise<void>): () => Store {
  let store: Store | undefined;
  const current = (): Store => {
    if (store === undefined) throw new TypeError('the store is open inside tests only');
    return store;
  };
  beforeAll(async () => {
    store = await open();
    await migrate(store, migrations);
  });
  beforeEach(async () => {
    await current().transact(TABLES.map((table) => CompiledQuery.raw(`DELETE FROM ${table}`)));
  });
  afterAll(async () => {
    await store?.close();
    await remove();
  });
  return current;
}
