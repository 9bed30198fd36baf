import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Journal } from '../storage/journal.ts';
import type { Write } from '../storage/statement.ts';
import { Durations } from './durations.ts';
import { targetStatements } from './target-statements.ts';
import type { Ended } from './work.ts';

export const MINUTE_MS = 60_000;
const FLUSH_MS = 10_000;
/** While the store is away; what is older is let go. */
const MINUTES_KEPT = 120;

/** What one process saw of one target within one minute. */
export interface TargetMinute {
  /** Unix ms of its beginning. */
  readonly minute: number;
  readonly target: string;
  delivered: number;
  /** To be tried again. */
  failed: number;
  /** Given up at once. */
  rejected: number;
  readonly durations: Durations;
  /** It has what the store does not have yet. */
  isUnsaved: boolean;
}

/** What is to be told of a target since it was last told. Unix ms; 0 for never. */
interface News {
  lastSuccessAt: number;
  lastFailureAt: number;
  /** The first after the last success. */
  failingSince: number;
}

export interface TalliesOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Logger;
  /** Names this process, anew at every start. */
  readonly process: string;
  /** Unix ms; 0 while the breaker is closed. */
  readonly breakerUntil: (target: string) => number;
  /** Called after each flush that went through. */
  readonly flushed: () => Promise<void>;
}

/**
 * Counts attempts in memory and writes the sums down every few seconds, so that the health of the targets costs the
 * deliveries nothing. A kill loses the last few seconds of the counts, never a delivery.
 */
export class TargetTallies {
  readonly #options: TalliesOptions;
  #minutes: TargetMinute[] = [];
  /** By target, the one that counts now. */
  readonly #current = new Map<string, TargetMinute>();
  #news = new Map<string, News>();
  #cancel: (() => void) | undefined;
  #flushing: Promise<void> | undefined;
  #stopped = false;

  constructor(options: TalliesOptions) {
    this.#options = options;
  }

  /** One attempt that ended. */
  note(target: string, { startedAt, durationMs, outcome }: Ended): void {
    const endedAt = startedAt + durationMs;
    const minute = this.#minuteOf(target, endedAt);
    minute.durations.add(durationMs);
    const news = this.#newsOf(target);
    if (outcome.kind === 'delivered') {
      minute.delivered += 1;
      news.lastSuccessAt = Math.max(news.lastSuccessAt, endedAt);
      news.failingSince = 0;
      return;
    }
    if (outcome.kind === 'retry') minute.failed += 1;
    else minute.rejected += 1;
    news.lastFailureAt = Math.max(news.lastFailureAt, endedAt);
    if (news.failingSince === 0) news.failingSince = endedAt;
  }

  /** This process's minutes that the store may not have yet, or not to the last. */
  get recent(): readonly TargetMinute[] {
    return this.#minutes;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(FLUSH_MS, () => {
      void this.flush()
        .then(() => this.#options.flushed())
        .catch((error: unknown) => this.#options.log.warn({ reason: errorText(error) }, 'the targets wait'))
        .finally(() => this.start());
    });
  }

  /** Writes what it has, once more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.flush().catch((error: unknown) =>
      this.#options.log.warn({ reason: errorText(error) }, 'the last counts of the targets are not written'),
    );
  }

  /** Rejects with StoreUnavailable; then everything is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    this.#forgetOld();
    const saving = this.#minutes.filter(({ isUnsaved }) => isUnsaved);
    if (saving.length === 0) return;
    const news = this.#news;
    this.#news = new Map();
    const writes = this.#writes(saving, news);
    for (const minute of saving) minute.isUnsaved = false;
    try {
      await this.#options.journal.submit([{ writes }]);
    } catch (error) {
      for (const minute of saving) minute.isUnsaved = true;
      for (const [target, older] of news) this.#keep(target, older);
      throw error;
    }
  }

  #writes(minutes: readonly TargetMinute[], news: ReadonlyMap<string, News>): Write[] {
    const { process, breakerUntil } = this.#options;
    return [
      ...minutes.map(({ minute, target, delivered, failed, rejected, durations }) => ({
        statement: targetStatements.putMinute.name,
        row: [minute, target, process, delivered, failed, rejected, durations.toText(), breakerUntil(target)],
      })),
      ...[...news].map(([target, { lastSuccessAt, lastFailureAt, failingSince }]) => ({
        statement: targetStatements.noteAttempts.name,
        row: [target, lastSuccessAt, lastFailureAt, failingSince],
      })),
    ];
  }

  /** News that was not written, together with what came since. */
  #keep(target: string, older: News): void {
    const newer = this.#newsOf(target);
    const hasSucceeded = newer.lastSuccessAt > 0;
    newer.lastSuccessAt = Math.max(older.lastSuccessAt, newer.lastSuccessAt);
    newer.lastFailureAt = Math.max(older.lastFailureAt, newer.lastFailureAt);
    if (!hasSucceeded && older.failingSince > 0) newer.failingSince = older.failingSince;
  }

  /** Attempts that end together may end out of order: one late for its minute counts in the next. */
  #minuteOf(target: string, at: number): TargetMinute {
    let found = this.#current.get(target);
    if (found === undefined || at >= found.minute + MINUTE_MS) {
      const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
      const durations = new Durations();
      found = { minute, target, delivered: 0, failed: 0, rejected: 0, durations, isUnsaved: true };
      this.#current.set(target, found);
      this.#minutes.push(found);
    }
    found.isUnsaved = true;
    return found;
  }

  #newsOf(target: string): News {
    let found = this.#news.get(target);
    if (found === undefined) {
      found = { lastSuccessAt: 0, lastFailureAt: 0, failingSince: 0 };
      this.#news.set(target, found);
    }
    return found;
  }

  #forgetOld(): void {
    const current = Math.floor(this.#options.clock.now() / MINUTE_MS) * MINUTE_MS;
    const oldest = current - MINUTES_KEPT * MINUTE_MS;
    this.#minutes = this.#minutes.filter(
      ({ minute, isUnsaved }) => minute >= current || (isUnsaved && minute >= oldest),
    );
  }
}
