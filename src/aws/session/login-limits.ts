import { RateLimit } from '../../access/rate-limit.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Problem } from '../../kernel/problem.ts';

export interface LoginRates {
  /** Logins a minute of one client. */
  readonly perClient: number;
  /** Of those how many may fail; then it waits, also with the right keys. */
  readonly failuresPerClient: number;
  /** Logins a minute of all clients. */
  readonly all: number;
  /** That ask AWS at the same time. */
  readonly atOnce: number;
}

const RATES: LoginRates = { perClient: 20, failuresPerClient: 5, all: 200, atOnce: 16 };
const EVERYBODY = 'all';
const BUSY_SECONDS = 2;

/** Keeps keys from being tried here in bulk, and AWS from being asked by whoever likes. */
export class LoginLimits {
  readonly #atOnce: number;
  readonly #clients: RateLimit;
  readonly #failures: RateLimit;
  readonly #all: RateLimit;
  #underWay = 0;

  constructor(clock: Clock, rates: LoginRates = RATES) {
    this.#atOnce = rates.atOnce;
    this.#clients = new RateLimit(rates.perClient, clock);
    this.#failures = new RateLimit(rates.failuresPerClient, clock);
    this.#all = new RateLimit(rates.all, clock);
  }

  /** Counts a login. Problem: too_many_requests. Whoever is turned away takes nothing from the others. */
  admit(client: string): void {
    const wait = this.#failures.wait(client) || this.#clients.take(client) || this.#all.take(EVERYBODY);
    if (wait > 0) throw tooMany(wait);
  }

  /** Asks AWS when not too many do. `isFailure`: whether the outcome counts against the client. */
  async ask<T>(client: string, work: () => Promise<T>, isFailure: (outcome: T) => boolean): Promise<T> {
    if (this.#underWay >= this.#atOnce) throw tooMany(BUSY_SECONDS);
    this.#underWay += 1;
    try {
      const outcome = await work();
      if (isFailure(outcome)) this.#failures.charge(client);
      return outcome;
    } finally {
      this.#underWay -= 1;
    }
  }
}

const tooMany = (retryAfterSeconds: number): Problem =>
  new Problem('too_many_requests', 'Too many logins to AWS. Wait and try again.', { retryAfterSeconds });
