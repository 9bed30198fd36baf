import { describe, expect, it } from 'vitest';
import { compilePattern, PATTERN_INPUT_CHARS_MAX } from './pattern.ts';

function tester(text: string): (value: string) => boolean {
  const pattern = compilePattern(text);
  if ('fault' in pattern) throw new TypeError(pattern.fault);
  return (value) => pattern.test(value);
}

describe('compilePattern', () => {
  // A backtracking engine needs 2^4000 steps for the first of these: it would not come back at all.
  it.each(['(a+)+$', '^(a|aa)+$', '(x+x+)+y', '^(.*a){20}$', '(a|b|ab)*c'])(
    'comes back from %s on input made to run it away',
    (text) => {
      const test = tester(text);
      expect(test(`${'a'.repeat(4000)}!`)).toBe(false);
      expect(test(`${'x'.repeat(4000)}!`)).toBe(false);
    },
  );

  it('looks at the first 4,096 characters of a value only', () => {
    const test = tester('needle');
    expect(test(`${' '.repeat(PATTERN_INPUT_CHARS_MAX - 6)}needle`)).toBe(true);
    expect(test(`${' '.repeat(PATTERN_INPUT_CHARS_MAX - 5)}needle`)).toBe(false);
  });

  it('takes a pattern of 500 characters and refuses a longer one', () => {
    expect(compilePattern('a'.repeat(500))).toHaveProperty('test');
    expect(compilePattern('a'.repeat(501))).toHaveProperty('fault');
  });

  it.each([
    '('.repeat(500),
    `${'('.repeat(250)}${')'.repeat(250)}`,
    '(a{30}){30}',
    '((a{0,50}){0,20})',
    '[^'.repeat(250),
  ])('refuses or takes a hostile pattern without throwing (%#)', (text) => {
    expect(() => compilePattern(text)).not.toThrow();
  });
});
