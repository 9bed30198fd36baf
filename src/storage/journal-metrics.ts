import type { Meter } from '../kernel/meter.ts';

const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** From a fast disk's fsync to a store that is in trouble. */
const COMMIT_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export interface JournalMetrics {
  committed(submissions: number, elapsedMs: number): void;
  /** `unavailable`: nothing was written, and it is not the submissions' fault. `refused`: it is. */
  failed(reason: 'unavailable' | 'refused'): void;
  /** A submission that was turned away, because too many wait. */
  full(): void;
}

/** `waiting`: submissions that wait for a commit. */
export function journalMetrics(meter: Meter, waiting: () => number): JournalMetrics {
  const size = meter
    .histogram({
      name: 'tocsin_journal_commit_submissions',
      help: 'Submissions that went into one commit.',
      labels: [],
      buckets: BATCH_BUCKETS,
    })
    .of();
  const duration = meter
    .histogram({
      name: 'tocsin_journal_commit_duration_seconds',
      help: 'How long commits took that went through.',
      labels: [],
      buckets: COMMIT_BUCKETS,
    })
    .of();
  const failed = meter.counter({
    name: 'tocsin_journal_failed_commits_total',
    help: 'Commits that failed: unavailable (nothing was written), refused (a fault in what was written), full (too many wait).',
    labels: ['reason'],
  });
  // At 0 from the start: what appears for the first time has not grown, as Prometheus sees it.
  for (const reason of ['unavailable', 'refused', 'full']) failed.of(reason);
  meter.gauge(
    { name: 'tocsin_journal_waiting', help: 'Submissions that wait for a commit.', labels: [] },
    (tell) => tell(waiting()),
  );
  return {
    committed(submissions, elapsedMs) {
      size.observe(submissions);
      duration.observe(elapsedMs / 1_000);
    },
    failed: (reason) => failed.of(reason).inc(),
    full: () => failed.of('full').inc(),
  };
}
