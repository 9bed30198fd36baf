import { type Result, succeeded } from './result.ts';

const PAGE_MAX = 200;

export interface Listed<Item> {
  readonly items: readonly Item[];
  /** Null when these are all. */
  readonly nextCursor: string | null;
}

/** What a page is asked for with. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** The first items of a list, `limit` at most, over as many pages as that takes. */
export async function listPages<Item>(
  limit: number,
  ask: (page: PageQuery) => Promise<Result<Listed<Item>>>,
): Promise<Result<Listed<Item>>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  while (items.length < limit) {
    const page = await ask({ limit: Math.min(PAGE_MAX, limit - items.length), cursor });
    if (!page.ok) return page;
    items.push(...page.value.items);
    if (page.value.nextCursor === null) return succeeded({ items, nextCursor: null });
    cursor = page.value.nextCursor;
  }
  return succeeded({ items, nextCursor: cursor ?? null });
}
