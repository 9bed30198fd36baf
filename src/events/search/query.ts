import { wordsOf } from './words.ts';

/** Words that must stand one behind the other. */
export interface Term {
  readonly words: readonly string[];
  /** Whether the last one is only the beginning of a word. */
  readonly isPrefix: boolean;
}

/** Made of words alone, so that nothing in it means anything to a database. All terms must be found. */
export interface SearchQuery {
  /** As it was typed. */
  readonly text: string;
  readonly terms: readonly Term[];
}

export const SEARCH_LENGTH_MAX = 500;
const WORDS_MAX = 32;
/** A shorter beginning has too many words behind it to be looked up. */
const PREFIX_LENGTH_MIN = 2;
/** For each of them the index is read for all the words that begin so. */
const PREFIXES_MAX = 4;

/** `"a phrase"`, or anything up to the next blank. A quotation mark that is never closed goes to the end. */
const PART = /"([^"]*)"?(\*?)|([^\s"]+)/g;

/**
 * Reads what somebody typed: words, all of which must be found; `"quoted phrases"`; `begin*` for all words that begin
 * so. Whatever else there is separates words. What holds several words (`auth_tor`, an address) is a phrase. A text
 * is the fault, in words for whoever typed it.
 */
export function readSearch(text: string): SearchQuery | string {
  const terms: Term[] = [];
  for (const [, phrase, star, plain] of text.matchAll(PART)) {
    const term = readTerm(phrase ?? plain ?? '', star === '*');
    if (typeof term === 'string') return term;
    if (term !== undefined) terms.push(term);
  }
  if (terms.length === 0) return 'There is no word to search for: it takes letters or digits.';
  const count = terms.reduce((sum, { words }) => sum + words.length, 0);
  if (count > WORDS_MAX) return `A search takes ${WORDS_MAX} words, this one has ${count}.`;
  const prefixes = terms.filter(({ isPrefix }) => isPrefix).length;
  if (prefixes > PREFIXES_MAX) return `A search takes ${PREFIXES_MAX} beginnings, this one has ${prefixes}.`;
  return { text, terms };
}

function readTerm(part: string, hasStar: boolean): Term | string | undefined {
  const words = wordsOf(part);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  // `10.0.*` begins nothing: the star stands behind a whole word.
  const isPrefix = hasStar ? /[\p{L}\p{N}]$/u.test(part) : /[\p{L}\p{N}]\*$/u.test(part);
  if (isPrefix && last.length < PREFIX_LENGTH_MIN && !UNSPACED_CHAR.test(last)) {
    return `"${last}*" is too short: a beginning takes at least ${PREFIX_LENGTH_MIN} letters or digits.`;
  }
  return { words, isPrefix: isPrefix && !UNSPACED_CHAR.test(last) };
}

/** Each is a word of its own, so that there are none that only begin with it. */
const UNSPACED_CHAR = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;

/** Whether a text holds all terms; `fields` are its parts, over whose ends no phrase goes. */
export function holds(fields: readonly (readonly string[])[], { terms }: SearchQuery): boolean {
  return terms.every((term) => fields.some((words) => hasTerm(words, term)));
}

function hasTerm(words: readonly string[], term: Term): boolean {
  for (let at = 0; at + term.words.length <= words.length; at++) if (standsAt(words, at, term)) return true;
  return false;
}

function standsAt(words: readonly string[], at: number, term: Term): boolean {
  const last = term.words.length - 1;
  return term.words.every((word, n) =>
    term.isPrefix && n === last ? words[at + n]?.startsWith(word) : words[at + n] === word,
  );
}
