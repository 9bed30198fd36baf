import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Write } from '../storage/statement.ts';
import type { Kysely, Store } from '../storage/store.ts';
import { type Announced, type TargetStanding, type TargetState, untouched } from './target-standing.ts';
import { targetStatements } from './target-statements.ts';

type StandingRow = {
  target: string;
  state: string;
  version: number;
  reason: string | null;
  changed_by: string | null;
  changed_at: number;
  ends_at: number;
  hold_until: number;
  last_success_at: number;
  last_failure_at: number;
  failing_since: number;
  announced: string | null;
  announced_at: number;
};
type StandingTables = { target_states: StandingRow };

const fromRow = (row: StandingRow): TargetStanding => ({
  target: row.target,
  state: row.state as TargetState,
  version: row.version,
  reason: row.reason ?? undefined,
  changedBy: row.changed_by ?? undefined,
  changedAt: row.changed_at,
  endsAt: row.ends_at,
  holdUntil: row.hold_until,
  lastSuccessAt: row.last_success_at,
  lastFailureAt: row.last_failure_at,
  failingSince: row.failing_since,
  announced: (row.announced as Announced | null) ?? undefined,
  announcedAt: row.announced_at,
});

/** A change of a target's state, as an operator or we ourselves decide it. */
export interface StateChange {
  readonly state: TargetState;
  readonly reason?: string | undefined;
  readonly by: string;
  readonly at: number;
  /** When a pause ends by itself; Unix ms. */
  readonly endsAt?: number | undefined;
}

/** The guard of a change: it passes when nobody changed the state since it was `seen`. */
export function stateWrite(seen: TargetStanding, change: StateChange): Write {
  const { state, reason, by, at, endsAt } = change;
  return {
    statement: targetStatements.setState.name,
    row: [seen.target, seen.version, state, reason ?? null, by, at, endsAt ?? 0],
  };
}

/** The standing once that change is made. */
export const changed = (seen: TargetStanding, change: StateChange): TargetStanding => ({
  ...seen,
  state: change.state,
  version: seen.version + 1,
  reason: change.reason,
  changedBy: change.by,
  changedAt: change.at,
  endsAt: change.endsAt ?? 0,
  holdUntil: 0,
  failingSince: 0,
});

const FOLLOW_MS = 2_000;

export interface StandingsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Hears of every standing that was read, and of every change made here. */
  readonly heard: (standing: TargetStanding) => void;
}

/** How all targets stand: read from the store at the start and again and again, because replicas change it too. */
export class TargetStandings {
  readonly #options: StandingsOptions;
  readonly #read: Kysely<StandingTables>;
  readonly #known = new Map<string, TargetStanding>();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: StandingsOptions) {
    this.#options = options;
    this.#read = options.store.read.withTables<StandingTables>();
  }

  get(target: string): TargetStanding {
    return this.#known.get(target) ?? untouched(target);
  }

  /** Rejects with StoreUnavailable. */
  async load(): Promise<void> {
    const rows = await this.#read.selectFrom('target_states').selectAll().execute();
    for (const row of rows) this.#hear(fromRow(row));
  }

  /** Of one target, as it is in the store now. */
  async fresh(target: string): Promise<TargetStanding> {
    const row = await this.#read
      .selectFrom('target_states')
      .selectAll()
      .where('target', '=', target)
      .executeTakeFirst();
    const standing = row === undefined ? untouched(target) : fromRow(row);
    this.#hear(standing);
    return standing;
  }

  /** A change that is committed: this process need not wait until it reads it. */
  tell(standing: TargetStanding): void {
    this.#hear(standing);
  }

  /** Follows the changes of other processes. */
  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(FOLLOW_MS, () => void this.#follow().then(() => this.start()));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #follow(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      this.#options.log.warn({ reason: errorText(error) }, 'the store did not say how the targets stand');
    }
  }

  /** A read that was under way while a change was made here comes too late to be believed. */
  #hear(standing: TargetStanding): void {
    const known = this.#known.get(standing.target);
    if (known !== undefined && known.version > standing.version) return;
    this.#known.set(standing.target, standing);
    this.#options.heard(standing);
  }
}
