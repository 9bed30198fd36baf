import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codings, preferredCoding } from './accept-encoding.ts';

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['GZIP;Q=1', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0.5,gzip;q=0.5', 'br'],
  ['gzip;q=0.1', 'gzip'],
  ['gzip;q=0.5, identity', 'identity'],
  ['gzip;q=0.5, identity;q=0.5', 'gzip'],
  ['br;q=0, gzip;q=0', 'identity'],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['*;q=0.2, identity;q=0.3', 'identity'],
  ['gzip, *;q=0', 'gzip'],
  ['identity;q=0, gzip;q=0.001', 'gzip'],
  ['deflate', 'identity'],
  ['gzip ; q=1.0 , br ; q=0.9', 'gzip'],
])('of what %s likes best, what we have is taken: %s', (header, coding) => {
  expect(preferredCoding(header)).toBe(coding);
});

test.each(['identity;q=0', '*;q=0', 'br;q=0, *;q=0', 'identity;q=0, deflate'])(
  'plain is sent rather than nothing where a client would have nothing: %s',
  (header) => {
    expect(preferredCoding(header)).toBe('identity');
  },
);

test.each([
  'gzip;q=2',
  'gzip;q=-1',
  'gzip;q=',
  'gzip;q=0.1234',
  'gzip;level=9',
  'gzip;q=1;q=1',
  ';q=1',
  'gzip q=1',
])('what is malformed counts as not said: %s', (header) => {
  expect(preferredCoding(header)).toBe('identity');
});

test('whatever a client sends, the answer is in a coding that we have, and none that it ruled out', () => {
  const name = fc.constantFrom('br', 'gzip', 'identity', '*', 'deflate', '');
  const member = fc.tuple(name, fc.constantFrom('', ';q=0', ';q=0.5', ';q=1', ';q=x'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.array(member)), (made) => {
      const header = typeof made === 'string' ? made : made.map((parts) => parts.join('')).join(',');
      const coding = preferredCoding(header);
      expect(codings).toContain(coding);
      const last =
        typeof made === 'string' ? undefined : made.findLast(([one, q]) => one === coding && q !== ';q=x');
      if (coding !== 'identity' && last !== undefined) expect(last[1]).not.toBe(';q=0');
    }),
  );
});
