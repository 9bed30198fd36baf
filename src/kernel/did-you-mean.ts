/** Names are short; anything longer is no slip of the pen, and would make the comparison dear. */
const WORD_CHARS_MAX = 64;

/**
 * The candidate that `word` was most likely meant to be, or undefined when none is close: at most one slip in
 * three letters and three in all, where a slip is a letter added, left out, changed, or swapped with its
 * neighbour. Case is no slip. Of equally close candidates the first one.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  if (word === '' || word.length > WORD_CHARS_MAX) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestSlips = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestSlips) continue;
    const slips = slipsBetween(wanted, candidate.toLowerCase());
    if (slips >= bestSlips) continue;
    best = candidate;
    bestSlips = slips;
  }
  return best;
}

/** Optimal string alignment distance: Levenshtein's, with the swap of two neighbours counted once. */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + changed,
        swapped ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
