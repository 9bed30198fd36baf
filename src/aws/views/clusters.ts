import type { Cluster } from '../inventory/ecs.ts';
import type { ListShape } from './list.ts';

/** A thing, and the region it is in. */
export interface InRegion<T> {
  readonly region: string;
  readonly value: T;
}

/** A cluster as the contract has it, and what else is known without asking more. */
export const clusterWire = ({ region, value: cluster }: InRegion<Cluster>) => ({
  cluster_name: cluster.name,
  cluster_arn: cluster.arn,
  status: cluster.status,
  registered_container_instances_count: cluster.containerInstances,
  running_tasks_count: cluster.runningTasks,
  pending_tasks_count: cluster.pendingTasks,
  region,
  active_services_count: cluster.activeServices,
  container_insights: cluster.containerInsights,
  exec_logging: cluster.execLogging,
  capacity_providers: cluster.capacityProviders,
  tags: cluster.tags,
});

export const clusterList: ListShape<InRegion<Cluster>> = {
  member: 'clusters',
  name: ({ value }) => value.name,
  id: ({ value }) => value.arn,
  wire: clusterWire,
};
