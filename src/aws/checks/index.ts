import type { Check, CheckContext, CheckRun } from './check.ts';
import { ebsChecks } from './ebs/index.ts';
import { ecsChecks } from './ecs/index.ts';
import { netChecks } from './net/index.ts';
import { s3Checks } from './s3/index.ts';

/** Every check that there is. */
export const allChecks: readonly Check[] = [...ecsChecks, ...s3Checks, ...ebsChecks, ...netChecks];

export const checksById: ReadonlyMap<string, Check> = new Map(allChecks.map((check) => [check.id, check]));

/** Runs checks one after the other; the caller may do something else, or end it, between two of them. */
export function* runChecks(
  checks: readonly Check[],
  context: CheckContext,
): Generator<readonly CheckRun[], void, void> {
  for (const check of checks) yield check.run(context);
}
