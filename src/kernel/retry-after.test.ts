import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 0, 31, 12, 0, 0);

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 120 ', 120_000],
    ['0.25', 250],
    ['99999999999999999999999', 365 * 86_400_000],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30_000],
    ['Saturday, 31-Jan-26 12:00:30 GMT', 30_000],
    ['Sat Jan 31 12:00:30 2026', 30_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 365 * 86_400_000],
    ['Sat, 31 Jan 2026 11:59:00 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['1e9', undefined],
    ['2026-01-31T13:00:00Z', undefined],
    ['Sat, never', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('is a wait of at most a year or nothing, whatever the header', () => {
    const header = fc.oneof(fc.string(), fc.stringMatching(/^(Mon|Sat),? ?[0-9A-Za-z: ,-]{0,30}$/));
    fc.assert(
      fc.property(header, (value) => {
        const wait = retryAfterMs(value, now);
        return wait === undefined || (wait > 0 && wait <= 365 * 86_400_000);
      }),
    );
  });
});
