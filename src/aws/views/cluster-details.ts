import type { Cluster, ContainerInstance, EcsUtilisation, Service, Task } from '../inventory/ecs.ts';
import { valueOf, type Reading } from '../inventory/reading.ts';
import { clusterWire } from './clusters.ts';
import { capacityOf } from './container-instances.ts';
import { latestUtilisation } from './ecs-utilisation.ts';
import { currentDeployment, isUnhealthy } from './services.ts';
import { distributionOf } from './tasks.ts';
import { UnreadMembers } from './unreadable.ts';

interface ClusterParts {
  readonly region: string;
  readonly cluster: Cluster;
  readonly services: Reading<readonly Service[]>;
  readonly tasks: Reading<readonly Task[]>;
  readonly instances: Reading<readonly ContainerInstance[]>;
  readonly utilisation: Reading<EcsUtilisation>;
}

/** One cluster: how it is, how its tasks are spread, and what it has left. A part that could not be read is null. */
export function clusterDetailsDocument(parts: ClusterParts, now: number) {
  const { region, cluster, services, tasks, instances, utilisation } = parts;
  const unread = new UnreadMembers();
  const health = healthOf(parts, now);
  if (health === null) {
    unread.of('health', services, Boolean);
    unread.of('health', instances, Boolean);
  }
  const members = {
    ...clusterWire({ region, value: cluster }),
    health,
    services: unread.of('services', services, (all) => serviceCounts(all, now)),
    tasks: unread.of('tasks', tasks, (all) => distributionOf(all, instances)),
    container_instances: unread.of('container_instances', instances, capacityOf),
    utilization: unread.of('utilization', utilisation, latestUtilisation),
  };
  unread.of('tasks.by_container_instance', instances, Boolean);
  return { ...members, unreadable: unread.list };
}

const serviceCounts = (services: readonly Service[], now: number) => ({
  total: services.length,
  unhealthy: services.filter((service) => isUnhealthy(service, now)).length,
  deploying: services.filter((service) => currentDeployment(service)?.rolloutState === 'IN_PROGRESS').length,
});

type Health = 'healthy' | 'degraded' | 'idle' | 'inactive';

/** Null: what could not be read may hold what is wrong. */
function healthOf({ cluster, services, instances }: ClusterParts, now: number): Health | null {
  if (cluster.status !== 'ACTIVE') return 'inactive';
  const known = valueOf(services);
  const isDegraded =
    known?.some((service) => isUnhealthy(service, now)) === true ||
    valueOf(instances)?.some(({ isAgentConnected }) => !isAgentConnected) === true;
  if (isDegraded) return 'degraded';
  if (known === undefined || instances.kind === 'unread') return null;
  const isIdle =
    known.every(({ desired }) => desired === 0) && cluster.runningTasks + cluster.pendingTasks === 0;
  return isIdle ? 'idle' : 'healthy';
}
