import type * as Ecs from '@aws-sdk/client-ecs';
import type { Deployment, Service, ServiceEvent } from '../inventory/ecs.ts';
import { count, ecsTags, instant, list, text, textOrNull, texts } from './fields.ts';

const EVENTS_MAX = 100;

export function serviceOf(service: Ecs.Service, clusterArn: string): readonly Service[] {
  const arn = textOrNull(service.serviceArn);
  if (arn === null) return [];
  const network = service.networkConfiguration?.awsvpcConfiguration;
  return [
    {
      arn,
      name: textOrNull(service.serviceName) ?? arn.slice(arn.lastIndexOf('/') + 1),
      clusterArn: textOrNull(service.clusterArn) ?? clusterArn,
      status: text(service.status),
      desired: count(service.desiredCount),
      running: count(service.runningCount),
      pending: count(service.pendingCount),
      launchType: textOrNull(service.launchType),
      capacityProviders: texts(
        list(service.capacityProviderStrategy).map(({ capacityProvider }) => capacityProvider),
      ),
      platformVersion: textOrNull(service.platformVersion),
      platformFamily: textOrNull(service.platformFamily),
      schedulingStrategy: textOrNull(service.schedulingStrategy),
      taskDefinition: textOrNull(service.taskDefinition),
      assignsPublicIp: assignsPublicIp(network),
      subnetIds: texts(network?.subnets),
      securityGroupIds: texts(network?.securityGroups),
      isExecEnabled: service.enableExecuteCommand === true,
      loadBalancers: list(service.loadBalancers).length,
      createdAt: instant(service.createdAt),
      deployments: list(service.deployments).map(deploymentOf),
      taskSets: list(service.taskSets).map(taskSetOf),
      events: eventsOf(service.events),
      tags: ecsTags(service.tags),
    },
  ];
}

/** Disabled is what there is where AWS says nothing of a network that is there. */
const assignsPublicIp = (network: Ecs.AwsVpcConfiguration | undefined): boolean | null =>
  network === undefined ? null : network.assignPublicIp === 'ENABLED';

const taskSetOf = (set: Ecs.TaskSet): Service['taskSets'][number] => ({
  id: text(set.id) || text(set.taskSetArn),
  assignsPublicIp: assignsPublicIp(set.networkConfiguration?.awsvpcConfiguration),
  taskDefinition: textOrNull(set.taskDefinition),
});

const deploymentOf = (deployment: Ecs.Deployment): Deployment => ({
  id: text(deployment.id),
  status: text(deployment.status),
  taskDefinition: text(deployment.taskDefinition),
  desired: count(deployment.desiredCount),
  running: count(deployment.runningCount),
  pending: count(deployment.pendingCount),
  failedTasks: count(deployment.failedTasks),
  rolloutState: textOrNull(deployment.rolloutState),
  rolloutReason: textOrNull(deployment.rolloutStateReason, 500),
  createdAt: instant(deployment.createdAt),
  updatedAt: instant(deployment.updatedAt),
});

const eventsOf = (events: readonly Ecs.ServiceEvent[] | undefined): readonly ServiceEvent[] =>
  list(events)
    .map(({ id, createdAt, message }) => ({
      id: text(id),
      at: instant(createdAt),
      message: text(message, 500),
    }))
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
    .slice(0, EVENTS_MAX);
