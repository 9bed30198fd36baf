import type { Arrived, TargetId, Verdict } from '../happening.ts';

/** When a sink misbehaves, by the number of the delivery there (1 for the first). */
export type Mood = (nth: number) => Verdict;

export const moods: Readonly<Record<TargetId, Mood>> = {
  log: () => 'accept',
  mail: (nth) => (nth % 6 === 2 ? 'fail' : 'accept'),
  http: (nth) => (nth % 5 === 3 ? 'fail' : 'accept'),
  slack: (nth) => (nth % 7 === 2 ? 'fail' : 'accept'),
  // One dead letter in all; replayed, it is another delivery and arrives.
  sms: (nth) => (nth === 2 ? 'refuse' : 'accept'),
};

/** What is remembered of failures: far more than a mood makes between two retries. */
const FAILED_MAX = 1_000;

/** The sinks' common part: decides by the mood, knows a retry when it sees one, and tells of each arrival. */
export class Reception {
  readonly #tell: (arrived: Arrived) => void;
  readonly #failed = new Set<string>();
  readonly #counts = new Map<TargetId, number>();

  constructor(tell: (arrived: Arrived) => void) {
    this.#tell = tell;
  }

  /** `key`: equal on all attempts of one delivery. `notes`: what the sink says to each verdict. */
  take(target: TargetId, key: string, title: string, notes: Readonly<Record<Verdict, string>>): Verdict {
    const id = `${target} ${key}`;
    const isRetry = this.#failed.delete(id);
    const verdict = isRetry ? 'accept' : this.#judge(target);
    if (verdict === 'fail' && this.#failed.size < FAILED_MAX) this.#failed.add(id);
    this.#tell({ target, title, isRetry, verdict, note: notes[verdict] });
    return verdict;
  }

  #judge(target: TargetId): Verdict {
    const nth = (this.#counts.get(target) ?? 0) + 1;
    this.#counts.set(target, nth);
    return moods[target](nth);
  }
}
