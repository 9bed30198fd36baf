import { Value } from 'typebox/value';
import type { Ingest } from '../events/ingest.ts';
import { feedMetrics } from '../incidents/run/feed-metrics.ts';
import { IncidentFeeds } from '../incidents/run/incident-feeds.ts';
import type { AnyFeed } from '../incidents/feeds/feed.ts';
import { type FeedMember, openFeed } from '../incidents/feeds/open-feed.ts';
import { feedSettings, type FeedSettings } from '../incidents/feeds/settings.ts';
import { poll } from '../incidents/feeds/kinds/poll.ts';
import { pushProof } from '../incidents/feeds/kinds/push.ts';
import type { RiskScale } from '../incidents/store/port.ts';
import { IncidentStore } from '../incidents/store/store.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { HttpClient } from '../kernel/http-client.ts';
import type { Logger } from '../kernel/log.ts';
import { type Meter, noMeter } from '../kernel/meter.ts';
import { openProof } from '../sources/open-source.ts';
import type { Source } from '../sources/source.ts';
import { type VerificationSettings, verificationSettings } from '../sources/schemes/settings.ts';
import type { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import { ENVIRONMENT_FEED } from './incident-settings.ts';
import type { Config } from './settings.ts';
import { split } from './split-settings.ts';

export interface IncidentParts {
  readonly config: Config;
  readonly store: Store;
  readonly journal: Journal;
  readonly ingest: Ingest;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: Meter;
}

const HOUR_MS = 3_600_000;

/** The incident feeds of the config this process was started with. Nothing runs yet. */
export function createIncidents(parts: IncidentParts) {
  const { config, store, clock, meter } = parts;
  const members = feedMembers(config);
  const feeds = members.map((member) => openFeed(member, config.egress.allow));
  const incidentStore = new IncidentStore(store);
  const incidentFeeds = new IncidentFeeds({
    ...parts,
    feeds,
    reader: incidentStore,
    leadership: store.leadership,
    // Without a feed there is nothing to count, and no metric of it.
    metrics: feedMetrics(feeds.length === 0 ? noMeter : meter),
  });
  const retentionMs = Math.max(HOUR_MS, durationMs(config.incidents.retention));
  return {
    incidentStore,
    incidentFeeds,
    pushedFeeds: pushedFeeds(members, feeds, parts),
    riskScale: riskScaleOf(config),
    /** Incidents that no feed lists any more, and identities that none names. */
    incidentSweeps: [
      (limit: number) => incidentStore.sweep(clock.now() - retentionMs, limit),
      (limit: number) => incidentStore.sweepIdentities(clock.now() - retentionMs, limit),
    ],
  };
}

/** A feed that is sent to, and how its requests are proved. */
export interface PushedDoor {
  readonly feed: AnyFeed;
  readonly verify: Source['verify'];
}

/** The feeds of a config, ready to be asked by whoever is not the service. */
export const feedsOf = (config: Config): readonly AnyFeed[] =>
  feedMembers(config).map((member) => openFeed(member, config.egress.allow));

/** The contract's environment makes a feed of its own, unless the file declares it. */
function feedMembers(config: Config): readonly FeedMember[] {
  const declared = config.feeds.map(({ id, kind, ...rest }): FeedMember => {
    const [common, settings] = split(rest, feedSettings);
    // Checked by the schema of all feeds before it came here.
    return { id, kind, common: common as FeedSettings, settings };
  });
  const { url, user, password, every } = config.incidents;
  if (url === undefined || declared.some(({ id }) => id === ENVIRONMENT_FEED)) return declared;
  const credentials = user === undefined || password === undefined ? {} : { user, password };
  const settings = Value.Default(poll.settings, { url, every, ...credentials }) as FeedMember['settings'];
  return [{ id: ENVIRONMENT_FEED, kind: 'poll', common: Value.Create(feedSettings), settings }, ...declared];
}

function pushedFeeds(
  members: readonly FeedMember[],
  feeds: readonly AnyFeed[],
  { clock, http }: IncidentParts,
): ReadonlyMap<string, PushedDoor> {
  const doors = feeds.flatMap((feed, index) => {
    const member = members[index];
    if (feed.kind !== 'push' || member === undefined) return [];
    const [verification] = split(member.settings, verificationSettings);
    // Checked by the schema of pushed feeds before it came here.
    const proof = openProof(pushProof, verification as VerificationSettings, { id: feed.id, clock, http });
    return [[feed.id, { feed, verify: proof.verify }] as const];
  });
  return new Map(doors);
}

const riskScaleOf = ({ incidents: { risk } }: Config): RiskScale => ({
  weights: { low: risk.low, medium: risk.medium, high: risk.high, critical: risk.critical },
  halfLifeMs: durationMs(risk.halfLife),
});
