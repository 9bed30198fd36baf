import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kernel/secret.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import { type Answer, at, listAt, textAt } from '../support/ask.ts';
import { TOKEN } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const READER = secret('a-token-that-may-only-read');

describe('what operators say of an event', () => {
  let there: Visit;
  let id: string;
  beforeAll(async () => {
    there = await visit();
    const database = new Database(`${there.service.directory}/data/tocsin.db`, [], { readOnly: false });
    database.query('INSERT INTO tokens (id, name, hash, scope, created_at) VALUES (?, ?, ?, ?, ?)', [
      'tok_reader',
      'reader',
      sha256Hex(READER),
      'read',
      Date.now(),
    ]);
    database.close();
    await there.webhook('[{"id": "one"}, {"id": "two"}, {"id": "three"}]');
    id = textAt((await there.operator('GET', '/api/v1/events')).json, 'items', 2, 'id');
  });
  afterAll(endOfVisits);

  const event = async (): Promise<unknown> => (await there.operator('GET', `/api/v1/events/${id}`)).json;
  const audit = async (): Promise<readonly unknown[]> =>
    listAt((await there.operator('GET', '/api/v1/audit')).json, 'items');

  it('is shown with it: who, when and why', async () => {
    expect(await event()).toMatchObject({ acknowledged: false, acknowledgement: null, notes: [] });
    const made = await there.operator('POST', `/api/v1/events/${id}/acknowledge`, {
      reason: 'a known scanner',
    });
    expect(made).toMatchObject({
      status: 200,
      json: { reason: 'a known scanner', by: { name: 'TOCSIN_TOKEN' } },
    });
    await there.operator('POST', `/api/v1/events/${id}/notes`, { text: 'asked ops\nthey know' });
    expect(await event()).toMatchObject({
      acknowledged: true,
      acknowledgement: made.json,
      notes: [{ text: 'asked ops\nthey know', by: { name: 'TOCSIN_TOKEN' } }],
    });
    expect((await audit()).map((entry) => at(entry, 'action'))).toEqual(['event.note', 'event.acknowledge']);
  });

  it('an acknowledgement needs no reason and no body, and can be taken back', async () => {
    expect((await there.operator('DELETE', `/api/v1/events/${id}/acknowledge`)).status).toBe(204);
    expect(await event()).toMatchObject({ acknowledged: false, acknowledgement: null });
    expect(await there.operator('POST', `/api/v1/events/${id}/acknowledge`)).toMatchObject({
      status: 200,
      json: { reason: null },
    });
  });

  it('is not said by who may only read, and not by another site with a cookie', async () => {
    const paths = ['acknowledge', 'notes'].map((name) => `/api/v1/events/${id}/${name}`);
    for (const path of [...paths, '/api/v1/acknowledge']) {
      const asked = { method: 'POST', path, body: '{"text": "x", "source": "sqreen"}' };
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${READER}` };
      expect((await there.ask({ ...asked, headers })).status, path).toBe(403);
    }
    const session = await there.operator('POST', '/api/v1/session');
    const cookie = session.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
    const from = { cookie, 'sec-fetch-site': 'cross-site' };
    const forged: Answer = await there.ask({ method: 'DELETE', path: paths[0] ?? '', headers: from });
    expect(forged.status).toBe(403);
  });

  it.each<readonly [string, string, unknown]>([
    ['a note without text', 'notes', {}],
    ['an empty note', 'notes', { text: '' }],
    ['a note of blanks', 'notes', { text: ' \u0000\n' }],
    ['a note of more than 4,000 characters', 'notes', { text: 'x'.repeat(4_001) }],
    ['a reason of more than 500', 'acknowledge', { reason: 'x'.repeat(501) }],
    ['a member that is not known', 'acknowledge', { resaon: 'x' }],
  ])('%s is refused', async (_name, name, body) => {
    expect((await there.operator('POST', `/api/v1/events/${id}/${name}`, body)).status).toBe(400);
  });

  it('of many events is said by filter, never of all by mistake', async () => {
    expect((await there.operator('POST', '/api/v1/acknowledge', { reason: 'x' })).status).toBe(400);
    const filter = { source: 'sqreen', reason: 'noise' };
    expect((await there.operator('POST', '/api/v1/acknowledge', { ...filter, dryRun: true })).json).toEqual({
      matched: 2,
      acknowledged: 0,
      more: false,
    });
    expect((await there.operator('POST', '/api/v1/acknowledge', { ...filter, limit: 1 })).json).toEqual({
      matched: 1,
      acknowledged: 1,
      more: true,
    });
    const open = await there.operator('GET', '/api/v1/events?acknowledged=false');
    expect(listAt(open.json, 'items')).toHaveLength(1);
    const taken = await there.operator('GET', '/api/v1/events?acknowledged=true&limit=1');
    expect(at(taken.json, 'items', 0, 'acknowledged')).toBe(true);
    expect(at(taken.json, 'nextCursor')).toBe(textAt(taken.json, 'items', 0, 'id'));
  });

  it('does not hold the token', async () => {
    expect(JSON.stringify([await event(), await audit()])).not.toContain(TOKEN);
  });
});
