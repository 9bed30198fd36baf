import { expect, test } from 'vitest';
import { momentOption, namesOption, timeText, wholeOption } from './option.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const since = momentOption('--since <time>', '');

test.each([
  ['1h', '2026-01-31T11:00:00.000Z'],
  ['7d', '2026-01-24T12:00:00.000Z'],
  ['2026-01-30T00:00:00Z', '2026-01-30T00:00:00.000Z'],
  ['2026-01-30T00:00:00.5+01:00', '2026-01-29T23:00:00.500Z'],
  ['999999999d', '1970-01-01T00:00:00.000Z'],
])('a moment %s is %s', (typed, expected) => {
  const read = since.read(typed);
  expect(read.ok && timeText(read.value, NOW)).toBe(expected);
});

test.each(['', '1', 'yesterday', '1h30m', '-1h', '2026-01-30', '2026-13-30T00:00:00Z'])(
  '%j is no moment',
  (typed) => {
    expect(since.read(typed).ok).toBe(false);
  },
);

test('a whole number keeps to its limits and its form', () => {
  const limit = wholeOption('--limit <n>', '', { minimum: 1, maximum: 10 });
  const taken = ['1', '10', '0', '11', '-1', '1.5', '1e1', ' 1', '', '0x1'].filter(
    (typed) => limit.read(typed).ok,
  );
  expect(taken).toEqual(['1', '10']);
});

test('names are each there once, and an empty text is none', () => {
  const names = namesOption('--expect <targets>', '');
  expect(names.read('b, a,,b')).toEqual({ ok: true, value: ['b', 'a'] });
  expect(names.read('')).toEqual({ ok: true, value: [] });
});
