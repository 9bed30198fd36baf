import type { Listing, ReadFailure, Reading } from '../inventory/reading.ts';
import type { Attempted } from './failure.ts';

/** What one account may hold of one sort in memory. */
const ITEMS_MAX = 200_000;
const PAGES_MAX = 5_000;

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent or empty: there is none. */
  readonly next?: string | undefined;
  /** Of what the page leaves out. */
  readonly failures?: readonly ReadFailure[];
}

/** All pages of a list, one after the other. Breaks off with a failure and what there is by then. */
export async function allPages<T>(
  attempted: Attempted,
  ask: (token: string | undefined) => Promise<Reading<Page<T>>>,
  itemsMax = ITEMS_MAX,
): Promise<Listing<T>> {
  const items: T[] = [];
  const failures: ReadFailure[] = [];
  const seen = new Set<string>();
  const broken = (code: string): Listing<T> => ({
    items,
    failures: [...failures, { kind: 'failed', ...attempted, code }],
  });
  let token: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await ask(token);
    if (page.kind === 'unread') return { items, failures: [...failures, page.failure] };
    const room = itemsMax - items.length;
    for (const item of page.value.items.slice(0, room)) items.push(item);
    failures.push(...(page.value.failures ?? []));
    token = page.value.next;
    if (page.value.items.length > room || (token && items.length >= itemsMax)) return broken('TooMany');
    if (!token) return { items, failures };
    // A server that goes round in circles has no end.
    if (seen.has(token)) return broken('TokenRepeated');
    seen.add(token);
  }
  return broken('TooManyPages');
}

/** One list of several. */
export const joined = <T>(listings: readonly Listing<T>[]): Listing<T> => ({
  items: listings.flatMap(({ items }) => items),
  failures: listings.flatMap(({ failures }) => failures),
});

/** No more than may be held in memory; what is more is said. */
export function bounded<T>(listing: Listing<T>, attempted: Attempted, itemsMax = ITEMS_MAX): Listing<T> {
  if (listing.items.length <= itemsMax) return listing;
  return {
    items: listing.items.slice(0, itemsMax),
    failures: [...listing.failures, { kind: 'failed', ...attempted, code: 'TooMany' }],
  };
}
