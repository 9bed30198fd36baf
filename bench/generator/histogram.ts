/** Latencies in ms, as the results show them. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** 512 buckets for each power of two: a value is off by at most 0.2 %. */
const PRECISION_BITS = 9;
/** Up to 2^31 µs, about 35 minutes. */
const BUCKETS = (31 - PRECISION_BITS + 1) << PRECISION_BITS;

/** Counts of latencies in log-linear buckets (the idea of HdrHistogram): constant memory, all percentiles. */
export class Histogram {
  readonly #buckets = new Uint32Array(BUCKETS);
  #count = 0;
  #maxUs = 0;

  record(ms: number): void {
    const us = Math.min(0x7fffffff, Math.max(0, Math.round(ms * 1e3)));
    const index = bucketOf(us);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#count += 1;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** The latency in ms that a share of `quantile` (0 to 1) does not exceed; 0 when nothing was recorded. */
  quantile(quantile: number): number {
    let left = Math.max(1, Math.ceil(quantile * this.#count));
    for (const [index, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return Math.min(upperBoundOf(index), this.#maxUs) / 1e3;
    }
    return 0;
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      p50: this.quantile(0.5),
      p90: this.quantile(0.9),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.#maxUs / 1e3,
    };
  }
}

/** How far a value is shifted right so that PRECISION_BITS + 1 bits of it are left. */
const shiftOf = (us: number): number => Math.max(0, 31 - Math.clz32(us) - PRECISION_BITS);

function bucketOf(us: number): number {
  const shift = shiftOf(us);
  return (shift << PRECISION_BITS) + (us >>> shift);
}

/** The largest value that falls into the bucket. */
function upperBoundOf(index: number): number {
  const shift = Math.max(0, (index >>> PRECISION_BITS) - 1);
  const mantissa = index - (shift << PRECISION_BITS);
  return (mantissa + 1) * 2 ** shift - 1;
}
