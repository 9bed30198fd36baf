import type { Clock } from '../../src/kernel/clock.ts';

/** A clock that a test moves. Timers that fall due run in their order. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { at: number; run: () => void }[] = [];
  readonly #rest: () => Promise<void>;

  /** `rest` resolves once what the last timer started has come to rest: threads and promises alike. */
  constructor(rest: () => Promise<void> = turns, start = Date.UTC(2026, 0, 1)) {
    this.#rest = rest;
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on by `ms`, a timer at a time, and lets what they start come to rest in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await this.#rest();
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
    await this.#rest();
  }
}

const TURNS = 12;

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
