import type * as Ecs from '@aws-sdk/client-ecs';
import type { Cluster, ContainerInstance, Task } from '../inventory/ecs.ts';
import { count, ecsTags, instant, list, numberOrNull, text, textOrNull, texts } from './fields.ts';

export function clusterOf(cluster: Ecs.Cluster): readonly Cluster[] {
  const arn = textOrNull(cluster.clusterArn);
  if (arn === null) return [];
  const insights = list(cluster.settings).find(({ name }) => name === 'containerInsights');
  return [
    {
      arn,
      name: textOrNull(cluster.clusterName) ?? lastOf(arn),
      status: text(cluster.status),
      containerInstances: count(cluster.registeredContainerInstancesCount),
      runningTasks: count(cluster.runningTasksCount),
      pendingTasks: count(cluster.pendingTasksCount),
      activeServices: count(cluster.activeServicesCount),
      containerInsights: textOrNull(insights?.value),
      execLogging: textOrNull(cluster.configuration?.executeCommandConfiguration?.logging),
      capacityProviders: texts(cluster.capacityProviders),
      tags: ecsTags(cluster.tags),
    },
  ];
}

export function taskOf(task: Ecs.Task, clusterArn: string): readonly Task[] {
  const arn = textOrNull(task.taskArn);
  if (arn === null) return [];
  return [
    {
      arn,
      clusterArn: textOrNull(task.clusterArn) ?? clusterArn,
      group: textOrNull(task.group),
      lastStatus: text(task.lastStatus),
      desiredStatus: text(task.desiredStatus),
      healthStatus: textOrNull(task.healthStatus),
      taskDefinition: text(task.taskDefinitionArn),
      launchType: textOrNull(task.launchType),
      availabilityZone: textOrNull(task.availabilityZone),
      containerInstanceArn: textOrNull(task.containerInstanceArn),
      cpu: numeric(task.cpu),
      memory: numeric(task.memory),
      startedAt: instant(task.startedAt),
      stoppedReason: textOrNull(task.stoppedReason, 500),
    },
  ];
}

export function containerInstanceOf(
  instance: Ecs.ContainerInstance,
  clusterArn: string,
): readonly ContainerInstance[] {
  const arn = textOrNull(instance.containerInstanceArn);
  if (arn === null) return [];
  const resource = (name: string) => ({
    registered: resourceOf(instance.registeredResources, name),
    remaining: resourceOf(instance.remainingResources, name),
  });
  const zone = list(instance.attributes).find(({ name }) => name === 'ecs.availability-zone');
  return [
    {
      arn,
      clusterArn,
      instanceId: textOrNull(instance.ec2InstanceId),
      status: text(instance.status),
      isAgentConnected: instance.agentConnected === true,
      agentVersion: textOrNull(instance.versionInfo?.agentVersion),
      runningTasks: count(instance.runningTasksCount),
      pendingTasks: count(instance.pendingTasksCount),
      cpu: resource('CPU'),
      memory: resource('MEMORY'),
      availabilityZone: textOrNull(zone?.value),
      registeredAt: instant(instance.registeredAt),
    },
  ];
}

const resourceOf = (resources: readonly Ecs.Resource[] | undefined, wanted: string): number | null =>
  numberOrNull(list(resources).find(({ name }) => name === wanted)?.integerValue);

/** Tasks say theirs as texts: `256`. */
const numeric = (value: string | undefined): number | null =>
  value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;

const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
