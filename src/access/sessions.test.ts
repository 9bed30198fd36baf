import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Sealer } from '../kernel/seal.ts';
import { SESSION_SECONDS, Sessions } from './sessions.ts';

const start = (key = 'a-master-key-of-the-test') => {
  const clock = new ManualClock();
  return { clock, sessions: new Sessions(new Sealer(key, 'sessions'), clock) };
};

test("a session is its actor's until its time is over, and not a moment longer", async () => {
  const { clock, sessions } = start();
  const cookie = sessions.open('tok_first');
  expect(sessions.read(cookie)).toBe('tok_first');
  await clock.advance(SESSION_SECONDS * 1_000 - 1);
  expect(sessions.read(cookie)).toBe('tok_first');
  await clock.advance(1);
  expect(sessions.read(cookie)).toBeUndefined();
});

test('a replica with the same master key knows it, one with another does not', () => {
  const cookie = start().sessions.open('tok_first');
  expect(start().sessions.read(cookie)).toBe('tok_first');
  expect(start('another-master-key').sessions.read(cookie)).toBeUndefined();
});

test("an altered session is nobody's", () => {
  const { sessions } = start();
  const raw = Buffer.from(sessions.open('tok_first'), 'base64');
  fc.assert(
    fc.property(fc.nat(raw.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const altered = Buffer.from(raw);
      altered.writeUInt8(altered.readUInt8(index) ^ change, index);
      expect(sessions.read(altered.toString('base64'))).toBeUndefined();
    }),
  );
});

test("a forged session is nobody's", () => {
  const { sessions } = start();
  const plain = Buffer.from(`${Number.MAX_SAFE_INTEGER} tok_first`).toString('base64');
  for (const forged of ['', 'tok_first', plain, `${plain}.`, '%', '\0']) {
    expect(sessions.read(forged)).toBeUndefined();
  }
});

test('what was sealed for another purpose or place is no session', () => {
  const clock = new ManualClock();
  const key = 'a-master-key-of-the-test';
  const sessions = new Sessions(new Sealer(key, 'sessions'), clock);
  const text = `${clock.now() + 1_000} tok_first`;
  expect(sessions.read(new Sealer(key, 'objects').seal(text, 'session'))).toBeUndefined();
  expect(sessions.read(new Sealer(key, 'sessions').seal(text, 'target/ops'))).toBeUndefined();
});
