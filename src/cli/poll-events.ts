import type { Api, Query } from './api.ts';
import type { CommandContext } from './command.ts';
import type { EventSummary } from './event-wire.ts';
import { listEvents } from './list-events.ts';
import { type Result, succeeded } from './result.ts';

const ASK_EVERY_MS = 2_000;
const AT_ONCE_MAX = 10_000;
/** Replicas' clocks differ and commits overtake each other: so far back is looked for what came late. */
const OVERLAP_MS = 10_000;

/**
 * Shows events that come from now on, oldest first, until it is told to end or the service does not answer: where
 * there is no stream to follow. "Now" is the newest event that there is: the clock here need not be the service's.
 */
export async function pollEvents(
  api: Api,
  filter: Query,
  { pause }: Pick<CommandContext, 'pause'>,
  show: (events: readonly EventSummary[]) => void,
): Promise<Result<undefined>> {
  const newest = await listEvents(api, filter, 1);
  if (!newest.ok) return newest;
  let since = newestAt(newest.value.items);
  let seen: ReadonlySet<string> | undefined;
  do {
    const from = since === undefined ? undefined : new Date(since - OVERLAP_MS).toISOString();
    const listed = await listEvents(api, { ...filter, since: from }, AT_ONCE_MAX);
    if (!listed.ok) return listed;
    const { items } = listed.value;
    const known = seen;
    const fresh = known === undefined ? [] : items.filter(({ id }) => !known.has(id));
    if (fresh.length > 0) show(fresh.toReversed());
    seen = new Set(items.map(({ id }) => id));
    since = newestAt(items) ?? since;
  } while (await pause(ASK_EVERY_MS));
  return succeeded(undefined);
}

/** Unix ms. */
function newestAt(items: readonly EventSummary[]): number | undefined {
  return items.length === 0 ? undefined : Math.max(...items.map(({ receivedAt }) => Date.parse(receivedAt)));
}
