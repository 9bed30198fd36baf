import type { EventId } from '../../kernel/ids.ts';
import type { SearchQuery, Term } from './query.ts';

/** Between two parts of an event: a private-use character is no letter, and so never part of a word. */
const PART_END = ' \ue000 ';

/** The text that FTS5 takes apart at its blanks. */
export const ftsText = (fields: readonly (readonly string[])[]): string =>
  fields.map((words) => words.join(' ')).join(PART_END);

/** FTS5's own language: every word in quotation marks, so that `or` and `near` are words too. */
export const ftsQuery = ({ terms }: SearchQuery): string =>
  terms.map(({ words, isPrefix }) => `"${words.join(' ')}"${isPrefix ? ' *' : ''}`).join(' AND ');

/** Positions beyond it are all the same to PostgreSQL. */
const POSITION_MAX = 16_383;

/** A tsvector's text. A step of two between parts keeps phrases within them. */
export function tsVector(fields: readonly (readonly string[])[]): string {
  const positions = new Map<string, number[]>();
  let position = 0;
  for (const words of fields) {
    position += 1;
    for (const word of words) {
      position = Math.min(position + 1, POSITION_MAX);
      const known = positions.get(word);
      if (known === undefined) positions.set(word, [position]);
      else known.push(position);
    }
  }
  return [...positions].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}

/** A tsquery's text. */
export const tsQuery = ({ terms }: SearchQuery): string => terms.map(tsTerm).join(' & ');

function tsTerm({ words, isPrefix }: Term): string {
  const last = words.length - 1;
  const parts = words.map((word, n) => `'${word}'${isPrefix && n === last ? ':*' : ''}`);
  return `(${parts.join(' <-> ')})`;
}

const COUNTER_BITS = 12n;

/**
 * The number of an event in FTS5, as decimal text because it outgrows a double in 2039: the milliseconds and the
 * counter of its id, so that it keeps the ids' order. One process never makes two ids with both the same.
 */
export function searchNumber(id: EventId): string {
  const [, ms = '0', low = '0', counter = '7000'] = /^evt_(.{8})-(.{4})-(.{4})/.exec(id) ?? [];
  return String((BigInt(`0x${ms}${low}`) << COUNTER_BITS) | (BigInt(`0x${counter}`) & 0xfffn));
}
