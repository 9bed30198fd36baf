import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const note = (id: string, title: string, more: object = {}): object => ({
  sqreen_payload_type: 'security_event',
  event_category: 'authentication',
  event_kind: 'auth_tor_tentative',
  id,
  humanized_description: title,
  ...more,
});

/** From the ways out of a quoted text in both databases' languages, to what only hurts by its length. */
const HOSTILE = [
  `"`,
  `"" OR "x`,
  `x" OR words:"y`,
  `NEAR(a b, 2)`,
  `title : x`,
  `-x ^y +z`,
  `'; DROP TABLE events; --`,
  `a' | 'b`,
  `b:*A & !c <-> d`,
  `\\' \\"`,
  `%_%`,
  `***`,
  `(((`,
  `\u0000\ue000\ufffd`,
  `\u202e\u2066`,
  `aa* bb* cc* dd*`,
  `${'a '.repeat(200)}`,
  'x'.repeat(500),
  '日'.repeat(166),
];

function searches(name: string, env: () => Promise<Record<string, string>>): void {
  describe(name, () => {
    let there: Visit;
    beforeAll(async () => {
      there = await visit({ env: await env() });
      const body = [
        note('1', 'Connection to jeff45@harrell.com from TOR (135.96.171.118)'),
        note('2', 'Crème brûlée attack', { environment: 'staging' }),
        note('3', 'Something else entirely', { ips: [{ address: '10.20.30.40' }] }),
      ];
      await there.webhook(JSON.stringify(body));
    });

    const ask = (search: string, more = '') =>
      there.operator('GET', `/api/v1/events?search=${encodeURIComponent(search)}${more}`);
    const titles = async (search: string, more = ''): Promise<unknown[]> =>
      listAt((await ask(search, more)).json, 'items').map((event) => at(event, 'title'));

    const found: readonly (readonly [string, RegExp])[] = [
      ['jeff45@harrell.com', /^Connection/],
      ['tor 135.96.171.118', /^Connection/],
      ['"something else"', /^Something/],
      ['creme', /^Cr/],
      ['brû*', /^Cr/],
      ['10.20.30.40', /^Something/],
      ['staging', /^Cr/],
    ];

    it('finds an event as soon as it is in', async () => {
      for (const [search, title] of found) {
        expect(await titles(search), search).toEqual([expect.stringMatching(title)]);
      }
    });

    it('finds it by the index as well, and says how far that goes', async () => {
      await until('the events to be indexed', async () => {
        const { json } = await ask('authentication');
        return at(json, 'search', 'indexedUntil') !== null;
      });
      for (const [search, title] of found) {
        expect(await titles(search), search).toEqual([expect.stringMatching(title)]);
      }
      expect(at((await ask('tor')).json, 'search', 'complete')).toBe(true);
      expect(at((await there.operator('GET', '/api/v1/events')).json, 'search')).toBeUndefined();
    });

    it('goes with every other filter, and page by page', async () => {
      expect(await titles('authentication')).toHaveLength(3);
      expect(await titles('authentication', '&severity=critical')).toEqual([]);
      expect(await titles('authentication', '&source=sqreen&unrouted=false')).toHaveLength(3);
      const first = await ask('authentication', '&limit=2');
      expect(listAt(first.json, 'items')).toHaveLength(2);
      expect(
        await titles('authentication', `&limit=2&cursor=${textAt(first.json, 'nextCursor')}`),
      ).toHaveLength(1);
    });

    it('takes any text whatsoever for words, or says what is wrong with it', async () => {
      for (const search of HOSTILE) {
        const { status, json } = await ask(search);
        expect([200, 400], search).toContain(status);
        if (status === 200) expect(listAt(json, 'items'), search).toEqual([]);
      }
      expect((await ask('tor')).status).toBe(200);
    });

    it('acknowledges what it finds', async () => {
      const count = await there.operator('POST', '/api/v1/acknowledge', { search: 'brulee', dryRun: true });
      expect(count.json).toEqual({ matched: 1, acknowledged: 0, more: false });
      const done = await there.operator('POST', '/api/v1/acknowledge', { search: 'brulee' });
      expect(done.json).toEqual({ matched: 1, acknowledged: 1, more: false });
      expect(await titles('authentication', '&acknowledged=true')).toEqual([expect.stringMatching(/^Cr/)]);
    });
  });
}

afterAll(endOfVisits);
searches('a search', async () => ({}));

await describeWith('postgres', 'on PostgreSQL', () => {
  let database: TestDatabase;
  // After the services: hooks run in the reverse order of their declaration.
  afterAll(async () => {
    await endOfVisits();
    await database.drop();
  });
  searches('a search', async () => {
    database = await createDatabase();
    return { DATABASE_URL: database.url };
  });
});
