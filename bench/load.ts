import { Child } from './child.ts';
import { isLoadResult, type LoadPlan, type LoadResult, type Pace } from './generator/load-plan.ts';

/** Key of every signature the bench makes; any text will do. */
export const SIGNATURE_KEY = 'a-key-for-benchmarks-only-00000000000000000000000000000000000000';

/** Each run has a number of its own, so that no two runs send equal events to one service. */
let runs = 0;
export const nextRun = (): number => runs++;

/** Plays one plan in a generator process of its own; what is left out has the usual value. */
export async function load(
  plan: Pick<LoadPlan, 'port' | 'seconds' | 'pace'> & Partial<LoadPlan>,
): Promise<LoadResult> {
  const { child } = await Child.start('./generator/main.js');
  try {
    const whole = {
      shape: 'webhook',
      signatureKey: SIGNATURE_KEY,
      run: nextRun(),
      connections: 64,
      warmupSeconds: 1.5,
    };
    const result = await child.ask({ ...whole, ...plan });
    if (!isLoadResult(result)) throw new TypeError('the generator answered no result');
    return result;
  } finally {
    await child.close();
  }
}

/** Closed loop, with enough prepared requests for `perSecondMax` over the time that `load` takes by default. */
export const closedLoop = (seconds: number, perSecondMax: number): Pace => ({
  kind: 'closed',
  requestsMax: Math.ceil((seconds + 1.5) * perSecondMax),
});

export const openLoop = (perSecond: number): Pace => ({
  kind: 'open',
  perSecond: Math.max(1, Math.round(perSecond)),
});
