import type { Clock } from '../../kernel/clock.ts';
import type { Pace } from '../principal.ts';
import { isThrottled } from './failure.ts';
import { pause } from '../../kernel/pause.ts';
import { type AwsService, Rates, type TokenBucket } from './rates.ts';
import { Slots } from './slots.ts';

export interface GateOptions {
  readonly clock: Clock;
  readonly callsAtOnce: number;
  readonly pace: Pace;
  readonly stop: AbortSignal;
}

/** Lets calls through: not too many at once, not too many a second. */
export class Gate {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #rates: Rates;
  readonly #slots: Slots;
  /** Answers that were "not so often". */
  throttled = 0;

  constructor({ clock, callsAtOnce, pace, stop }: GateOptions) {
    this.#clock = clock;
    this.#signal = stop;
    this.#rates = new Rates(clock, pace);
    this.#slots = new Slots(callsAtOnce);
  }

  /**
   * Around each attempt of a call, retries included, before it is signed: a signature is good for some minutes only,
   * and nobody holds a place while waiting for AWS to have time again.
   */
  around(service: AwsService, region: string) {
    return <Sent, Got>(next: (sent: Sent) => Promise<Got>, context: { readonly commandName?: string }) =>
      async (sent: Sent): Promise<Got> => {
        const bucket = this.#rates.of(service, region, context.commandName ?? '');
        await this.#enter(bucket);
        try {
          return await next(sent);
        } catch (error) {
          if (isThrottled(error)) {
            this.throttled += 1;
            bucket.slow();
          }
          throw error;
        } finally {
          this.#slots.leave();
        }
      };
  }

  /** A turn that was given before AWS had enough is taken anew: otherwise all of a burst would run into it. */
  async #enter(bucket: TokenBucket): Promise<void> {
    for (;;) {
      const { slowed } = bucket;
      await pause(this.#clock, bucket.reserve(), this.#signal);
      await this.#slots.enter();
      if (bucket.slowed === slowed || this.#signal.aborted) return;
      this.#slots.leave();
    }
  }
}
