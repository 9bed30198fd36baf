import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/ask.ts';
import { at } from '../support/ask.ts';
import { TOKEN } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const wrong: Readonly<Record<string, string | undefined>> = {
  'no token': undefined,
  'an empty header': '',
  'a scheme without a token': 'Bearer',
  'blanks for a token': 'Bearer    ',
  'the token without its scheme': TOKEN,
  'another scheme': `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`,
  'a wrong token': 'Bearer wrong-wrong-wrong-wrong',
  'the token cut by one': `Bearer ${TOKEN.slice(0, -1)}`,
  'the token and one more': `Bearer ${TOKEN}x`,
  'the token in upper case': `Bearer ${TOKEN.toUpperCase()}`,
  'the token and a word': `Bearer ${TOKEN} x`,
  'two tokens': `Bearer ${TOKEN}, Bearer ${TOKEN}`,
  'a very long token': `Bearer ${'a'.repeat(5_000)}`,
  'a token that is not ASCII': 'Bearer t\u00f6k\u00ebn-t\u00f6k\u00ebn',
};

/** The cookie of an answer, as a browser sends it back. */
const cookieOf = (answer: Answer): string => (answer.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? '';

describe('the operators’ API', () => {
  let there: Visit;
  beforeAll(async () => {
    // Each test is a client of its own, so that one's failures do not lock the next one out.
    there = await visit({ config: 'http:\n  trustedProxies: [127.0.0.1]\n' });
  });
  afterAll(endOfVisits);

  let clients = 0;
  const nextClient = (): Record<string, string> => ({ 'x-forwarded-for': `192.0.2.${++clients}` });
  const signIn = (): Promise<Answer> => there.operator('POST', '/api/v1/session');

  it.each(Object.entries(wrong))('answers 401 to %s', async (_name, authorization) => {
    const headers = { ...nextClient(), ...(authorization === undefined ? {} : { authorization }) };
    expect((await there.ask({ path: '/api/v1/events', headers })).status).toBe(401);
  });

  it('takes the token in no other place', async () => {
    const path = `/api/v1/events?token=${TOKEN}&access_token=${TOKEN}`;
    const headers = { ...nextClient(), 'x-api-key': TOKEN, cookie: `tocsin_session=${TOKEN}` };
    expect((await there.ask({ path, headers })).status).toBe(401);
    // The query is not in the log either: the leaks of all answers and outputs are looked for at the end.
  });

  it('takes the scheme in any case', async () => {
    const headers = { authorization: `bEARER ${TOKEN}` };
    expect((await there.ask({ path: '/api/v1/session', headers })).status).toBe(200);
  });

  describe('with a cookie', () => {
    it('is exchanged for the token, readable by no script, sent by no other site', async () => {
      const answer = await signIn();
      expect(answer.status).toBe(200);
      const cookie = answer.headers['set-cookie']?.[0] ?? '';
      expect(cookie).toMatch(/^tocsin_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
      const headers = { ...nextClient(), cookie: `theme=dark; ${cookieOf(answer)}; other=1` };
      const who = await there.ask({ path: '/api/v1/session', headers });
      expect(at(who.json, 'scope')).toBe('admin');
    });

    it('reads, and changes only what its own page asks to change', async () => {
      const cookie = cookieOf(await signIn());
      const host = new URL(there.url).host;
      const reload = async (from: Record<string, string>): Promise<number> =>
        (
          await there.ask({
            method: 'POST',
            path: '/api/v1/config/reload',
            headers: { ...nextClient(), cookie, ...from },
          })
        ).status;
      expect(await reload({ 'sec-fetch-site': 'same-origin' })).toBe(200);
      expect(await reload({ origin: `http://${host}` })).toBe(200);
      for (const from of [
        {},
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
        { origin: 'http://evil.example' },
        { origin: `http://${host}.evil.example` },
        { origin: `http://evil.example/${host}` },
        { origin: 'null' },
        { origin: '' },
        { referer: `http://${host}/` },
      ]) {
        expect(await reload(from), JSON.stringify(from)).toBe(403);
      }
    });

    it('is no matter to a request that brings the token itself, wherever it comes from', async () => {
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        origin: 'http://evil.example',
        'sec-fetch-site': 'cross-site',
      };
      expect((await there.ask({ method: 'POST', path: '/api/v1/config/reload', headers })).status).toBe(200);
      const cookie = cookieOf(await signIn());
      const wrongToken = { ...nextClient(), cookie, authorization: 'Bearer wrong' };
      expect((await there.ask({ path: '/api/v1/events', headers: wrongToken })).status).toBe(401);
    });

    it('is refused when it is forged', async () => {
      const [, value = ''] = cookieOf(await signIn()).split('=');
      const bytes = Buffer.from(decodeURIComponent(value), 'base64');
      const flipped = (at: number): string => {
        const copy = Buffer.from(bytes);
        copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
        return encodeURIComponent(copy.toString('base64'));
      };
      const forged = [
        ...[0, 1, 13, 20, 29, bytes.length - 1].map(flipped),
        value.slice(0, 20),
        '',
        '%zz',
        '%ff%fe',
        '"',
        'a'.repeat(8_000),
        encodeURIComponent(Buffer.from('9999999999999 id mark tok_environment').toString('base64')),
      ];
      for (const one of forged) {
        const headers = { ...nextClient(), cookie: `tocsin_session=${one}` };
        expect((await there.ask({ path: '/api/v1/events', headers })).status, one).toBe(401);
      }
    });

    it('is no token: it opens no further session, and so ends some day', async () => {
      const headers = { cookie: cookieOf(await signIn()), 'sec-fetch-site': 'same-origin' };
      const answer = await there.ask({ method: 'POST', path: '/api/v1/session', headers });
      expect(answer.status).toBe(401);
      expect(answer.headers['set-cookie']).toBeUndefined();
    });

    it('is ended by DELETE, for whoever has a copy of it too; other sessions go on', async () => {
      const [cookie, other] = [cookieOf(await signIn()), cookieOf(await signIn())];
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      const answer = await there.ask({ method: 'DELETE', path: '/api/v1/session', headers });
      expect(answer.status).toBe(204);
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^tocsin_session=; .*Max-Age=0/);
      const status = async (one: string): Promise<number> =>
        (await there.ask({ path: '/api/v1/events', headers: { ...nextClient(), cookie: one } })).status;
      expect([await status(cookie), await status(other)]).toEqual([401, 200]);
    });

    it('ends with the token it was exchanged for, and does not with a restart; one that was ended stays so', async () => {
      const [cookie, ended] = [cookieOf(await signIn()), cookieOf(await signIn())];
      const ending = { cookie: ended, 'sec-fetch-site': 'same-origin' };
      await there.ask({ method: 'DELETE', path: '/api/v1/session', headers: ending });
      const { directory } = there.service;
      expect(await there.service.stop()).toBe(0);
      const restarted = await visit({ directory });
      expect((await restarted.ask({ path: '/api/v1/events', headers: { cookie } })).status).toBe(200);
      expect((await restarted.ask({ path: '/api/v1/events', headers: { cookie: ended } })).status).toBe(401);
      expect(await restarted.service.stop()).toBe(0);
      const rotated = await visit({
        directory,
        env: { TOCSIN_TOKEN: secret('another-token-after-the-first') },
      });
      expect((await rotated.ask({ path: '/api/v1/events', headers: { cookie } })).status).toBe(401);
    });
  });
});
