import type { Api, Query } from './api.ts';
import { eventPage, type EventSummary } from './event-wire.ts';
import { type Listed, listPages } from './list-pages.ts';
import { type Result, succeeded } from './result.ts';

/** Newest first. */
export interface ListedEvents extends Listed<EventSummary> {
  /** Of a search: false when it has not seen everything there is. */
  readonly isWhole?: boolean;
}

/** Events that fit the filter, `limit` at most, over as many pages as that takes. */
export async function listEvents(api: Api, filter: Query, limit: number): Promise<Result<ListedEvents>> {
  let isWhole = true;
  const listed = await listPages(limit, async (query) => {
    const page = await api.get('api/v1/events', { ...filter, ...query }, eventPage);
    if (page.ok) isWhole &&= page.value.search?.complete ?? true;
    return page;
  });
  return listed.ok ? succeeded({ ...listed.value, isWhole }) : listed;
}
