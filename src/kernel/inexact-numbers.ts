import { jsonStringEnd } from './json-scan.ts';

/** Beyond 2^53 neighbouring integers are one double; beyond its range all numbers are Infinity. */
export function isInexactNumber(value: number): boolean {
  return Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
}

/**
 * The numbers of a valid JSON text that a double may not hold exactly, as they stand there, sorted: all that two
 * texts can differ in, blanks and spelling aside, and still parse to equal values.
 */
export function inexactNumbers(text: string): readonly string[] {
  const found: string[] = [];
  const token = /-?\d[\d.eE+-]*|"/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] !== '"') {
      if (isInexactNumber(Number(match[0]))) found.push(match[0]);
      continue;
    }
    const end = jsonStringEnd(text, match.index);
    if (end === -1) break;
    token.lastIndex = end + 1;
  }
  return found.sort();
}
