import type { Clock } from '../kernel/clock.ts';
import { sql } from '../storage/sql.ts';
import type { Kysely, Store } from '../storage/store.ts';
import type { BreakerState } from './breaker.ts';
import { Durations } from './durations.ts';
import type { DeliveryEngine } from './engine.ts';
import { type Hold, type TargetStanding, stateAt } from './target-standing.ts';
import type { TargetStandings } from './target-standings.ts';
import { MINUTE_MS, type TargetMinute, type TargetTallies } from './target-tallies.ts';

type ReportTables = {
  target_minutes: {
    minute: number;
    target: string;
    process: string;
    delivered: number;
    failed: number;
    rejected: number;
    durations: string;
    breaker_until: number;
  };
  deliveries: { id: string; target: string; status: string; created_at: number; replayed_as: string | null };
};

const PERIOD_MS = 60 * MINUTE_MS;
/** Beyond this it is only said that there are more: a million rows are not counted for a page. */
export const COUNTED_MAX = 10_000;

/** Attempts of the last hour, of all processes. */
export interface TargetAttempts {
  readonly delivered: number;
  readonly failed: number;
  readonly rejected: number;
  readonly durations: Durations;
}

/** How a target stands and how it did of late. */
export interface TargetReport {
  readonly standing: TargetStanding;
  readonly state: ReturnType<typeof stateAt>;
  readonly hold: Hold | undefined;
  readonly attempts: TargetAttempts;
  readonly breaker: { readonly state: BreakerState; readonly until: number };
  readonly pending: Counted;
  /** Skipped and not replayed yet. */
  readonly skipped: Counted;
}

/** Rows, counted as far as `COUNTED_MAX`. */
export interface Counted {
  readonly count: number;
  readonly isMore: boolean;
  /** Unix ms of the oldest among those counted. */
  readonly oldestAt: number | undefined;
}

export interface ReportsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly engine: Pick<DeliveryEngine, 'holdOf' | 'breakerUntil'>;
  readonly standings: TargetStandings;
  readonly tallies: Pick<TargetTallies, 'recent'>;
  /** This process's name in the tallies. */
  readonly process: string;
}

interface Sum {
  attempts: { delivered: number; failed: number; rejected: number; readonly durations: Durations };
  /** By process, of its latest minute. */
  readonly breakers: Map<string, { minute: number; until: number }>;
}

/** Puts together how targets stand: from memory what this process knows, from the store what all of them did. */
export class TargetReports {
  readonly #options: ReportsOptions;
  readonly #read: Kysely<ReportTables>;

  constructor(options: ReportsOptions) {
    this.#options = options;
    this.#read = options.store.read.withTables<ReportTables>();
  }

  /** In the order asked. Rejects with StoreUnavailable. */
  async of(targets: readonly string[]): Promise<TargetReport[]> {
    const sums = await this.#sums();
    const reports: TargetReport[] = [];
    for (const target of targets) reports.push(await this.#one(target, sums.get(target) ?? noSum()));
    return reports;
  }

  async #one(target: string, { attempts, breakers }: Sum): Promise<TargetReport> {
    const { clock, engine, standings } = this.#options;
    const now = clock.now();
    const standing = standings.get(target);
    return {
      standing,
      state: stateAt(standing, now),
      hold: engine.holdOf(target),
      attempts,
      breaker: this.#breakerOf(target, breakers, now),
      pending: await this.#count(target, 'pending'),
      skipped: await this.#count(target, 'skipped'),
    };
  }

  /** The worst of all processes'. Of another one it is known as of its last attempts. */
  #breakerOf(target: string, others: Sum['breakers'], now: number): TargetReport['breaker'] {
    const own = this.#options.engine.breakerUntil(target);
    const until = Math.max(own, ...[...others.values()].map((other) => other.until));
    if (until === 0) return { state: 'closed', until };
    return { state: until > now ? 'open' : 'half_open', until };
  }

  async #sums(): Promise<Map<string, Sum>> {
    const { clock, tallies, process } = this.#options;
    const since = clock.now() - PERIOD_MS;
    const rows = await this.#read
      .selectFrom('target_minutes')
      .selectAll()
      .where('minute', '>', since)
      .execute();
    const recent = tallies.recent.filter(({ minute }) => minute > since);
    const own = new Set(recent.map(({ target, minute }) => `${target} ${minute}`));
    const sums = new Map<string, Sum>();
    for (const row of rows) {
      const sum = sumOf(sums, row.target);
      if (row.process !== process) noteBreaker(sum, row.process, row.minute, row.breaker_until);
      // What memory has is newer.
      else if (own.has(`${row.target} ${row.minute}`)) continue;
      add(sum, { ...row, durations: Durations.fromText(row.durations) });
    }
    for (const minute of recent) add(sumOf(sums, minute.target), minute);
    return sums;
  }

  /** Along the index of such rows; pending ones that are due the longest first. */
  async #count(target: string, status: 'pending' | 'skipped'): Promise<Counted> {
    const all = this.#read
      .selectFrom('deliveries')
      .select('created_at')
      .where('target', '=', target)
      .where('status', '=', sql.lit(status));
    const some = (status === 'skipped' ? all.where('replayed_as', 'is', null) : all).limit(COUNTED_MAX + 1);
    const row = await this.#read
      .selectFrom(some.as('some'))
      .select((query) => [
        query.fn.countAll<number>().as('total'),
        query.fn.min<number | null>('created_at').as('oldest'),
      ])
      .executeTakeFirstOrThrow();
    const total = Number(row.total);
    return {
      count: Math.min(total, COUNTED_MAX),
      isMore: total > COUNTED_MAX,
      oldestAt: row.oldest ?? undefined,
    };
  }
}

const noSum = (): Sum => ({
  attempts: { delivered: 0, failed: 0, rejected: 0, durations: new Durations() },
  breakers: new Map(),
});

function sumOf(sums: Map<string, Sum>, target: string): Sum {
  const known = sums.get(target);
  if (known !== undefined) return known;
  const made = noSum();
  sums.set(target, made);
  return made;
}

function add({ attempts }: Sum, more: Omit<TargetMinute, 'minute' | 'target' | 'isUnsaved'>): void {
  attempts.delivered += more.delivered;
  attempts.failed += more.failed;
  attempts.rejected += more.rejected;
  attempts.durations.merge(more.durations);
}

function noteBreaker({ breakers }: Sum, process: string, minute: number, until: number): void {
  const known = breakers.get(process);
  if (known === undefined || known.minute < minute) breakers.set(process, { minute, until });
}

/** Deletes minutes that nobody looks at any more; returns how many rows. */
export async function forgetMinutes(store: Store, before: number): Promise<number> {
  const result = await store.write
    .withTables<ReportTables>()
    .deleteFrom('target_minutes')
    .where('minute', '<', before)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
