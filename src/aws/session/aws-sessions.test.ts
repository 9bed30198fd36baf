import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { describeWith, redisUrl } from '../../../tests/support/needs.ts';
import { openTestStore } from '../../../tests/support/test-store.ts';
import { silentLogger } from '../../kernel/log.ts';
import { openMemory } from '../../storage/ephemeral/memory.ts';
import type { Ephemeral } from '../../storage/ephemeral/port.ts';
import { openRedisValues } from '../../storage/ephemeral/redis.ts';
import { openSql } from '../../storage/ephemeral/sql.ts';
import { connectRedis } from '../../storage/redis/connection.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { AwsSessions } from './aws-sessions.ts';
import type { KeyPrincipal } from './login-request.ts';

const MINUTE_MS = 60_000;
const identity = { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/a', partition: 'aws' };
const principal = (id = 'AKIAIOSFODNN7EXAMPLE'): KeyPrincipal => ({
  kind: 'keys',
  keys: { accessKeyId: id, secretAccessKey: 'the-secret-of-the-keys' },
  region: 'us-west-2',
});
/** What a browser sends after a `Set-Cookie`. */
const sent = (cookie: string) => ({ cookie: cookie.split(';', 1)[0] ?? '' });

function start(records: Ephemeral, lifeMs = 60 * MINUTE_MS, clock = new ManualClock()) {
  const ended: string[] = [];
  const sessions = new AwsSessions({ records, clock, lifeMs, ended: (owner) => void ended.push(owner) });
  return { clock, sessions, ended };
}

/** What holds wherever records rest. */
function contract(name: string, open: (clock: ManualClock) => Promise<Ephemeral>): void {
  describe(`AWS sessions in ${name}`, () => {
    const begin = async (lifeMs?: number) => {
      const clock = new ManualClock();
      const records = await open(clock);
      return { records, ...start(records, lifeMs, clock) };
    };

    test('a session is its keys’ until it is ended, and then nobody’s', async () => {
      const { sessions, ended } = await begin();
      const { cookie, session } = await sessions.open(principal(), identity, false);
      expect(await sessions.find(sent(cookie), false)).toEqual(session);
      expect(session).toMatchObject({ principal: principal(), identity });
      await sessions.end(session.owner);
      expect(await sessions.find(sent(cookie), false)).toBeUndefined();
      expect(await sessions.has(sent(cookie), false)).toBe(false);
      expect(sessions.isOver(session.owner)).toBe(true);
      await sessions.end(session.owner);
      expect(ended).toEqual([session.owner]);
    });

    test('several at once are each their own; a cookie swapped, cut or forged opens none', async () => {
      const { sessions } = await begin();
      const a = await sessions.open(principal('AKIAAAAAAAAAAAAAAAAA'), identity, false);
      const b = await sessions.open(principal('AKIABBBBBBBBBBBBBBBB'), identity, false);
      expect(a.session.owner).not.toBe(b.session.owner);
      expect((await sessions.find(sent(a.cookie), false))?.principal.keys.accessKeyId).toMatch(/A{16}$/);
      expect((await sessions.find(sent(b.cookie), false))?.principal.keys.accessKeyId).toMatch(/B{16}$/);
      const [name = '', value = ''] = sent(a.cookie).cookie.split('=');
      const other = sent(b.cookie).cookie.split('=')[1] ?? '';
      const id = a.session.owner.replace('session/', '');
      const swapped = value.slice(0, 20) + other.slice(20);
      const respelt = [`${value}A`, `${value}=`, `${value}%0a`, `"${value}"`, value.toLowerCase()];
      const cut = ['', value.slice(0, -1), value.slice(1)];
      const made = ['A'.repeat(43), '%00', 'undefined', '__proto__', a.session.owner, id];
      const forged = [swapped, ...respelt, ...cut, ...made];
      for (const one of forged) {
        expect(await sessions.find({ cookie: `${name}=${one}` }, false), one).toBeUndefined();
        expect(await sessions.has({ cookie: `${name}=${one}` }, false), one).toBe(false);
      }
    });

    test('another process with the same records knows it, and ends it there', async () => {
      const { sessions, records, ended, clock } = await begin();
      const { cookie, session } = await sessions.open(principal(), identity, true);
      const there = start(records);
      expect(await there.sessions.find(sent(cookie), true)).toEqual(session);
      await there.sessions.end(session.owner);
      expect(await sessions.find(sent(cookie), true)).toBeUndefined();
      expect([ended, there.ended]).toEqual([[session.owner], [session.owner]]);
      await clock.advance(MINUTE_MS);
      expect(ended).toHaveLength(1);
    });

    test('records show neither keys nor token', async () => {
      const written: string[] = [];
      const { records } = await begin();
      const seen: Ephemeral = {
        ...records,
        put: (key, value, ttlMs) => {
          written.push(key, value, Buffer.from(value, 'base64').toString('latin1'));
          return records.put(key, value, ttlMs);
        },
      };
      const { sessions } = start(seen);
      const { cookie } = await sessions.open(principal(), identity, false);
      const token = sent(cookie).cookie.split('=')[1] ?? '';
      const texts = [token, Buffer.from(token, 'base64url').toString('latin1'), 'AKIAIOSF', 'the-secret'];
      expect(written.length).toBeGreaterThan(0);
      for (const text of texts) expect(written.join('\n')).not.toContain(text);
    });

    test('is over when its time is, and not before', async () => {
      const { sessions, clock } = await begin(2_000);
      const { cookie } = await sessions.open(principal(), identity, false);
      await clock.advance(1_999);
      expect(await sessions.find(sent(cookie), false)).toBeDefined();
      await clock.advance(1);
      expect(await sessions.find(sent(cookie), false)).toBeUndefined();
    });
  });
}

contract('memory', async (clock) => openMemory(clock));

await describeWith('redis', 'with a Redis', () => {
  contract('Redis', async () =>
    openRedisValues(await connectRedis(redisUrl, silentLogger, `tocsin-test-${randomUUID()}:`)),
  );
});

test('a SQL store never holds a session, nor is asked for one', async () => {
  const store = await openTestStore();
  const values = openSql(store, new ManualClock());
  const calls: string[] = [];
  const { sessions } = start({
    ...values,
    put: async () => void calls.push('put'),
    get: async () => void calls.push('get'),
    take: async () => void calls.push('take'),
  });
  expect(sessions.arePossible).toBe(false);
  await expect(sessions.open(principal(), identity, false)).rejects.toBeInstanceOf(TypeError);
  const cookie = `tocsin_aws_session=${'A'.repeat(43)}`;
  expect(await sessions.find({ cookie }, false)).toBeUndefined();
  expect(await sessions.has({ cookie }, false)).toBe(false);
  await sessions.end('session/x');
  expect(calls).toEqual([]);
  await store.close();
});

test('what was kept of it goes with its time, though nobody asks again', async () => {
  const clock = new ManualClock();
  const { sessions, ended } = start(openMemory(clock), 60 * MINUTE_MS, clock);
  const { session } = await sessions.open(principal(), identity, false);
  await clock.advance(60 * MINUTE_MS - 1);
  expect(ended).toEqual([]);
  await clock.advance(1);
  expect(ended).toEqual([session.owner]);
});

test('ended at another process, it is forgotten here within a minute', async () => {
  const clock = new ManualClock();
  const records = openMemory(clock);
  const here = start(records, 60 * MINUTE_MS, clock);
  const there = start(records, 60 * MINUTE_MS, clock);
  const { session } = await here.sessions.open(principal(), identity, false);
  await there.sessions.end(session.owner);
  await clock.advance(MINUTE_MS);
  expect(here.ended).toEqual([session.owner]);
});

test('records that are away for a while end no session', async () => {
  const clock = new ManualClock();
  const records = openMemory(clock);
  let isAway = false;
  const { sessions, ended } = start(
    {
      ...records,
      get: (key) => (isAway ? Promise.reject(new StoreUnavailable('away')) : records.get(key)),
    },
    60 * MINUTE_MS,
    clock,
  );
  const { cookie } = await sessions.open(principal(), identity, false);
  isAway = true;
  await clock.advance(10 * MINUTE_MS);
  await expect(sessions.find(sent(cookie), false)).rejects.toBeInstanceOf(StoreUnavailable);
  isAway = false;
  expect(ended).toEqual([]);
  expect(await sessions.find(sent(cookie), false)).toBeDefined();
});

test('one that was ended while its record was on its way is not found', async () => {
  const clock = new ManualClock();
  const records = openMemory(clock);
  let release = (): void => {};
  const slow = new Promise<void>((resolve) => (release = resolve));
  const { sessions } = start(
    {
      ...records,
      async get(key) {
        const value = await records.get(key);
        await slow;
        return value;
      },
    },
    60 * MINUTE_MS,
    clock,
  );
  const { cookie, session } = await sessions.open(principal(), identity, false);
  const finding = sessions.find(sent(cookie), false);
  await sessions.end(session.owner);
  release();
  expect(await finding).toBeUndefined();
});

test('under TLS only the cookie that no neighbour can set counts, and one of plain HTTP is none', async () => {
  const clock = new ManualClock();
  const { sessions } = start(openMemory(clock), 60 * MINUTE_MS, clock);
  const plain = await sessions.open(principal(), identity, false);
  const secure = await sessions.open(principal(), identity, true);
  expect(secure.cookie).toMatch(
    /^__Host-tocsin_aws_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=3600; Secure$/,
  );
  expect(plain.cookie).toMatch(
    /^tocsin_aws_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=3600$/,
  );
  const renamed = (cookie: string, name: string) => ({ cookie: `${name}=${cookie.split(/[=;]/)[1]}` });
  expect(await sessions.find(sent(plain.cookie), true)).toBeUndefined();
  expect(await sessions.find(sent(secure.cookie), false)).toBeUndefined();
  expect(await sessions.find(renamed(plain.cookie, '__Host-tocsin_aws_session'), true)).toBeUndefined();
  expect(await sessions.find(renamed(secure.cookie, 'tocsin_aws_session'), false)).toBeUndefined();
  expect(await sessions.find(sent(secure.cookie), true)).toBeDefined();
});

test('another site’s page cannot ask with it', async () => {
  const clock = new ManualClock();
  const { sessions } = start(openMemory(clock), 60 * MINUTE_MS, clock);
  const { cookie } = await sessions.open(principal(), identity, false);
  for (const site of ['cross-site', 'same-site']) {
    const headers = { ...sent(cookie), 'sec-fetch-site': site };
    expect(await sessions.find(headers, false)).toBeUndefined();
    expect(await sessions.has(headers, false)).toBe(false);
  }
  expect(await sessions.find({ ...sent(cookie), 'sec-fetch-site': 'same-origin' }, false)).toBeDefined();
});
