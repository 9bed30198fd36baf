import { addressField } from '../kernel/address-field.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';

/** Why somebody was not let in, in the words of the log; the answer tells less. */
export type RefusalReason =
  | 'unknown_token'
  | 'unknown_session'
  | 'token_expired'
  | 'token_revoked'
  | 'session_over'
  | 'scope_too_small'
  | 'cross_site';

interface Count {
  readonly reason: RefusalReason;
  readonly address: string;
  readonly actorId: string | undefined;
  again: number;
}

const PERIOD_MS = 60_000;
/** Lines a minute, and as many again for how often: a flood must not fill the disk. */
const LINES_MAX = 50;

/**
 * Tells the log who was not let in: the first time at once, and after a minute how often again. Not the audit log, in
 * which whoever cares to guess could write as much as they like.
 */
export class Refusals {
  readonly #log: Pick<Logger, 'warn'>;
  readonly #clock: Clock;
  #counts = new Map<string, Count>();
  #untold = 0;

  constructor(log: Pick<Logger, 'warn'>, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  note(reason: RefusalReason, address: string, actorId?: string): void {
    if (this.#counts.size === 0) this.#clock.after(PERIOD_MS, () => this.#tell());
    const key = `${reason} ${address} ${actorId ?? ''}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.again += 1;
    else if (this.#counts.size >= LINES_MAX) this.#untold += 1;
    else {
      this.#counts.set(key, { reason, address, actorId, again: 0 });
      this.#log.warn(fieldsOf(reason, address, actorId), 'an operator was not let in');
    }
  }

  #tell(): void {
    const counts = this.#counts;
    const untold = this.#untold;
    this.#counts = new Map();
    this.#untold = 0;
    for (const { reason, address, actorId, again } of counts.values()) {
      if (again === 0) continue;
      this.#log.warn({ ...fieldsOf(reason, address, actorId), again }, 'an operator was not let in, again');
    }
    if (untold > 0) this.#log.warn({ refused: untold }, 'many others were not let in');
  }
}

const fieldsOf = (reason: RefusalReason, address: string, actorId: string | undefined) => ({
  'event.category': ['authentication'],
  'event.outcome': 'failure',
  [addressField(address)]: address,
  reason,
  ...(actorId === undefined ? {} : { 'user.id': actorId }),
});
