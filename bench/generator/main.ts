import { isLoadPlan, type LoadPlan } from './load-plan.ts';
import { LoadRun } from './load-run.ts';
import { RequestSlab } from './request-slab.ts';
import { requestShapes } from './requests.ts';

/** The generator's process: takes one plan from its parent, plays it, answers with the result. */
process.on('message', (message) => {
  if (isLoadPlan(message)) void play(message);
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

async function play(plan: LoadPlan): Promise<void> {
  const shape = requestShapes[plan.shape];
  const slab = new RequestSlab(
    { ...shape, path: plan.path ?? shape.path, headers: [...shape.headers, ...(plan.headers ?? [])] },
    {
      port: plan.port,
      run: plan.run,
      count: requestsOf(plan),
      signatureKey: plan.signatureKey,
    },
  );
  process.send?.(await new LoadRun(plan, slab).play());
}

function requestsOf({ pace, warmupSeconds, seconds }: LoadPlan): number {
  return pace.kind === 'closed' ? pace.requestsMax : Math.ceil(pace.perSecond * (warmupSeconds + seconds));
}
