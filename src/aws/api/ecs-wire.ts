import { Type } from 'typebox';
import { instant, nullable, oneOf, type Static } from '../../kernel/schema.ts';
import { count, counts, listOf, seriesWire, tagsWire, unreadable, windowWire } from './wire-parts.ts';

const text = Type.String();

export const clusterWire = Type.Object({
  cluster_name: text,
  cluster_arn: text,
  status: text,
  registered_container_instances_count: count(),
  running_tasks_count: count(),
  pending_tasks_count: count(),
  active_services_count: count(),
  region: text,
  container_insights: nullable(Type.String({ description: '`enabled`, `enhanced`, `disabled`.' })),
  exec_logging: nullable(text),
  capacity_providers: Type.Array(text),
  tags: tagsWire,
});
export const clustersWire = listOf('clusters', clusterWire);

/** CPU units or MiB; null where AWS does not say. */
const resourcesWire = Type.Object({
  registered: nullable(Type.Number()),
  remaining: nullable(Type.Number()),
  reserved_percent: nullable(Type.Number({ description: 'What tasks have taken of what is registered.' })),
});

/** How tasks are spread; over all that match, whatever the page. */
const distributionWire = Type.Object({
  total: count(),
  by_status: counts('`RUNNING`, `PENDING`, …'),
  by_health: counts('`HEALTHY`, `UNHEALTHY`, `UNKNOWN`.'),
  by_launch_type: counts('`FARGATE`, `EC2`, `EXTERNAL`; `unknown` where AWS does not say.'),
  by_availability_zone: counts('`unknown` where AWS does not say.'),
  by_group: counts('`service:web` or what started them; `unknown` where AWS does not say.'),
  by_container_instance: Type.Array(
    Type.Object({
      container_instance_arn: text,
      instance_id: nullable(text),
      availability_zone: nullable(text),
      tasks_count: count(),
    }),
    { description: "Of tasks on instances: Fargate's have none." },
  ),
});

const percent = nullable(Type.Number());

/** The newest figures of the last hour, per cent; null where CloudWatch has none. */
const utilizationWire = Type.Object({
  cpu_utilization: percent,
  memory_utilization: percent,
  cpu_reservation: percent,
  memory_reservation: percent,
  as_of: nullable(instant('Of the newest of them.')),
});

export const healthStates = ['healthy', 'degraded', 'idle', 'inactive'] as const;

/** A cluster with how it is; a part that could not be read is null. */
export const clusterDetailsWire = Type.Object({
  ...clusterWire.properties,
  health: nullable(
    oneOf(healthStates, {
      description:
        '`degraded`: a service has fewer tasks than it wants, a deployment failed, or an agent is not connected. `idle`: nothing runs, and nothing should. `inactive`: the cluster itself is not ACTIVE. Null: not known.',
    }),
  ),
  services: nullable(
    Type.Object({ total: count(), unhealthy: count(), deploying: count('With a rollout under way.') }),
  ),
  tasks: nullable(distributionWire),
  container_instances: nullable(
    Type.Object({
      total: count(),
      agents_disconnected: count(),
      by_status: counts('`ACTIVE`, `DRAINING`, …'),
      by_availability_zone: counts('`unknown` where AWS does not say.'),
      cpu: resourcesWire,
      memory: resourcesWire,
    }),
  ),
  utilization: nullable(utilizationWire),
  ...unreadable,
});

export const serviceWire = Type.Object({
  service_name: text,
  service_arn: text,
  status: text,
  desired_count: count(),
  running_count: count(),
  pending_count: count(),
  deployment_status: nullable(
    Type.String({ description: "Of the newest deployment: `PRIMARY` is AWS's word. Null: it has none." }),
  ),
  rollout_state: nullable(Type.String({ description: '`COMPLETED`, `IN_PROGRESS`, `FAILED`.' })),
  healthy: Type.Boolean({ description: 'As many tasks as it wants, and no deployment failed.' }),
  problems: Type.Array(text, { description: 'What is wrong with it, each in a sentence.' }),
  cluster_name: text,
  cluster_arn: text,
  region: text,
  launch_type: nullable(text),
  capacity_providers: Type.Array(text),
  platform_version: nullable(text),
  platform_family: nullable(text),
  scheduling_strategy: nullable(text),
  task_definition: nullable(text),
  assigns_public_ip: nullable(Type.Boolean()),
  subnet_ids: Type.Array(text),
  security_group_ids: Type.Array(text),
  execute_command_enabled: Type.Boolean(),
  load_balancers_count: count(),
  deployments_count: count(),
  created_at: nullable(instant()),
  tags: tagsWire,
});
export const servicesWire = listOf('services', serviceWire);

