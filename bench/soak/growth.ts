import type { Life, Sample } from './lives.ts';

/** A shorter life is still warming up for most of it. */
const JUDGED_SECONDS_MIN = 30;
/** What a collector may be in no hurry to give back. */
const GROWTH_MB_MAX = 24;
const GROWTH_SHARE_MAX = 0.1;

export interface Growth {
  readonly life: number;
  readonly seconds: number;
  /** Of the straight line through the second half of the life, from its beginning to its end. */
  readonly grownMb: number;
  /** What it may grow: 24 MB, or a tenth of the mean when that is more. */
  readonly mostMb: number;
}

/** How the resident memory of one life went on in its second half; undefined when the life was too short to say. */
export function growthOf({ number, samples }: Pick<Life, 'number' | 'samples'>): Growth | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const seconds = (last.at - first.at) / 1e3;
  if (seconds < JUDGED_SECONDS_MIN) return undefined;
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
