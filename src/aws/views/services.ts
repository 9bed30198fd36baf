import { serviceHealth, type ServiceTrouble } from '../analysis/service-health.ts';
import type { Deployment, Service, ServiceEvent } from '../inventory/ecs.ts';
import type { InRegion } from './clusters.ts';
import { utc } from './instant.ts';
import type { ListShape } from './list.ts';
import { lastOfArn } from './tasks.ts';

/** A rollout of which nothing is heard for so long is told as stuck. */
const STUCK_MINUTES = 15;
/** The contract's "unhealthy": too few tasks, or a deployment that failed. A slow one is not. */
const UNHEALTHY: readonly ServiceTrouble[] = ['tasks-missing', 'rollout-failed'];

/** As the contract counts them in the summary. */
export const isUnhealthy = (service: Service, now: number): boolean =>
  serviceHealth(service, now, STUCK_MINUTES).troubles.some(({ kind }) => UNHEALTHY.includes(kind));

/** The primary one is the newest; without one (another controller's task sets) the newest there is. */
export function currentDeployment({ deployments }: Service): Deployment | undefined {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  return primary ?? deployments.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
}

/** A service as the contract has it, and beyond. `deployment_status` is null where ECS deploys nothing itself. */
export function serviceWire({ region, value: service }: InRegion<Service>, now: number) {
  const deployment = currentDeployment(service);
  const { troubles } = serviceHealth(service, now, STUCK_MINUTES);
  return {
    service_name: service.name,
    service_arn: service.arn,
    status: service.status,
    desired_count: service.desired,
    running_count: service.running,
    pending_count: service.pending,
    deployment_status: deployment?.status ?? null,
    region,
    cluster_name: lastOfArn(service.clusterArn),
    cluster_arn: service.clusterArn,
    healthy: !isUnhealthy(service, now),
    problems: troubles.map(({ detail }) => detail),
    rollout_state: deployment?.rolloutState ?? null,
    deployments_count: service.deployments.length,
    launch_type: service.launchType,
    capacity_providers: service.capacityProviders,
    platform_version: service.platformVersion,
    platform_family: service.platformFamily,
    task_definition: service.taskDefinition,
    scheduling_strategy: service.schedulingStrategy,
    assigns_public_ip: service.assignsPublicIp,
    subnet_ids: service.subnetIds,
    security_group_ids: service.securityGroupIds,
    execute_command_enabled: service.isExecEnabled,
    load_balancers_count: service.loadBalancers,
    created_at: utc(service.createdAt),
    tags: service.tags,
  };
}

export const serviceList = (now: number): ListShape<InRegion<Service>> => ({
  member: 'services',
  name: ({ value }) => value.name,
  id: ({ value }) => value.arn,
  wire: (row) => serviceWire(row, now),
});

export const deploymentWire = (deployment: Deployment) => ({
  id: deployment.id,
  status: deployment.status,
  task_definition: deployment.taskDefinition,
  desired_count: deployment.desired,
  running_count: deployment.running,
  pending_count: deployment.pending,
  failed_tasks: deployment.failedTasks,
  rollout_state: deployment.rolloutState,
  rollout_reason: deployment.rolloutReason,
  created_at: utc(deployment.createdAt),
  updated_at: utc(deployment.updatedAt),
});

export const taskSetWire = ({ id, taskDefinition, assignsPublicIp }: Service['taskSets'][number]) => ({
  id,
  task_definition: taskDefinition,
  assigns_public_ip: assignsPublicIp,
});

export const serviceEventWire = ({ id, at, message }: ServiceEvent) => ({
  id,
  created_at: utc(at),
  message,
});
