import type { Deployment, Service } from '../inventory/ecs.ts';

export const serviceTroubles = ['tasks-missing', 'rollout-failed', 'rollout-stuck'] as const;
export type ServiceTrouble = (typeof serviceTroubles)[number];

export interface ServiceHealth {
  readonly isHealthy: boolean;
  /** What is wrong, each once; empty for a healthy service. */
  readonly troubles: readonly { readonly kind: ServiceTrouble; readonly detail: string }[];
}

const MINUTE_MS = 60_000;

/**
 * Whether a service runs what it should, and its deployments come to an end. One that nobody hears of for longer than
 * `stuckMinutes` is stuck, and so is one that is older than that and whose tasks fail again and again.
 */
export function serviceHealth(service: Service, now: number, stuckMinutes: number): ServiceHealth {
  const troubles = [
    ...missingTasks(service),
    ...failedRollout(service),
    ...stuckRollout(service, now, stuckMinutes),
  ];
  return { isHealthy: troubles.length === 0, troubles };
}

type Troubles = ServiceHealth['troubles'];

function missingTasks({ running, desired }: Service): Troubles {
  return running < desired ? [{ kind: 'tasks-missing', detail: `${running} of ${desired} tasks run` }] : [];
}

/** An inactive deployment is history. */
const current = ({ deployments }: Service): readonly Deployment[] =>
  deployments.filter(({ status }) => status !== 'INACTIVE');

function failedRollout(service: Service): Troubles {
  const failed = current(service).find(({ rolloutState }) => rolloutState === 'FAILED');
  return failed ? [{ kind: 'rollout-failed', detail: `deployment ${failed.id} failed` }] : [];
}

function stuckRollout(service: Service, now: number, stuckMinutes: number): Troubles {
  const before = now - stuckMinutes * MINUTE_MS;
  const stuck = current(service).find(
    (deployment) => deployment.rolloutState === 'IN_PROGRESS' && isStuck(deployment, before),
  );
  if (!stuck) return [];
  return [
    {
      kind: 'rollout-stuck',
      detail: `deployment ${stuck.id} has been in progress for over ${stuckMinutes} minutes`,
    },
  ];
}

function isStuck(
  { createdAt, updatedAt, failedTasks, running, desired }: Deployment,
  before: number,
): boolean {
  const isOld = createdAt !== null && createdAt < before;
  const lastHeardAt = updatedAt ?? createdAt;
  if (lastHeardAt !== null && lastHeardAt < before) return true;
  return isOld && failedTasks > 0 && running < desired;
}
