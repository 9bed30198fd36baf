import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/storage/sqlite/database.ts';
import { listAt, textAt } from '../support/ask.ts';
import { runCommand } from '../support/command.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase } from '../support/postgres.ts';
import { dispose, newDirectory, type Service, startService } from '../support/service.ts';

const STORES = new URL('../../../tests/fixtures/stores/', import.meta.url);
/** Whose hash is in every store of the fixtures. */
const STORED_TOKEN = 'tocsin_a-token-of-schema-1';
/** Of a rule that is stored sealed, so that it opens only under the key of then. */
const STORED_RULE = 'kept';

const config = JSON.stringify({
  // The fixtures grow old.
  events: { retention: '36500d' },
  default: ['log', 'away'],
  targets: [{ id: 'away', kind: 'http', url: 'https://away.example/', secrets: ['${SINK_SECRET}'] }],
});
const env = { SINK_SECRET: `whsec_${Buffer.from('a key of the tests, and no secret').toString('base64')}` };

const dumps = (dialect: 'sqlite' | 'postgres') =>
  readdirSync(STORES)
    .filter((name) => name.endsWith(`.${dialect}.sql`))
    .map((name) => [name, readFileSync(new URL(name, STORES), 'utf8')] as const);

type Query = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** What a store holds, read past any version of ours. */
interface Held {
  /** By id the payload. */
  readonly events: ReadonlyMap<string, string>;
  readonly deliveries: readonly string[];
}

async function heldIn(query: Query): Promise<Held> {
  const events = await query('SELECT id, payload FROM events');
  const deliveries = await query('SELECT id FROM deliveries');
  return {
    events: new Map(events.map(({ id, payload }) => [String(id), String(payload)])),
    deliveries: deliveries.map(({ id }) => String(id)).sort(),
  };
}

async function holdsAll(service: Service, held: Held): Promise<void> {
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${service.url}${path}`, {
      headers: { authorization: `Bearer ${STORED_TOKEN}` },
    });
    expect(answer.status, path).toBe(200);
    return answer.json();
  };
  const events = [...held.events.keys()].sort();
  expect(events.length).toBeGreaterThan(0);
  const list = listAt(await ask('/api/v1/events?limit=200'), 'items').map((item) => textAt(item, 'id'));
  expect(list.toSorted()).toEqual(events);
  const deliveries: string[] = [];
  for (const id of events) {
    const event = await ask(`/api/v1/events/${id}`);
    expect(textAt(event, 'payload')).toBe(held.events.get(id));
    for (const delivery of listAt(event, 'deliveries')) deliveries.push(textAt(delivery, 'id'));
  }
  expect(deliveries.sort()).toEqual(held.deliveries);
  await service.webhook('[{"message_id":"after the upgrade"}]');
  const newest = textAt(await ask('/api/v1/events?limit=1'), 'items', 0, 'id');
  expect(events).not.toContain(newest);
  expect(JSON.stringify(await ask(`/api/v1/events/${newest}`))).toContain(`"${STORED_RULE}"`);
}

describe('a store that an earlier version made, over SQLite', () => {
  afterAll(dispose);

  it.each(dumps('sqlite'))(
    '%s is brought up to date at the start, and all of it is there',
    async (_, sql) => {
      const directory = newDirectory();
      mkdirSync(join(directory, 'data'));
      const database = new Database(join(directory, 'data', 'tocsin.db'), [], { readOnly: false });
      database.exec(sql);
      const held = await heldIn(async (query) => database.query(query).rows);
      database.close();
      expect((await runCommand(directory, ['backup', 'before.db'])).code).toBe(0);
      await holdsAll(await startService({ directory, config, env }), held);
      // The way back: the backup, with the version of then; and forward again.
      const elsewhere = newDirectory();
      expect((await runCommand(elsewhere, ['restore', join(directory, 'before.db')])).code).toBe(0);
      await holdsAll(await startService({ directory: elsewhere, config, env }), held);
    },
  );
});

await describeWith('postgres', 'a store that an earlier version made, over PostgreSQL', () => {
  afterAll(dispose);

  it.each(dumps('postgres'))(
    '%s is brought up to date at the start, and all of it is there',
    async (_, sql) => {
      const database = await createDatabase();
      try {
        const client = new pg.Client({ connectionString: database.url });
        await client.connect();
        await client.query(sql);
        const held = await heldIn(async (query) => (await client.query<Record<string, unknown>>(query)).rows);
        await client.end();
        const service = await startService({ config, env: { ...env, DATABASE_URL: database.url } });
        await holdsAll(service, held);
        await service.kill();
      } finally {
        await database.drop();
      }
    },
  );
});
