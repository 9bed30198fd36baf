/** Each bucket ends a quarter above the one before: a quantile is told within that. */
const RATIO = 1.25;
const LOG_RATIO = Math.log(RATIO);
const BUCKETS = 64;

/** How long attempts took: a count in each of a few dozen buckets, so that minutes and processes add up. */
export class Durations {
  readonly #counts: Map<number, number>;

  constructor(counts: ReadonlyMap<number, number> = new Map()) {
    this.#counts = new Map(counts);
  }

  /** Out of `toText`. A text of any other form counts for nothing. */
  static fromText(text: string): Durations {
    const pairs = text
      .split(' ')
      .map((pair) => pair.split(':').map(Number))
      .flatMap(([bucket, count]) =>
        Number.isInteger(bucket) && Number.isInteger(count) ? [[Number(bucket), Number(count)] as const] : [],
      );
    return new Durations(new Map(pairs));
  }

  add(ms: number): void {
    const bucket = bucketOf(ms);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
  }

  merge(other: Durations): void {
    for (const [bucket, count] of other.#counts) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    }
  }

  /** The time within which that share of the attempts ended, ms; undefined without any. `share` from 0 to 1. */
  quantile(share: number): number | undefined {
    const buckets = [...this.#counts].sort(([a], [b]) => a - b);
    const total = buckets.reduce((sum, [, count]) => sum + count, 0);
    let seen = 0;
    for (const [bucket, count] of buckets) {
      seen += count;
      if (seen >= total * share) return Math.round(RATIO ** bucket);
    }
    return undefined;
  }

  /** `0:12 17:3`: buckets with their counts. */
  toText(): string {
    return [...this.#counts].map(([bucket, count]) => `${bucket}:${count}`).join(' ');
  }
}

function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms) / LOG_RATIO));
}
