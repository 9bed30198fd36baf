import type { Clock } from '../kernel/clock.ts';
import type { Sealer } from '../kernel/seal.ts';

export const SESSION_COOKIE = 'tocsin_session';
export const SESSION_SECONDS = 12 * 3_600;

/**
 * A browser's session: its cookie is the sealed name of the token it was exchanged for and the end of its
 * time, so that every replica knows it and no store holds it. It ends with the token.
 */
export class Sessions {
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(sealer: Sealer, clock: Clock) {
    this.#sealer = sealer;
    this.#clock = clock;
  }

  open(actorId: string): string {
    const expiresAt = this.#clock.now() + SESSION_SECONDS * 1_000;
    return this.#sealer.seal(`${expiresAt} ${actorId}`, 'session');
  }

  /** The id of the actor whose session this is; undefined when forged or over. */
  read(cookie: string): string | undefined {
    const [expiresAt, actorId] = (this.#sealer.open(cookie, 'session') ?? '').split(' ');
    return Number(expiresAt) > this.#clock.now() ? actorId : undefined;
  }
}
