import type { ContainerDefinition, Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Ecs } from '../account.ts';
import {
  aCluster,
  aContainer,
  aContainerInstance,
  aDeployment,
  aService,
  aTask,
  aTaskDefinition,
  type Place,
} from '../builders.ts';
import { analytics, production } from './network.ts';
import { europe, home } from './places.ts';

const MAIN = 'production-api';

/** In its region's main VPC, behind the group of what is within. */
function service(cluster: string, name: string, overrides: Partial<Service> = {}, at = home): Service {
  const [vpc, group] = at === home ? [production, 'api'] : [analytics, 'warehouse'];
  const awsvpcConfiguration = {
    subnets: vpc.privateSubnets.map(({ SubnetId = '' }) => SubnetId),
    securityGroups: [vpc.group(group).GroupId ?? ''],
    assignPublicIp: 'DISABLED' as const,
  };
  return aService(cluster, name, { networkConfiguration: { awsvpcConfiguration }, ...overrides }, at);
}

/** A roll-out that went wrong: new tasks die as soon as they start. */
export function failing(healthy: Service, running: number): Service {
  const desired = healthy.desiredCount ?? 0;
  return {
    ...healthy,
    runningCount: running,
    pendingCount: 1,
    deployments: [
      aDeployment(healthy.taskDefinition ?? '', desired, {
        runningCount: running,
        pendingCount: 1,
        failedTasks: 17,
        rolloutState: 'FAILED',
        rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      }),
    ],
  };
}

const publicly = ({ networkConfiguration }: Service): Partial<Service> => ({
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: networkConfiguration?.awsvpcConfiguration?.subnets,
      securityGroups: networkConfiguration?.awsvpcConfiguration?.securityGroups,
      assignPublicIp: 'ENABLED',
    },
  },
});

const homeServices: readonly Service[] = [
  service(MAIN, 'web-frontend', { desiredCount: 5, launchType: 'EC2', platformVersion: undefined }),
  failing(service(MAIN, 'checkout', { desiredCount: 4 }), 1),
  service(MAIN, 'payments', { desiredCount: 3 }),
  service('background', 'mailer', { enableExecuteCommand: true }),
  service('background', 'thumbnails', publicly(service('background', 'thumbnails'))),
  service('background', 'importer', { desiredCount: 1, platformVersion: '1.3.0' }),
];

const definition = (
  family: string,
  revision: number,
  fault: Partial<ContainerDefinition> = {},
  overrides: Partial<TaskDefinition> = {},
): TaskDefinition =>
  aTaskDefinition(
    family,
    revision,
    { containerDefinitions: [aContainer(family, fault)], ...overrides },
    home,
  );

/** The keys are those of AWS's own documentation. */
const homeDefinitions: readonly TaskDefinition[] = [
  definition('web-frontend', 1),
  definition('checkout', 1),
  definition('payments', 1, {
    environment: [
      { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE' },
      { name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    ],
  }),
  definition('mailer', 1, { user: 'root', readonlyRootFilesystem: false }),
  definition('thumbnails', 1, { logConfiguration: undefined }),
  definition('importer', 1, { privileged: true, user: undefined }),
  definition(
    'node-monitor',
    3,
    {},
    { networkMode: 'host', pidMode: 'host', requiresCompatibilities: ['EC2'] },
  ),
];

function tasksOf(services: readonly Service[], at: Place): Ecs['tasks'] {
  return services.flatMap((one) =>
    Array.from({ length: one.runningCount ?? 0 }, (_, number) => aTask(one, number, {}, at)),
  );
}

const sum = (services: readonly Service[], cluster: string, count: 'runningCount' | 'pendingCount'): number =>
  services
    .filter(({ clusterArn }) => clusterArn?.endsWith(`/${cluster}`))
    .reduce((total, one) => total + (one[count] ?? 0), 0);

/** A cluster's own counts follow from its services, here and after a change. */
export function counted(ecs: Ecs, at: Place): Ecs {
  return {
    ...ecs,
    clusters: ecs.clusters.map((cluster) => ({
      ...cluster,
      runningTasksCount: sum(ecs.services, cluster.clusterName ?? '', 'runningCount'),
      pendingTasksCount: sum(ecs.services, cluster.clusterName ?? '', 'pendingCount'),
      activeServicesCount: ecs.services.filter(({ clusterArn }) => clusterArn === cluster.clusterArn).length,
    })),
    tasks: tasksOf(ecs.services, at),
  };
}

export const homeEcs: Ecs = counted(
  {
    clusters: [
      aCluster(MAIN, { registeredContainerInstancesCount: 3 }, home),
      aCluster(
        'background',
        { settings: [{ name: 'containerInsights', value: 'disabled' }], configuration: undefined },
        home,
      ),
    ],
    services: homeServices,
    tasks: [],
    containerInstances: [
      aContainerInstance(MAIN, 'ecs-1', {}, home),
      aContainerInstance(MAIN, 'ecs-2', {}, home),
      aContainerInstance(MAIN, 'ecs-3', { agentConnected: false }, home),
    ],
    taskDefinitions: homeDefinitions,
  },
  home,
);

export const europeEcs: Ecs = counted(
  {
    clusters: [aCluster('analytics', {}, europe)],
    services: [service('analytics', 'warehouse-loader', {}, europe)],
    tasks: [],
    containerInstances: [],
    taskDefinitions: [aTaskDefinition('warehouse-loader', 1, {}, europe)],
  },
  europe,
);
