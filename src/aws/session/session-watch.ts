import type { Clock } from '../../kernel/clock.ts';

export interface SessionWatchOptions {
  readonly clock: Clock;
  /** Whether its record is there still; rejects when that cannot be told now. */
  readonly isThere: (owner: string) => Promise<boolean>;
  /** Called once for each that was seen. */
  readonly ended: (owner: string) => void;
}

/** For so long a replica keeps answers of a session that was ended at another one; nobody gets to see them. */
const LOOK_MS = 60_000;
/** Those that ended last, for whoever found them a moment before. */
const OVER_MAX = 1_000;

/** Looks after the sessions that this process has seen, so that nothing of them outlives them here. */
export class SessionWatch {
  readonly #options: SessionWatchOptions;
  /** What cancels the next look, by owner. */
  readonly #seen = new Map<string, () => void>();
  readonly #over = new Set<string>();

  constructor(options: SessionWatchOptions) {
    this.#options = options;
  }

  /** `expiresAt`: Unix ms. */
  see(owner: string, expiresAt: number): void {
    if (!this.#seen.has(owner)) this.#wait(owner, expiresAt);
  }

  isOver(owner: string): boolean {
    return this.#over.has(owner);
  }

  end(owner: string): void {
    const cancel = this.#seen.get(owner);
    if (cancel === undefined) return;
    cancel();
    this.#seen.delete(owner);
    this.#over.add(owner);
    if (this.#over.size > OVER_MAX) this.#forgetOldest();
    this.#options.ended(owner);
  }

  stop(): void {
    for (const cancel of this.#seen.values()) cancel();
    this.#seen.clear();
  }

  #wait(owner: string, expiresAt: number): void {
    const { clock } = this.#options;
    const delayMs = Math.min(LOOK_MS, expiresAt - clock.now());
    this.#seen.set(
      owner,
      clock.after(delayMs, () => void this.#look(owner, expiresAt)),
    );
  }

  async #look(owner: string, expiresAt: number): Promise<void> {
    if (expiresAt <= this.#options.clock.now()) return this.end(owner);
    // Where it cannot be told, the session's own end decides.
    const isThere = await this.#options.isThere(owner).catch(() => true);
    if (!this.#seen.has(owner)) return;
    if (isThere) this.#wait(owner, expiresAt);
    else this.end(owner);
  }

  #forgetOldest(): void {
    const oldest = this.#over.values().next();
    if (!oldest.done) this.#over.delete(oldest.value);
  }
}
