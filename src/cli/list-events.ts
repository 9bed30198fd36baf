import type { Api, Query } from './api.ts';
import { eventPage, type EventSummary } from './event-wire.ts';
import { type Result, succeeded } from './result.ts';

const PAGE_MAX = 200;

export interface ListedEvents {
  /** Newest first. */
  readonly items: readonly EventSummary[];
  /** Null when these are all. */
  readonly nextCursor: string | null;
  /** Of a search: false when it has not seen everything there is. */
  readonly isWhole?: boolean;
}

/** Events that fit the filter, `limit` at most, over as many pages as that takes. */
export async function listEvents(api: Api, filter: Query, limit: number): Promise<Result<ListedEvents>> {
  const items: EventSummary[] = [];
  let cursor: string | undefined;
  let isWhole = true;
  while (items.length < limit) {
    const query = { ...filter, limit: Math.min(PAGE_MAX, limit - items.length), cursor };
    const page = await api.get('api/v1/events', query, eventPage);
    if (!page.ok) return page;
    items.push(...page.value.items);
    isWhole &&= page.value.search?.complete ?? true;
    if (page.value.nextCursor === null) return succeeded({ items, nextCursor: null, isWhole });
    cursor = page.value.nextCursor;
  }
  return succeeded({ items, nextCursor: cursor ?? null, isWhole });
}
