import { expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Refusals } from './refusals.ts';

function start() {
  const lines: { fields: Record<string, unknown>; message: string }[] = [];
  const clock = new ManualClock();
  const log = {
    warn: (fields: object, message: string) => void lines.push({ fields: { ...fields }, message }),
  };
  return { lines, clock, refusals: new Refusals(log, clock) };
}

test('the first refusal is told at once, the like of it once a minute with how often', async () => {
  const { lines, clock, refusals } = start();
  for (let n = 0; n < 1_000; n++) refusals.note('unknown_token', '192.0.2.1');
  refusals.note('scope_too_small', '192.0.2.1', 'tok_reader');
  expect(lines.map(({ fields }) => fields['reason'])).toEqual(['unknown_token', 'scope_too_small']);
  expect(lines[1]?.fields).toMatchObject({ 'source.ip': '192.0.2.1', 'user.id': 'tok_reader' });
  await clock.advance(60_000);
  expect(lines).toHaveLength(3);
  expect(lines[2]?.fields).toMatchObject({ reason: 'unknown_token', again: 999 });
  await clock.advance(600_000);
  expect(lines).toHaveLength(3);
});

test('a flood from many addresses is a bounded number of lines a minute, and none is uncounted', async () => {
  const { lines, clock, refusals } = start();
  for (let n = 0; n < 5_000; n++) refusals.note('unknown_token', `198.18.${n >> 8}.${n & 255}`);
  await clock.advance(60_000);
  expect(lines.length).toBeLessThan(110);
  expect(lines.at(-1)?.fields).toEqual({ refused: 5_000 - (lines.length - 1) });
  refusals.note('unknown_token', '198.18.0.1');
  expect(lines.at(-1)?.message).toBe('an operator was not let in');
});
