import { type AuditEntry, auditWrite } from '../access/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import { Problem } from '../kernel/problem.ts';
import type { Actor } from '../kernel/route.ts';
import type { Journal } from '../storage/journal.ts';
import { stateAt, type TargetStanding, type TargetState } from './target-standing.ts';
import { changed, type StateChange, stateWrite, type TargetStandings } from './target-standings.ts';

export interface ControlOptions {
  readonly journal: Journal;
  readonly standings: TargetStandings;
  readonly clock: Clock;
}

/** What an operator wants of a target. */
export type Wish =
  | { readonly action: 'enable' }
  | { readonly action: 'disable'; readonly reason: string | undefined }
  | { readonly action: 'pause'; readonly reason: string | undefined; readonly endsAt: number | undefined }
  | { readonly action: 'resume' };

/** Another replica's change in between is looked at again; more often than this somebody plays. */
const TRIES = 5;

/** Changes targets' states at operators' wish; each change and its entry in the audit log are one commit. */
export class TargetControl {
  readonly #options: ControlOptions;

  constructor(options: ControlOptions) {
    this.#options = options;
  }

  /** Also when it stands so already: what was held against it (a breaker, a Retry-After) is forgotten. */
  async change(target: string, wish: Wish, actor: Actor): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const seen = await this.#options.standings.fresh(target);
      if (await this.#try(seen, wish, actor)) return;
    }
    throw new Problem('store_unavailable', 'Others change this target at the same time. Try again.', {
      retryAfterSeconds: 1,
    });
  }

  async #try(seen: TargetStanding, wish: Wish, actor: Actor): Promise<boolean> {
    const { journal, standings, clock } = this.#options;
    const now = clock.now();
    const before = stateAt(seen, now);
    const change: StateChange = { ...decided(before, wish), by: actor.id, at: now };
    const { state, reason, endsAt } = change;
    const audit: AuditEntry = {
      at: now,
      actor: actor.id,
      action: `target.${wish.action}`,
      subject: seen.target,
      before: { state: before },
      after: { state, reason, until: endsAt === undefined ? undefined : new Date(endsAt).toISOString() },
    };
    const [passed] = await journal.submit([{ guard: stateWrite(seen, change), writes: [auditWrite(audit)] }]);
    if (passed !== true) return false;
    standings.tell(changed(seen, change));
    return true;
  }
}

/** Throws a Problem when the state does not allow it. */
function decided(before: TargetState, wish: Wish): Pick<StateChange, 'state' | 'reason' | 'endsAt'> {
  if (wish.action === 'enable') return { state: 'enabled' };
  if (wish.action === 'disable') return { state: 'disabled', reason: wish.reason };
  if (before === 'disabled')
    throw new Problem('conflict', `The target is disabled: enable it, then it can be ${wish.action}d.`);
  if (wish.action === 'resume') return { state: 'enabled' };
  return { state: 'paused', reason: wish.reason, endsAt: wish.endsAt };
}
