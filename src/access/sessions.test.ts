import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Sealer } from '../kernel/seal.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import { openSql } from '../storage/ephemeral/sql.ts';
import { type CookieToSet, SECURE_SESSION_COOKIE, SESSION_COOKIE, Sessions } from './sessions.ts';

const HOUR_MS = 3_600_000;
const holder = { actorId: 'tok_first', mark: 'abcd', secretEndsAt: undefined };
const start = (key = 'a-master-key-of-the-test') => {
  const clock = new ManualClock();
  const sealer = new Sealer(key, 'sessions');
  return { clock, sealer, sessions: new Sessions({ sealer, clock, ended: openMemory(clock) }) };
};
const read = (sessions: Sessions, { name, value }: CookieToSet) => sessions.read(name, value);

async function isOver(sessions: Sessions, cookie: CookieToSet): Promise<boolean> {
  const session = read(sessions, cookie);
  if (session === undefined) throw new TypeError('no session');
  return sessions.isOver(session);
}

test("a session is its actor's until its time is over, and not a moment longer", async () => {
  const { clock, sessions } = start();
  const cookie = sessions.open(holder, false);
  expect(cookie.seconds).toBe(12 * 3_600);
  expect(read(sessions, cookie)).toMatchObject({ actorId: 'tok_first', mark: 'abcd' });
  await clock.advance(12 * HOUR_MS - 1);
  expect(await isOver(sessions, cookie)).toBe(false);
  await clock.advance(1);
  expect(await isOver(sessions, cookie)).toBe(true);
});

test('a session does not outlive the secret that it was exchanged for', async () => {
  const { clock, sessions } = start();
  const cookie = sessions.open({ ...holder, secretEndsAt: clock.now() + HOUR_MS }, false);
  expect(cookie.seconds).toBe(3_600);
  await clock.advance(HOUR_MS);
  expect(await isOver(sessions, cookie)).toBe(true);
});

test('a replica with the same master key knows it, one with another does not', () => {
  const cookie = start().sessions.open(holder, false);
  expect(read(start().sessions, cookie)).toBeDefined();
  expect(read(start('another-master-key').sessions, cookie)).toBeUndefined();
});

test('under TLS it is a cookie that no neighbour can set, and one of plain HTTP does not stand in for it', () => {
  const { sessions } = start();
  const [secure, plain] = [sessions.open(holder, true), sessions.open(holder, false)];
  expect(secure.name).toBe('__Host-tocsin_session');
  expect(sessions.read(SECURE_SESSION_COOKIE, plain.value)).toBeUndefined();
  expect(sessions.read(SESSION_COOKIE, secure.value)).toBeUndefined();
});

test("an altered session is nobody's", () => {
  const { sessions } = start();
  const { name, value } = sessions.open(holder, false);
  const raw = Buffer.from(value, 'base64');
  fc.assert(
    fc.property(fc.nat(raw.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const altered = Buffer.from(raw);
      altered.writeUInt8(altered.readUInt8(index) ^ change, index);
      expect(sessions.read(name, altered.toString('base64'))).toBeUndefined();
    }),
  );
});

test("a forged session is nobody's", () => {
  const { sessions } = start();
  const plain = Buffer.from(`${Number.MAX_SAFE_INTEGER} id abcd tok_first`).toString('base64');
  for (const forged of ['', 'tok_first', plain, `${plain}.`, '%', '\0']) {
    expect(sessions.read(SESSION_COOKIE, forged)).toBeUndefined();
  }
});

test('what was sealed for another purpose or place is no session', () => {
  const { clock, sealer, sessions } = start();
  const text = `${clock.now() + 1_000} id abcd tok_first`;
  const others = new Sealer('a-master-key-of-the-test', 'objects');
  expect(sessions.read(SESSION_COOKIE, others.seal(text, SESSION_COOKIE))).toBeUndefined();
  expect(sessions.read(SESSION_COOKIE, sealer.seal(text, 'target/ops'))).toBeUndefined();
});

await onEachStore('a session that was ended', (stage) => {
  const replica = (clock: ManualClock) =>
    new Sessions({
      sealer: new Sealer('a-master-key-of-the-test', 'sessions'),
      clock,
      ended: openSql(stage.store, clock),
    });

  test('is over at once, also for a copy of its cookie, and others of its actor are not', async () => {
    const clock = new ManualClock();
    const sessions = replica(clock);
    const [one, other] = [sessions.open(holder, false), sessions.open(holder, false)];
    const session = read(sessions, one);
    if (session === undefined) throw new TypeError('no session');
    expect(await isOver(sessions, one)).toBe(false);
    await sessions.end(session);
    expect(await isOver(sessions, one)).toBe(true);
    expect(await isOver(sessions, other)).toBe(false);
  });

  test('stays so over a restart, and another replica hears of it within two seconds', async () => {
    const clock = new ManualClock();
    const [here, there] = [replica(clock), replica(clock)];
    const cookie = here.open(holder, false);
    const session = read(here, cookie);
    if (session === undefined) throw new TypeError('no session');
    expect(await isOver(there, cookie)).toBe(false);
    await here.end(session);
    expect(await isOver(replica(clock), cookie)).toBe(true);
    await clock.advance(2_000);
    expect(await isOver(there, cookie)).toBe(true);
  });
});
