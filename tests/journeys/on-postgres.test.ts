import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { describeWith, postgresUrl } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { invalidBodies, validBodies } from './bodies.ts';
import { hostileValues } from './hostile-input.ts';

await describeWith('postgres', 'on PostgreSQL', () => {
  let database: TestDatabase;
  let there: Visit;
  beforeAll(async () => {
    database = await createDatabase();
    there = await visit({ env: { DATABASE_URL: database.url } });
  });
  afterAll(async () => {
    await endOfVisits();
    await database.drop();
  });

  /** As the server's administrator, on a connection of its own. */
  async function administer(...statements: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: postgresUrl });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  }

  it('every body that is taken is kept byte for byte, whatever characters it has', async () => {
    for (const [name, body] of Object.entries(validBodies)) {
      expect((await there.webhook(body)).status, name).toBe(200);
      const list = await there.operator('GET', '/api/v1/events?limit=1');
      const one = await there.operator('GET', `/api/v1/events/${textAt(list.json, 'items', 0, 'id')}`);
      expect(body, name).toContain(textAt(one.json, 'payload'));
    }
  });

  it('every body that is refused leaves nothing', async () => {
    const before = (await there.operator('GET', '/api/v1/events?limit=200')).text;
    for (const [name, body] of Object.entries(invalidBodies)) {
      expect((await there.webhook(body)).status, name).toBe(422);
    }
    expect((await there.operator('GET', '/api/v1/events?limit=200')).text).toBe(before);
  });

  it('no value of a declared query is too much', async () => {
    for (const { method, path, json } of there.description.operations) {
      const names = listAt(json, 'parameters')
        .filter((one) => at(one, 'in') === 'query')
        .map((one) => at(one, 'name'));
      for (const name of names) {
        for (const value of hostileValues) {
          const answer = await there.operator(method, `${path}?${String(name)}=${value}`);
          expect(answer.status, `${path}?${String(name)}=${value}`).toBeLessThan(500);
        }
      }
    }
  });

  it('is missed with 503 and a time to come again, and taken up again when it is back', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await administer(
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await until('the store to be missed', async () => (await there.ask({ path: '/readyz' })).status === 503);
    const refused = await there.webhook('[{"id":"while it is away"}]');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await there.operator('GET', '/api/v1/events')).status).toBe(503);
    expect((await there.ask({ path: '/livez' })).status).toBe(200);
    await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await until('the store to be back', async () => (await there.ask({ path: '/readyz' })).status === 200);
    expect((await there.webhook('[{"id":"while it is away"}]')).status).toBe(200);
    const { json } = await there.operator('GET', '/api/v1/events?limit=1');
    expect(at(json, 'items', 0, 'duplicates')).toBe(0);
  });
});
