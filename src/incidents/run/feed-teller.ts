import { OWN_SOURCE } from '../../events/event.ts';
import { type Ingest, submitOwn } from '../../events/ingest.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Write } from '../../storage/statement.ts';
import type { Feed } from '../feeds/feed.ts';
import type { FeedReport } from '../report.ts';
import type { StoredCondition } from '../store/port.ts';
import { conditionKey, conditionRow, filledRow } from '../store/row.ts';
import { incidentStatements } from '../store/statements.ts';
import { type Condition, conditionsOf, GOOD } from '../telling/conditions.ts';
import { type Backlog, backlogDraft, conditionDraft } from '../telling/feed-drafts.ts';

export interface FeedTellerOptions {
  readonly journal: Pick<Journal, 'submit'>;
  readonly ingest: Pick<Ingest, 'prepareOf'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Tells of feeds what is not an incident: that one is read for the first time, fails, is stale, is well again. Each
 * behind a guard in the store: once, whichever process finds it and however often it is started.
 */
export class FeedTeller {
  readonly #options: FeedTellerOptions;
  readonly #startedAt: number;
  /** As last told or found told, by feed and aspect. */
  readonly #told = new Map<string, string>();

  constructor(options: FeedTellerOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** What was told before this process was there. */
  load(conditions: readonly StoredCondition[]): void {
    for (const { key, state } of conditions) this.#told.set(key, state);
  }

  /** The types' first lists are stored: from now on what is new in them is told. Rejects with StoreUnavailable. */
  async filled(feed: Feed, report: FeedReport, types: readonly string[]): Promise<void> {
    const [first, ...others] = types;
    if (first === undefined) return;
    const { clock, journal, ingest } = this.#options;
    const now = clock.now();
    const fill = (type: string): Write => ({
      statement: incidentStatements.fillType.name,
      row: filledRow(feed.id, type, now),
    });
    const guard = fill(first);
    const also = others.map(fill);
    if (feed.backlog === 'events') {
      await journal.submit([{ guard, writes: also }]);
      return;
    }
    const draft = backlogDraft(feed.id, backlogOf(report, types), now);
    await submitOwn(
      journal,
      ingest.prepareOf(feed.id, draft, () => guard, { also }),
    );
  }

  /** Tells what of the feed has turned since it was last told. Rejects with StoreUnavailable. */
  async look(feed: Feed, report: FeedReport): Promise<void> {
    const conditions = conditionsOf(report, {
      now: this.#options.clock.now(),
      startedAt: this.#startedAt,
      staleAfterMs: feed.staleAfterMs,
      told: (aspect) => this.#told.get(conditionKey(feed.id, aspect)),
    });
    for (const condition of conditions) await this.#turn(feed.id, condition);
  }

  async #turn(feed: string, condition: Condition): Promise<void> {
    const key = conditionKey(feed, condition.aspect);
    if (this.#told.get(key) === condition.state) return;
    const { clock, log, ingest, journal } = this.#options;
    const now = clock.now();
    const { aspect, state } = condition;
    const hasTurned = await submitOwn(
      journal,
      ingest.prepareOf(OWN_SOURCE, conditionDraft(feed, condition, now), ({ id }) => ({
        statement: incidentStatements.turnCondition.name,
        row: conditionRow(feed, aspect, { state, since: now, eventId: id }),
      })),
    );
    this.#told.set(key, state);
    if (!hasTurned) return;
    const line = { 'tocsin.feed.id': feed, aspect, state };
    if (state === GOOD) log.info(line, `the feed ${condition.words}`);
    else log.warn(line, `the feed ${condition.words}`);
  }
}

function backlogOf({ types }: FeedReport, names: readonly string[]): Backlog {
  const lists = types.filter(({ name }) => names.includes(name));
  return {
    types: Object.fromEntries(lists.map(({ name, count }) => [name, count])),
    total: lists.reduce((sum, { count }) => sum + count, 0),
    unresolved: lists.reduce((sum, { unresolved }) => sum + unresolved, 0),
  };
}
