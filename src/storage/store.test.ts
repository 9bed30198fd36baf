import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { outageOf } from '../../tests/contracts/outage.ts';
import { storeContract, type Subject } from '../../tests/contracts/store.ts';
import { thingStatements } from '../../tests/contracts/things.ts';
import { describeWith } from '../../tests/support/needs.ts';
import { createDatabase } from '../../tests/support/postgres.ts';
import { silentLogger } from '../kernel/log.ts';
import { openPostgres } from './postgres/open.ts';
import { openSqlite } from './sqlite/open.ts';

const statements = Object.values(thingStatements);

storeContract('SQLite', openSqliteSubject);
await describeWith('postgres', 'a server', () => storeContract('PostgreSQL', openPostgresSubject));

async function openSqliteSubject(): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-contract-'));
  const store = await openSqlite(directory, statements);
  const setReadOnly = async (value: 'ON' | 'OFF'): Promise<void> => {
    await store.write.executeQuery(CompiledQuery.raw(`PRAGMA query_only = ${value}`));
  };
  return {
    store,
    breakIt: () => setReadOnly('ON'),
    mendIt: () => setReadOnly('OFF'),
    dispose: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function openPostgresSubject(): Promise<Subject> {
  const database = await createDatabase();
  const outage = outageOf(database.url);
  return {
    store: await openPostgres(database.url, statements, silentLogger),
    breakIt: () => outage.begin(),
    mendIt: () => outage.end(),
    dispose: () => database.drop(),
  };
}