export const deploymentWire = Type.Object({
  id: text,
  status: text,
  task_definition: text,
  desired_count: count(),
  running_count: count(),
  pending_count: count(),
  failed_tasks: count(),
  rollout_state: nullable(text),
  rollout_reason: nullable(text),
  created_at: nullable(instant()),
  updated_at: nullable(instant()),
});

export const serviceDetailsWire = Type.Object({
  ...serviceWire.properties,
  deployments: Type.Array(deploymentWire),
  task_sets: Type.Array(
    Type.Object({
      id: text,
      task_definition: nullable(text),
      assigns_public_ip: nullable(Type.Boolean()),
    }),
  ),
  events: Type.Array(Type.Object({ id: text, created_at: nullable(instant()), message: text }), {
    description: 'The newest hundred, newest first.',
  }),
  tasks: nullable(distributionWire),
  utilization: nullable(utilizationWire),
  ...unreadable,
});

export const taskWire = Type.Object({
  task_id: text,
  task_arn: text,
  cluster_arn: text,
  region: text,
  service_name: nullable(Type.String({ description: 'Null: it was started otherwise.' })),
  group: nullable(text),
  last_status: text,
  desired_status: text,
  health_status: nullable(text),
  task_definition: text,
  launch_type: nullable(text),
  availability_zone: nullable(text),
  container_instance_arn: nullable(text),
  cpu: nullable(Type.Number({ description: 'CPU units.' })),
  memory: nullable(Type.Number({ description: 'MiB.' })),
  started_at: nullable(instant()),
  stopped_reason: nullable(text),
});
export const tasksWire = Type.Object({
  ...listOf('tasks', taskWire).properties,
  distribution: distributionWire,
});

export const containerInstanceWire = Type.Object({
  container_instance_arn: text,
  cluster_arn: text,
  region: text,
  instance_id: nullable(text),
  status: text,
  agent_connected: Type.Boolean(),
  agent_version: nullable(text),
  running_tasks_count: count(),
  pending_tasks_count: count(),
  cpu: resourcesWire,
  memory: resourcesWire,
  availability_zone: nullable(text),
  registered_at: nullable(instant()),
});
export const containerInstancesWire = listOf('container_instances', containerInstanceWire);

/** Per cent. */
export const ecsMetricsWire = Type.Object({
  cluster_name: text,
  service_name: nullable(Type.String({ description: 'Null: of the cluster as a whole.' })),
  region: text,
  ...windowWire,
  metrics: Type.Object({
    cpu_utilization: seriesWire,
    memory_utilization: seriesWire,
    cpu_reservation: seriesWire,
    memory_reservation: seriesWire,
  }),
});

export type ClusterWire = Static<typeof clusterWire>;
export type ClustersWire = Static<typeof clustersWire>;
export type ClusterDetailsWire = Static<typeof clusterDetailsWire>;
export type ServiceWire = Static<typeof serviceWire>;
export type ServicesWire = Static<typeof servicesWire>;
export type DeploymentWire = Static<typeof deploymentWire>;
export type ServiceDetailsWire = Static<typeof serviceDetailsWire>;
export type TaskWire = Static<typeof taskWire>;
export type TasksWire = Static<typeof tasksWire>;
export type ContainerInstanceWire = Static<typeof containerInstanceWire>;
export type ContainerInstancesWire = Static<typeof containerInstancesWire>;
export type EcsMetricsWire = Static<typeof ecsMetricsWire>;
