import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';

export const PATTERN_CHARS_MAX = 500;
/** A value's further characters are not looked at: a sender must not choose how long the matching takes. */
export const PATTERN_INPUT_CHARS_MAX = 4096;
/** Time is linear in the input, but the factor is the compiled size; 1,000 costs at worst 0.2 s on a full input. */
const PATTERN_SIZE_MAX = 1000;

/** A regular expression of linear time (RE2 syntax: no look-around, no back-references). */
export interface Pattern {
  readonly text: string;
  /** Whether it is found anywhere in the value's first 4,096 characters. */
  test(value: string): boolean;
}

/** The compiled pattern; or what is wrong with it, without repeating any of it. */
export function compilePattern(text: string): Pattern | { readonly fault: string } {
  if (text === '') return { fault: 'an empty pattern matches everything: leave it out' };
  if (text.length > PATTERN_CHARS_MAX) {
    return { fault: `the pattern is longer than ${PATTERN_CHARS_MAX} characters` };
  }
  const compiled = compile(text);
  if ('fault' in compiled) return compiled;
  if (compiled.regex.programSize() > PATTERN_SIZE_MAX) {
    return { fault: 'the pattern is too complex: use smaller repeat counts or fewer alternatives' };
  }
  return { text, test: (value) => compiled.regex.test(capped(value)) };
}

function compile(text: string): { readonly regex: RE2JS } | { readonly fault: string } {
  try {
    return { regex: RE2JS.compile(text) };
  } catch (error) {
    // What the author of a rule wrote cannot be compiled: told as a fault of the rule.
    if (!(error instanceof RE2JSException)) throw error;
    const why = error instanceof RE2JSSyntaxException ? `: ${error.getDescription()}` : '';
    return { fault: `not a valid pattern${why} (RE2 syntax: no look-around, no back-references)` };
  }
}

const capped = (value: string): string =>
  value.length > PATTERN_INPUT_CHARS_MAX ? value.slice(0, PATTERN_INPUT_CHARS_MAX) : value;
