const FAILURES_MAX = 3;
const PAUSE_MS_MAX = 120_000;

/**
 * Keeps a feed that is down from being asked for everything every time: after three refreshes in which all failed
 * one list is asked for, at intervals that grow.
 */
export class FeedBreaker {
  readonly #everyMs: number;
  readonly #random: () => number;
  #failures = 0;
  #probeAt = 0;

  constructor(everyMs: number, random: () => number) {
    this.#everyMs = everyMs;
    this.#random = random;
  }

  /** What a refresh may do now. */
  standing(now: number): 'closed' | 'open' | 'half_open' {
    if (this.#failures < FAILURES_MAX) return 'closed';
    const leftMs = this.#probeAt - now;
    // A longer one than there is means that the clock was set back.
    return leftMs > 0 && leftMs <= PAUSE_MS_MAX ? 'open' : 'half_open';
  }

  /** A list was had. */
  succeed(): void {
    this.#failures = 0;
  }

  /** All that was asked for failed. */
  fail(now: number): void {
    this.#failures += 1;
    if (this.#failures < FAILURES_MAX) return;
    const plainMs = Math.min(
      PAUSE_MS_MAX,
      this.#everyMs * 2 ** Math.min(30, this.#failures - FAILURES_MAX + 1),
    );
    // Half of it is drawn: those who share a feed must not come back at once.
    this.#probeAt = now + plainMs * (0.5 + 0.5 * this.#random());
  }
}
