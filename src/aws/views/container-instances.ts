import type { ContainerInstance } from '../inventory/ecs.ts';
import type { InRegion } from './clusters.ts';
import { countsOf } from './counts.ts';
import { utc } from './instant.ts';
import type { ListShape } from './list.ts';

type Capacity = ContainerInstance['cpu'];

/** Per cent of what is registered that tasks have taken; null where AWS does not say, and of nothing. */
function reservedPercent({ registered, remaining }: Capacity): number | null {
  if (registered === null || remaining === null || registered <= 0) return null;
  return ((registered - remaining) / registered) * 100;
}

const capacityWire = (capacity: Capacity) => ({
  registered: capacity.registered,
  remaining: capacity.remaining,
  reserved_percent: reservedPercent(capacity),
});

/** CPU in units of which 1,024 are one, memory in MiB. */
export const containerInstanceWire = ({ region, value: instance }: InRegion<ContainerInstance>) => ({
  container_instance_arn: instance.arn,
  cluster_arn: instance.clusterArn,
  instance_id: instance.instanceId,
  status: instance.status,
  agent_connected: instance.isAgentConnected,
  agent_version: instance.agentVersion,
  running_tasks_count: instance.runningTasks,
  pending_tasks_count: instance.pendingTasks,
  cpu: capacityWire(instance.cpu),
  memory: capacityWire(instance.memory),
  availability_zone: instance.availabilityZone,
  registered_at: utc(instance.registeredAt),
  region,
});

export const containerInstanceList: ListShape<InRegion<ContainerInstance>> = {
  member: 'container_instances',
  name: ({ value }) => value.instanceId ?? '',
  id: ({ value }) => value.arn,
  wire: containerInstanceWire,
};

/** All of a cluster's together. */
export const capacityOf = (instances: readonly ContainerInstance[]) => ({
  total: instances.length,
  agents_disconnected: instances.filter(({ isAgentConnected }) => !isAgentConnected).length,
  by_status: countsOf(instances.map(({ status }) => status)),
  by_availability_zone: countsOf(instances.map(({ availabilityZone }) => availabilityZone)),
  cpu: capacityWire(sumOf(instances.map(({ cpu }) => cpu))),
  memory: capacityWire(sumOf(instances.map(({ memory }) => memory))),
});

const sumOf = (capacities: readonly Capacity[]): Capacity => ({
  registered: total(capacities.map(({ registered }) => registered)),
  remaining: total(capacities.map(({ remaining }) => remaining)),
});

/** Null where one is not known: a sum of the others would be less than there is. */
function total(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
