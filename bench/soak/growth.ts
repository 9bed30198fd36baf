import type { Life, Sample } from './lives.ts';

/** The allocator and the caches take minutes to come to rest: before that only what survives a collection tells. */
const RESIDENT_SECONDS_MIN = 600;
/** What a collector may be in no hurry to give back. */
const GROWTH_MB_MAX = 24;
const GROWTH_SHARE_MAX = 0.1;

export interface Growth {
  readonly life: number;
  readonly seconds: number;
  /** From the first half to the second, or over the second. */
  readonly grownMb: number;
  /** What it may grow: 24 MB, or a tenth of the mean when that is more. */
  readonly mostMb: number;
}

/**
 * How what survives a collection (heap and buffers) went on in one life: the mean of the second half of its looks less
 * that of the first; undefined when there were not two in each.
 */
export function keptGrowthOf({ number, samples }: Pick<Life, 'number' | 'samples'>): Growth | undefined {
  const looks = samples.filter(({ heapMb }) => heapMb !== undefined);
  const kept = looks.map(({ heapMb = 0 }) => heapMb);
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || kept.length < 4) return undefined;
  const early = average(kept.slice(0, Math.floor(kept.length / 2)));
  const late = average(kept.slice(Math.ceil(kept.length / 2)));
  const mostMb = Math.max(GROWTH_MB_MAX, early * GROWTH_SHARE_MAX);
  return { life: number, seconds: (last.at - first.at) / 1e3, grownMb: late - early, mostMb };
}

/** How the resident memory of one life went on in its second half; undefined when the life was too short to say. */
export function growthOf({ number, samples }: Pick<Life, 'number' | 'samples'>): Growth | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const seconds = (last.at - first.at) / 1e3;
  if (seconds < RESIDENT_SECONDS_MIN) return undefined;
  const half = samples.filter(({ at }) => at >= (first.at + last.at) / 2);
  const mean = average(half.map(({ rssMb }) => rssMb));
  const mostMb = Math.max(GROWTH_MB_MAX, mean * GROWTH_SHARE_MAX);
  return { life: number, seconds, grownMb: slopePerMs(half) * ((last.at - first.at) / 2), mostMb };
}

/** Least squares. */
function slopePerMs(samples: readonly Sample[]): number {
  const at = average(samples.map((sample) => sample.at));
  const rss = average(samples.map((sample) => sample.rssMb));
  let [both, squares] = [0, 0];
  for (const sample of samples) {
    both += (sample.at - at) * (sample.rssMb - rss);
    squares += (sample.at - at) ** 2;
  }
  return squares === 0 ? 0 : both / squares;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
