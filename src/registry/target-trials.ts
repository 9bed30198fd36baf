import { type AuditEntry, auditWrite } from '../access/audit.ts';
import { RateLimit } from '../access/rate-limit.ts';
import { send } from '../delivery/work.ts';
import type { Severity, TocsinEvent } from '../events/event.ts';
import type { EventStore } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import { type DeliveryId, type EventId, newDeliveryId } from '../kernel/ids.ts';
import { Problem } from '../kernel/problem.ts';
import type { Actor } from '../kernel/route.ts';
import type { Journal } from '../storage/journal.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import { orTimeout } from '../targets/or-timeout.ts';
import type { Job, Outcome, Preview } from '../targets/target.ts';
import { asTest, exampleEvent } from './example-event.ts';

export interface TargetTrialsOptions {
  readonly events: Pick<EventStore, 'get'>;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
}

/** Of which event: a stored one, or an example of a severity. */
export interface EventChoice {
  readonly event?: EventId | undefined;
  readonly severity?: Severity | undefined;
}

export interface Trial {
  /** It is in no list of deliveries. */
  readonly deliveryId: DeliveryId;
  readonly event: TocsinEvent;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly preview: Preview | undefined;
}

/** A minute and token: each is a message that somebody gets. */
const PER_MINUTE = 10;
/** Whoever waits for the answer holds a connection. */
const TIMEOUT_MS_MAX = 30_000;

/** Shows what a target would send, and sends one event to try it. */
export class TargetTrials {
  readonly #options: TargetTrialsOptions;
  readonly #limit: RateLimit;

  constructor(options: TargetTrialsOptions) {
    this.#options = options;
    this.#limit = new RateLimit(PER_MINUTE, options.clock);
  }

  /** What it would send now, made by the same code; nothing leaves. Undefined of a kind that cannot tell. */
  async preview(target: OpenTarget, choice: EventChoice): Promise<Preview | undefined> {
    return target.preview(jobOf(await this.#chosen(target.id, choice), this.#options.clock.now()));
  }

  /**
   * One attempt over the very way that deliveries go, whatever state the target is in: its breaker, its rate limit and
   * its health know nothing of it, and nothing is tried again.
   */
  async send(target: OpenTarget, choice: EventChoice, actor: Actor): Promise<Trial> {
    const { clock } = this.#options;
    const event = asTest(await this.#chosen(target.id, choice), clock.now());
    const wait = this.#limit.take(actor.id);
    if (wait > 0) {
      throw new Problem('too_many_requests', `At most ${PER_MINUTE} tests a minute with one token.`, {
        retryAfterSeconds: wait,
      });
    }
    await this.#tell(target, choice, actor);
    const startedAt = clock.now();
    const job = jobOf(event, startedAt);
    const outcome = await this.#attempt(target, job);
    const durationMs = Math.max(0, Math.round(clock.now() - startedAt));
    return { deliveryId: job.deliveryId, event, outcome, durationMs, preview: target.preview(job) };
  }

  async #attempt(target: OpenTarget, { deliveryId, event, internal }: Job): Promise<Outcome> {
    const abort = new AbortController();
    const timeoutMs = Math.min(target.timeoutMs, TIMEOUT_MS_MAX);
    const cancel = this.#options.clock.after(timeoutMs, () => abort.abort());
    const work = { deliveryId, event, internal, attempts: 0, leaseUntil: Infinity };
    try {
      return await orTimeout(send(target, work, abort.signal), LATE, abort.signal);
    } finally {
      cancel();
    }
  }

  /** Before the attempt: none is made that nobody can read of. */
  async #tell({ id, kind }: OpenTarget, choice: EventChoice, actor: Actor): Promise<void> {
    const { journal, clock } = this.#options;
    const after = { kind, ...choice };
    const entry: AuditEntry = { at: clock.now(), actor: actor.id, action: 'target.test', subject: id, after };
    await journal.submit([{ writes: [auditWrite(entry)] }]);
  }

  async #chosen(target: string, { event: id, severity }: EventChoice): Promise<TocsinEvent> {
    if (id === undefined) return exampleEvent(target, severity ?? 'informational', this.#options.clock.now());
    if (severity !== undefined) throw new Problem('bad_request', 'Give "event" or "severity", not both.');
    const event = await this.#options.events.get(id);
    if (event === undefined) throw new Problem('not_found', 'There is no event with this id.');
    return event;
  }
}

const LATE: Outcome = { kind: 'retry', reason: 'timeout' };

const jobOf = (event: TocsinEvent, now: number): Job => ({
  deliveryId: newDeliveryId(now),
  attempt: 1,
  event,
  internal: event.internalAlert !== undefined,
});
