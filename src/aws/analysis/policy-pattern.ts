/** IAM's wildcards: `*` stands for any text, also none, and `?` for one character. */

/** Whether the pattern matches the text. Linear but for patterns made to be slow, and those are bounded. */
export const matches = (pattern: string, text: string): boolean => glob(pattern, text, (_one) => true);

/**
 * Whether all that the narrower pattern matches is matched by the wider one too. Rather no than a wrong yes: what it
 * says no to may still be covered, in ways that nobody writes.
 */
export const covers = (wider: string, narrower: string): boolean =>
  glob(wider, narrower, (one) => one !== '*');

/** Whether no text can match both; rather no than a wrong yes. */
export function areApart(a: string, b: string): boolean {
  if (!hasWildcard(a)) return !matches(b, a);
  if (!hasWildcard(b)) return !matches(a, b);
  const [left, right] = [literalPrefix(a), literalPrefix(b)];
  return !left.startsWith(right) && !right.startsWith(left);
}

/** What comes before the first wildcard. */
export function literalPrefix(pattern: string): string {
  const wildcard = /[*?]/.exec(pattern);
  return wildcard ? pattern.slice(0, wildcard.index) : pattern;
}

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/** IAM's policy variables are filled in per request: what stands there is not known. `${*}` and the like are escapes. */
export const hasVariable = (text: string): boolean => text.includes('${');

/** Goes back to the last star only: enough for patterns without alternatives, and no recursion. */
function glob(pattern: string, text: string, mayBeAny: (character: string) => boolean): boolean {
  let [at, read, star, resume] = [0, 0, -1, 0];
  while (read < text.length) {
    const wanted = pattern[at];
    const given = text[read] ?? '';
    if (wanted === '*') {
      star = at++;
      resume = read;
    } else if (wanted === '?' ? mayBeAny(given) : wanted === given) {
      at++;
      read++;
    } else if (star >= 0) {
      at = star + 1;
      read = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
