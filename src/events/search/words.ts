/** Longer ones are looked for by their beginning: a SHA-256 in hex still fits. */
const WORD_LENGTH_MAX = 64;

/** Written without blanks between words: each character counts as a word, and a word as a phrase of them. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;
const WORD = new RegExp(String.raw`[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{N}])+`, 'gu');
const ASCII_WORD = /[a-z0-9]+/g;
// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/;

/**
 * The words of a text, in order: runs of letters and digits, lower case, without accents (compatibility
 * decomposition). `auth_tor`, `135.96.171.118` and `jeff@x.com` are several words each. Both stores are given
 * words and never texts, and so agree on what a word is.
 */
export function wordsOf(text: string): readonly string[] {
  // Most payloads are ASCII, and then it takes a fifth of the time.
  const words = ASCII.test(text)
    ? text.toLowerCase().match(ASCII_WORD)
    : text
        .normalize('NFKD')
        .replaceAll(/\p{M}+/gu, '')
        .toLowerCase()
        .match(WORD);
  return (words ?? []).map((word) => (word.length > WORD_LENGTH_MAX ? cut(word) : word));
}

/** Not through the middle of a surrogate pair. */
const cut = (word: string): string => word.slice(0, WORD_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '');
