import type { Static, TObject } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import type { AnyFeed, Feed, FeedKindName } from './feed.ts';

/** Where a configured feed stands. */
export interface FeedContext {
  /** What all kinds have. */
  readonly common: Omit<Feed, 'kind' | 'staleAfterMs'>;
  /** As the config has it; undefined: as long as suits how often it is looked at (`staleAfter`). */
  readonly staleAfterMs: number | undefined;
  /** Beyond the public addresses that may be dialled. */
  readonly egressAllow: readonly string[];
}

/** A kind of feed: how its incidents come in. One file, one line in `kinds/index.ts`. */
export interface FeedKind<Settings extends TObject = TObject> {
  readonly kind: FeedKindName;
  readonly summary: string;
  /** Beyond `id`, `kind` and what every feed has (`settings.ts`). */
  readonly settings: Settings;
  check?(settings: Static<Settings>): readonly Fault[];
  open(settings: Static<Settings>, context: FeedContext): AnyFeed;
}

export function defineFeed<const Settings extends TObject>(kind: FeedKind<Settings>): FeedKind<Settings> {
  return kind;
}

const STALE_MS_MIN = 60_000;
const STALE_TIMES = 5;

/** After how long a list counts as stale in a feed that is looked at every so often. */
export const staleAfter = ({ staleAfterMs }: FeedContext, everyMs: number): number =>
  staleAfterMs ?? Math.max(STALE_MS_MIN, STALE_TIMES * everyMs);
