import { auditWire } from '../access/audit.ts';
import { pageOf } from '../kernel/paging.ts';
import type { Static } from '../kernel/schema.ts';
import type { Api, Query } from './api.ts';
import type { CommandContext } from './command.ts';
import { listPages } from './list-pages.ts';
import { type Result, succeeded } from './result.ts';

export type AuditEntryWire = Static<typeof auditWire>;

const auditPage = pageOf(auditWire);
const ASK_EVERY_MS = 2_000;
const AT_ONCE_MAX = 10_000;
/** Replicas' clocks differ: so far back is looked for what came late. */
const OVERLAP_MS = 10_000;

/** Entries that fit the filter, newest first, `limit` at most, over as many pages as that takes. */
export async function listAudit(
  api: Api,
  filter: Query,
  limit: number,
): Promise<Result<readonly AuditEntryWire[]>> {
  const listed = await listPages(limit, (page) => api.get('api/v1/audit', { ...filter, ...page }, auditPage));
  return listed.ok ? succeeded(listed.value.items) : listed;
}

/** Shows what is done from now on, oldest first, until it is told to end or the service does not answer. */
export async function followAudit(
  api: Api,
  filter: Query,
  { pause }: Pick<CommandContext, 'pause'>,
  show: (entries: readonly AuditEntryWire[]) => void,
): Promise<Result<undefined>> {
  const newest = await listAudit(api, filter, 1);
  if (!newest.ok) return newest;
  let seen = new Set(newest.value.map(({ id }) => id));
  let since = newestAt(newest.value);
  while (await pause(ASK_EVERY_MS)) {
    const from = since === undefined ? undefined : new Date(since - OVERLAP_MS).toISOString();
    const listed = await listAudit(api, { ...filter, since: from }, AT_ONCE_MAX);
    if (!listed.ok) return listed;
    const known = seen;
    // What is no newer than the first look was there before it.
    const fresh = listed.value.filter(({ id }) => !known.has(id) && isNew(id, newest.value));
    if (fresh.length > 0) show(fresh.toReversed());
    seen = new Set(listed.value.map(({ id }) => id));
    since = newestAt(listed.value) ?? since;
  }
  return succeeded(undefined);
}

/** Ids are in the order of their making. */
const isNew = (id: string, [first]: readonly AuditEntryWire[]): boolean =>
  first === undefined || id > first.id;

const newestAt = (entries: readonly AuditEntryWire[]): number | undefined =>
  entries.length === 0 ? undefined : Math.max(...entries.map(({ at }) => Date.parse(at)));
