import { badQuestion, documentOf, type Answer, type Found, found } from './answer.ts';
import type { ListQuery } from './question.ts';
import type { Unreadable } from './unreadable.ts';

/** How things of one sort stand in a list. */
export interface ListShape<T> {
  /** The document's member that they are in. */
  readonly member: string;
  /** What they are ordered by; of those that are equal in it, `id` decides. */
  readonly name: (item: T) => string;
  /** Unique in the list. */
  readonly id: (item: T) => string;
  /** What a text is looked for in, where it is more than the name and the id. */
  readonly words?: (item: T) => readonly string[];
  readonly wire: (item: T) => object;
  /** Further members of the document, of all that match, whatever the page. */
  readonly beside?: (matching: readonly T[]) => object;
}

/** Names and ids, which AWS bounds, make cursors far below it. */
const CURSOR_LENGTH_MAX = 4_096;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Name and id of the last one of a page. */
type Position = readonly [name: string, id: string];

/**
 * The page that is asked for: `next_cursor` is that of the one after it or null, `total` how many there are on all of
 * them. A page begins behind a name and id, so that nothing comes twice, and nothing is left out, though things come
 * and go between two pages. `unreadable`: what of the list is missing.
 */
export function listDocument<T>(
  items: readonly T[],
  shape: ListShape<T>,
  query: ListQuery | undefined,
  unreadable: readonly Unreadable[] = [],
): Answer {
  const after = positionOf(query?.cursor);
  if (after.kind !== 'found') return after;
  const matching = query === undefined ? [...items] : items.filter((item) => matches(item, shape, query));
  matching.sort((a, b) => compare([shape.name(a), shape.id(a)], [shape.name(b), shape.id(b)]));
  const { page, next } = pageOf(matching, shape, after.value, query?.limit);
  return documentOf({
    [shape.member]: page.map(shape.wire),
    total: matching.length,
    next_cursor: next,
    unreadable,
    ...shape.beside?.(matching),
  });
}

function pageOf<T>(
  sorted: readonly T[],
  { name, id }: ListShape<T>,
  after: Position | undefined,
  limit: number | undefined,
): { readonly page: readonly T[]; readonly next: string | null } {
  const begin =
    after === undefined ? 0 : sorted.findIndex((item) => compare([name(item), id(item)], after) > 0);
  if (begin < 0) return { page: [], next: null };
  const end = limit === undefined ? sorted.length : begin + Math.max(1, Math.trunc(limit));
  const page = sorted.slice(begin, end);
  const last = page.at(-1);
  const isLast = last === undefined || end >= sorted.length;
  return { page, next: isLast ? null : cursorOf([name(last), id(last)]) };
}

function matches<T>(item: T, { name, id, words, wire }: ListShape<T>, { text, where }: ListQuery): boolean {
  if (text !== undefined && text !== '') {
    const sought = text.toLowerCase();
    const said = [name(item), id(item), ...(words?.(item) ?? [])];
    if (!said.some((word) => word.toLowerCase().includes(sought))) return false;
  }
  const wanted = Object.entries(where);
  return wanted.length === 0 || hasValues(wire(item), wanted);
}

/** Lists and objects are equal to no text. */
function hasValues(wire: object, wanted: readonly (readonly [member: string, value: string])[]): boolean {
  const members = new Map<string, unknown>(Object.entries(wire));
  return wanted.every(([member, value]) => {
    const own = members.get(member);
    return typeof own === 'object'
      ? own === null && value === 'null'
      : own !== undefined && String(own) === value;
  });
}

/** By UTF-16 code units: the same on every machine. */
function compare([nameA, idA]: Position, [nameB, idB]: Position): number {
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return idA === idB ? 0 : idA < idB ? -1 : 1;
}

const cursorOf = (position: Position): string =>
  Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');

function positionOf(cursor: string | undefined): Found<Position | undefined> {
  if (cursor === undefined) return found(undefined);
  const position = cursor.length <= CURSOR_LENGTH_MAX && BASE64URL.test(cursor) ? decoded(cursor) : undefined;
  return position === undefined
    ? badQuestion('The cursor is none that a page of this list ended with.')
    : found(position);
}

function decoded(cursor: string): Position | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // No JSON in it: the caller is told.
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [name, id]: readonly unknown[] = value;
  return typeof name === 'string' && typeof id === 'string' ? [name, id] : undefined;
}
