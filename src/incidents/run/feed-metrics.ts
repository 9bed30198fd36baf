import type { Meter } from '../../kernel/meter.ts';
import { type FeedReport, type ListReport, listsOf } from '../report.ts';
import type { PushResult } from '../thread/protocol.ts';

/** What a refresh brought: all lists that were asked for, some of them, none. */
export type RefreshOutcome = 'complete' | 'partial' | 'failed';

/** From files that are read in a moment to a feed that takes its time-outs. */
const REFRESH_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 15, 30, 60];

/** What becomes of asking feeds and of what is sent to them, counted. Feeds are those of the config. */
export interface FeedMetrics {
  /** By this process. */
  refreshed(report: FeedReport): void;
  /** Once it is on disk. */
  pushed(feed: string, result: PushResult): void;
  /** New incidents, each with its event. */
  told(feed: string, incidents: number): void;
}

export function feedMetrics(meter: Meter): FeedMetrics {
  const refreshes = meter.counter({
    name: 'tocsin_feed_refreshes_total',
    help: 'Refreshes by this process, by feed and outcome (complete, partial, failed).',
    labels: ['feed', 'outcome'],
  });
  const failures = meter.counter({
    name: 'tocsin_feed_list_failures_total',
    help: 'Lists that a refresh could not have or read, by feed and reason.',
    labels: ['feed', 'reason'],
  });
  const durations = meter.histogram({
    name: 'tocsin_feed_refresh_duration_seconds',
    help: 'How long refreshes took, whatever their outcome, by feed.',
    labels: ['feed'],
    buckets: REFRESH_BUCKETS,
  });
  const told = meter.counter({
    name: 'tocsin_incidents_told_total',
    help: 'New incidents that an event was made of, by feed.',
    labels: ['feed'],
  });
  const pushed = meter.counter({
    name: 'tocsin_incidents_pushed_total',
    help: 'Incidents sent to a feed and on disk, by feed and outcome (taken, repeat, invalid).',
    labels: ['feed', 'outcome'],
  });
  return {
    refreshed(report) {
      const { id, durationMs } = report;
      const asked = askedOf(report);
      const reasons = asked.flatMap(({ error }) => error?.reason ?? []);
      refreshes.of(id, outcomeOf(asked.length, reasons.length)).inc();
      for (const reason of reasons) failures.of(id, reason).inc();
      if (durationMs !== undefined) durations.of(id).observe(durationMs / 1_000);
    },
    pushed(feed, result) {
      if (result.kind !== 'taken') return;
      pushed.of(feed, 'taken').inc(result.taken);
      pushed.of(feed, 'repeat').inc(result.repeats);
      pushed.of(feed, 'invalid').inc(result.invalid);
    },
    told: (feed, incidents) => told.of(feed).inc(incidents),
  };
}

/** Of its lists, those that the last refresh asked for: the others keep the error of one before. */
const askedOf = (report: FeedReport): readonly ListReport[] =>
  listsOf(report).filter(({ lastAttemptAt }) => lastAttemptAt === report.refreshedAt);

function outcomeOf(asked: number, failed: number): RefreshOutcome {
  if (failed === 0) return 'complete';
  return failed < asked ? 'partial' : 'failed';
}
