import type { Coverage } from '../inventory/account.ts';
import {
  type FailureKind,
  type Listing,
  type ReadFailure,
  type Reading,
  unread,
} from '../inventory/reading.ts';
import { type ReadName, reads } from '../inventory/reads.ts';

/** How far the reading is: the total grows while there is more to be found. */
export interface CollectProgress {
  readonly steps: number;
  readonly done: number;
}

const FAILURES_MAX = 500;
/** Of what no check needs: it was not tried. */
export const NOT_ASKED = 'NotAsked';

type Counted = 'denied' | 'throttled' | 'failed';

/** Has things read, or leaves them out, and counts what became of them. */
export class Ledger {
  readonly #needed: ReadonlySet<ReadName>;
  readonly #onProgress: ((progress: CollectProgress) => void) | undefined;
  readonly #counts: Record<Counted | 'reads', number> = { reads: 0, denied: 0, throttled: 0, failed: 0 };
  readonly #failures = new Map<string, ReadFailure & { times: number }>();
  #steps = 0;
  #done = 0;

  constructor(needed: ReadonlySet<ReadName>, onProgress?: (progress: CollectProgress) => void) {
    this.#needed = needed;
    this.#onProgress = onProgress;
  }

  needs(...names: readonly ReadName[]): boolean {
    return names.some((name) => this.#needed.has(name));
  }

  /** A part of the work, which counts as a step. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    this.#steps += 1;
    this.#tell();
    const value = await work();
    this.#done += 1;
    this.#tell();
    return value;
  }

  /** `isNeeded`: where it is not asked for itself alone. */
  listing<T>(
    name: ReadName,
    region: string,
    ask: () => Promise<Listing<T>>,
    isNeeded = this.needs(name),
  ): Promise<Listing<T>> {
    if (!isNeeded) return Promise.resolve({ items: [], failures: [notAsked(name, region)] });
    return this.step(async () => {
      const listing = await ask();
      this.count(listing.failures);
      return listing;
    });
  }

  reading<T>(name: ReadName, region: string, ask: () => Promise<Reading<T>>): Promise<Reading<T>> {
    if (!this.needs(name)) return Promise.resolve(unread(notAsked(name, region)));
    return this.step(async () => {
      const reading = await ask();
      this.count(reading.kind === 'unread' ? [reading.failure] : []);
      return reading;
    });
  }

  /** One read; of several failures the first says what became of it. */
  count(failures: readonly ReadFailure[]): void {
    this.#counts.reads += 1;
    const [first] = failures;
    if (first !== undefined) this.#counts[countedAs(first.kind)] += 1;
    for (const failure of failures) this.#note(failure);
  }

  coverage(rest: Pick<Coverage, 'regions' | 'regionsLeftOut' | 'calls'>): Coverage {
    return { ...rest, ...this.#counts, failures: [...this.#failures.values()] };
  }

  #note(failure: ReadFailure): void {
    const key = [failure.action, failure.region, failure.kind, failure.code].join(' ');
    const known = this.#failures.get(key);
    if (known !== undefined) known.times += 1;
    else if (this.#failures.size < FAILURES_MAX) this.#failures.set(key, { ...failure, times: 1 });
  }

  #tell(): void {
    this.#onProgress?.({ steps: this.#steps, done: this.#done });
  }
}

const countedAs = (kind: FailureKind): Counted =>
  kind === 'denied' || kind === 'throttled' ? kind : 'failed';

export const notAsked = (name: ReadName, region: string): ReadFailure => ({
  kind: 'failed',
  action: reads[name][0],
  region,
  code: NOT_ASKED,
});

/** Without what it says of things that were not asked for. */
export const asked = (failures: readonly ReadFailure[]): readonly ReadFailure[] =>
  failures.filter(({ code }) => code !== NOT_ASKED);
