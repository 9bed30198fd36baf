import { OWN_SOURCE } from '../../events/event.ts';
import { durationMs } from '../../kernel/duration.ts';
import type { Fault } from '../../kernel/fault.ts';
import type { AnyFeed } from './feed.ts';
import type { FeedKind } from './feed-kind.ts';
import { feedKinds } from './kinds/index.ts';
import { elevateTypes } from './presets.ts';
import type { FeedSettings } from './settings.ts';

/** A feed as the config has it: its kind's settings apart from those of all kinds. */
export interface FeedMember {
  readonly id: string;
  readonly kind: string;
  readonly common: FeedSettings;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A feed, ready to be asked. The settings were checked. */
export function openFeed(
  { id, kind, common, settings }: FeedMember,
  egressAllow: readonly string[],
): AnyFeed {
  const found = feedKinds.find((one: FeedKind) => one.kind === kind) as FeedKind | undefined;
  if (found === undefined) throw new TypeError(`no kind for the feed ${id}`);
  return found.open(settings, {
    common: {
      id,
      types: common.types ?? elevateTypes,
      identitiesOf: common.identitiesOf ?? id,
      backlog: common.backlog,
    },
    staleAfterMs: common.staleAfter === undefined ? undefined : durationMs(common.staleAfter),
    egressAllow,
  });
}

/** What is wrong with a feed's types: who they concern must be told in one way, and each but once. */
export function typeFaults({ types = [] }: FeedSettings): readonly Fault[] {
  const seen = new Set<string>();
  return types.flatMap(({ type, employee, address, either }, index) => {
    const faults: Fault[] = [];
    const ways = [employee, address, either].filter((way) => way !== undefined).length;
    if (ways > 1)
      faults.push({ path: `types[${index}]`, message: 'give one of employee, address and either' });
    if (seen.has(type)) faults.push({ path: `types[${index}].type`, message: 'stands there twice' });
    seen.add(type);
    return faults;
  });
}

/** What does not fit between feeds, and with the sources, whose ids are on events as well. `known`: of the environment. */
export function feedFaults(
  feeds: readonly { readonly id: string; readonly identitiesOf?: string | undefined }[],
  known: readonly string[],
  sourceIds: readonly string[],
): readonly Fault[] {
  const ids = new Set([...feeds.map(({ id }) => id), ...known]);
  return feeds.flatMap(({ id, identitiesOf }, index) => {
    const faults: Fault[] = [];
    if (sourceIds.includes(id) || id === OWN_SOURCE)
      faults.push({ path: `feeds[${index}].id`, message: 'is taken by a source: events name both alike' });
    if (identitiesOf !== undefined && !ids.has(identitiesOf))
      faults.push({ path: `feeds[${index}].identitiesOf`, message: 'names no feed' });
    return faults;
  });
}
