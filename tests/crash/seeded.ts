import { randomInt } from 'node:crypto';
import { onTestFailed } from 'vitest';

/** The seed of a run: drawn, or the one of a run that failed. A failing test says which it was. */
export function drawSeed(): number {
  const given = process.env['TOCSIN_TEST_SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  onTestFailed(() => void process.stderr.write(`to repeat it: TOCSIN_TEST_SEED=${seed}\n`));
  return seed;
}

/** Whole numbers from `min` up to and including `max`, the same for the same seed (mulberry32). */
export function seeded(seed: number): (min: number, max: number) => number {
  let state = seed;
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return min + (((mixed ^ (mixed >>> 14)) >>> 0) % (max - min + 1));
  };
}
