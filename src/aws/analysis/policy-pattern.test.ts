import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areApart, covers, literalPrefix, matches } from './policy-pattern.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 });

/** The same by a regular expression: slow, and plainly right. */
const asRegExp = (glob: string): RegExp =>
  new RegExp(`^${glob.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);

describe('wildcards', () => {
  it('match what a regular expression would', () => {
    fc.assert(
      fc.property(pattern, text, (glob, given) => {
        expect(matches(glob, given)).toBe(asRegExp(glob).test(given));
      }),
    );
  });

  it('cover nothing that they do not match', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (wider, narrower, given) => {
        if (covers(wider, narrower) && matches(narrower, given)) expect(matches(wider, given)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are apart only where no text matches both', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (a, b, given) => {
        if (areApart(a, b)) expect(matches(a, given) && matches(b, given)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('cover themselves and whatever is longer', () => {
    fc.assert(
      fc.property(pattern, (glob) => {
        expect(covers(glob, glob)).toBe(true);
        expect(covers('*', glob)).toBe(true);
        expect(covers(`${glob}*`, `${glob}ab`)).toBe(true);
      }),
    );
  });

  it.each([
    ['s3:*', 's3:Get*', true],
    ['s3:Get*', 's3:*', false],
    ['s3:?et', 's3:*', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['arn:aws:s3:::b*', 'arn:aws:s3:::b/*', true],
  ])('%s covers %s: %s', (wider, narrower, expected) => {
    expect(covers(wider, narrower)).toBe(expected);
  });

  it('are quick where they were made to be slow', () => {
    const startedAt = performance.now();
    expect(matches(`${'*a'.repeat(5_000)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('begin with what is said before them', () => {
    expect(literalPrefix('arn:aws:*')).toBe('arn:aws:');
    expect(literalPrefix('plain')).toBe('plain');
  });
});
