import type { ContainerInstance, Task } from '../inventory/ecs.ts';
import type { Reading } from '../inventory/reading.ts';
import type { InRegion } from './clusters.ts';
import { countsOf } from './counts.ts';
import { utc } from './instant.ts';
import type { ListShape } from './list.ts';

/** The last part of an ARN: ids and names have no slash. */
export const lastOfArn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const SERVICE_GROUP = 'service:';

/** The service that a task belongs to; null for one that was started otherwise. */
export const serviceOfTask = ({ group }: Task): string | null =>
  group?.startsWith(SERVICE_GROUP) === true ? group.slice(SERVICE_GROUP.length) : null;

export const taskWire = ({ region, value: task }: InRegion<Task>) => ({
  task_id: lastOfArn(task.arn),
  task_arn: task.arn,
  cluster_arn: task.clusterArn,
  service_name: serviceOfTask(task),
  group: task.group,
  last_status: task.lastStatus,
  desired_status: task.desiredStatus,
  health_status: task.healthStatus,
  task_definition: task.taskDefinition,
  launch_type: task.launchType,
  availability_zone: task.availabilityZone,
  container_instance_arn: task.containerInstanceArn,
  cpu: task.cpu,
  memory: task.memory,
  started_at: utc(task.startedAt),
  stopped_reason: task.stoppedReason,
  region,
});

export const taskList = (instances: Reading<readonly ContainerInstance[]>): ListShape<InRegion<Task>> => ({
  member: 'tasks',
  name: ({ value }) => value.group ?? '',
  id: ({ value }) => value.arn,
  wire: taskWire,
  beside: (matching) => ({
    distribution: distributionOf(
      matching.map(({ value }) => value),
      instances,
    ),
  }),
});

/**
 * How tasks are spread. Over instances of EC2 only: Fargate's have none. `instances`: to name them by; where they could
 * not be read, their ARN is all that is known.
 */
export function distributionOf(tasks: readonly Task[], instances: Reading<readonly ContainerInstance[]>) {
  const placed = countsOf(tasks.flatMap(({ containerInstanceArn: arn }) => (arn === null ? [] : [arn])));
  const known = new Map(
    instances.kind === 'read' ? instances.value.map((instance) => [instance.arn, instance] as const) : [],
  );
  return {
    total: tasks.length,
    by_status: countsOf(tasks.map(({ lastStatus }) => lastStatus)),
    by_health: countsOf(tasks.map(({ healthStatus }) => healthStatus)),
    by_launch_type: countsOf(tasks.map(({ launchType }) => launchType)),
    by_availability_zone: countsOf(tasks.map(({ availabilityZone }) => availabilityZone)),
    by_group: countsOf(tasks.map(({ group }) => group)),
    by_container_instance: Object.entries(placed).map(([arn, count]) => ({
      container_instance_arn: arn,
      instance_id: known.get(arn)?.instanceId ?? null,
      availability_zone: known.get(arn)?.availabilityZone ?? null,
      tasks_count: count,
    })),
  };
}
