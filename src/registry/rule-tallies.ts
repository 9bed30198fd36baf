import type { Matched } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Journal } from '../storage/journal.ts';
import { sql } from '../storage/sql.ts';
import type { Kysely, Store } from '../storage/store.ts';
import { NONE, type RuleCount } from './rule-count.ts';
import { registryStatements } from './statements.ts';

type CountTables = { rule_counts: { bucket: number; rule: string; events: number } };

export interface RuleTalliesOptions {
  readonly store: Store;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

const BUCKET_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FLUSH_MS = 10_000;

/**
 * Counts in memory which rules take events, and adds the sums to the store every few seconds: an event costs a step
 * in a map and no write. A kill loses the last few seconds of the counts.
 */
export class RuleTallies {
  readonly #options: RuleTalliesOptions;
  readonly #read: Kysely<CountTables>;
  #counts = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: RuleTalliesOptions) {
    this.#options = options;
    this.#read = options.store.read.withTables<CountTables>();
  }

  /** One event that is on disk. */
  note(matched: Matched): void {
    for (const { rule } of matched) this.#add(rule, 1);
  }

  /** By rule, what all processes counted; of others as of a few seconds ago. Rejects with StoreUnavailable. */
  async counts(): Promise<ReadonlyMap<string, RuleCount>> {
    const now = this.#options.clock.now();
    const own = new Map(this.#counts);
    const rows = await this.#read
      .selectFrom('rule_counts')
      .select(['rule', sql<number>`sum(events)`.as('day')])
      .select(sql<number>`sum(case when bucket > ${now - HOUR_MS} then events else 0 end)`.as('hour'))
      .where('bucket', '>', now - DAY_MS)
      .groupBy('rule')
      .execute();
    const found = new Map<string, RuleCount>();
    // PostgreSQL sums to a text.
    for (const { rule, hour, day } of rows) found.set(rule, { lastHour: Number(hour), lastDay: Number(day) });
    for (const [rule, events] of own) {
      const { lastHour, lastDay } = found.get(rule) ?? NONE;
      found.set(rule, { lastHour: lastHour + events, lastDay: lastDay + events });
    }
    return found;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(FLUSH_MS, () => void this.#flush().then(() => this.start()));
  }

  /** Writes what it has, once more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#flush();
  }

  #add(rule: string, events: number): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + events);
  }

  /** What the store does not take is kept for the next time. */
  async #flush(): Promise<void> {
    if (this.#counts.size === 0) return;
    const { journal, clock, log } = this.#options;
    const saving = this.#counts;
    this.#counts = new Map();
    const bucket = Math.floor(clock.now() / BUCKET_MS) * BUCKET_MS;
    const writes = [...saving].map(([rule, events]) => ({
      statement: registryStatements.countEvents.name,
      row: [bucket, rule, events],
    }));
    try {
      await journal.submit([{ writes }]);
    } catch (error) {
      for (const [rule, events] of saving) this.#add(rule, events);
      log.warn({ reason: errorText(error) }, 'the counts of the rules are not written yet');
    }
  }
}

/** Deletes counts that nobody looks at any more; returns how many rows. */
export async function forgetRuleCounts(store: Store, now: number): Promise<number> {
  const result = await store.write
    .withTables<CountTables>()
    .deleteFrom('rule_counts')
    .where('bucket', '<', now - DAY_MS - BUCKET_MS)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
