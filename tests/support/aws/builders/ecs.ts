import type {
  Cluster,
  ContainerDefinition,
  ContainerInstance,
  Deployment,
  Service,
  Task,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Metric } from '../account.ts';
import { here, idOf, longAgo, type Place } from './place.ts';

export const ecsArn = ({ accountId, region }: Place, rest: string): string =>
  `arn:aws:ecs:${region}:${accountId}:${rest}`;

/** Active, with Container Insights. Counts are what the caller says. */
export function aCluster(name: string, overrides: Partial<Cluster> = {}, at: Place = here): Cluster {
  return {
    clusterArn: ecsArn(at, `cluster/${name}`),
    clusterName: name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: 0,
    pendingTasksCount: 0,
    activeServicesCount: 0,
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
    capacityProviders: ['FARGATE'],
    tags: [{ key: 'team', value: 'platform' }],
    ...overrides,
  };
}

/** On Fargate, in private subnets, running as many as it should. */
export function aService(
  cluster: string,
  name: string,
  overrides: Partial<Service> = {},
  at: Place = here,
): Service {
  const taskDefinition = ecsArn(at, `task-definition/${name}:1`);
  const desired = overrides.desiredCount ?? 2;
  return {
    serviceArn: ecsArn(at, `service/${cluster}/${name}`),
    serviceName: name,
    clusterArn: ecsArn(at, `cluster/${cluster}`),
    status: 'ACTIVE',
    desiredCount: desired,
    runningCount: desired,
    pendingCount: 0,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    platformFamily: 'Linux',
    schedulingStrategy: 'REPLICA',
    taskDefinition,
    enableExecuteCommand: false,
    loadBalancers: [],
    createdAt: longAgo,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [idOf('subnet', at, 'private-a')],
        securityGroups: [idOf('sg', at, name)],
        assignPublicIp: 'DISABLED',
      },
    },
    deployments: [aDeployment(taskDefinition, desired)],
    events: [
      {
        id: '4e6a1c0e-0f63-4d8a-9a55-0d1b8f7a6c21',
        createdAt: longAgo,
        message: `(service ${name}) has reached a steady state.`,
      },
    ],
    tags: [{ key: 'team', value: 'platform' }],
    ...overrides,
  };
}

export function aDeployment(
  taskDefinition: string,
  desired: number,
  overrides: Partial<Deployment> = {},
): Deployment {
  return {
    id: 'ecs-svc/1234567890123456789',
    status: 'PRIMARY',
    taskDefinition,
    desiredCount: desired,
    runningCount: desired,
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment completed.',
    createdAt: longAgo,
    updatedAt: longAgo,
    ...overrides,
  };
}

/** A running task of a service. */
export function aTask(
  service: Service,
  number: number,
  overrides: Partial<Task> = {},
  at: Place = here,
): Task {
  const cluster = service.clusterArn?.split('/')[1] ?? '';
  return {
    taskArn: ecsArn(at, `task/${cluster}/${idOf('t', at, `${service.serviceArn}/${number}`).slice(2)}`),
    clusterArn: service.clusterArn,
    group: `service:${service.serviceName}`,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'HEALTHY',
    taskDefinitionArn: service.taskDefinition,
    launchType: service.launchType,
    availabilityZone: `${at.region}${number % 2 === 0 ? 'a' : 'b'}`,
    cpu: '256',
    memory: '512',
    createdAt: longAgo,
    startedAt: longAgo,
    ...overrides,
  };
}

/** An instance whose agent is connected. */
export function aContainerInstance(
  cluster: string,
  name: string,
  overrides: Partial<ContainerInstance> = {},
  at: Place = here,
): ContainerInstance {
  const units = (cpu: number, memory: number): ContainerInstance['registeredResources'] => [
    { name: 'CPU', type: 'INTEGER', integerValue: cpu },
    { name: 'MEMORY', type: 'INTEGER', integerValue: memory },
  ];
  return {
    containerInstanceArn: ecsArn(at, `container-instance/${cluster}/${idOf('c', at, name).slice(2)}`),
    ec2InstanceId: idOf('i', at, name),
    status: 'ACTIVE',
    agentConnected: true,
    versionInfo: { agentVersion: '1.89.0', dockerVersion: 'DockerVersion: 25.0.6' },
    runningTasksCount: 2,
    pendingTasksCount: 0,
    registeredResources: units(2_048, 3_884),
    remainingResources: units(1_536, 2_860),
    attributes: [{ name: 'ecs.availability-zone', value: `${at.region}a` }],
    registeredAt: longAgo,
    ...overrides,
  };
}

/** One container as it should be: no root, no writes, no secrets, its words are logged. */
export function aContainer(name: string, overrides: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {
    name,
    image: `123456789012.dkr.ecr.us-west-2.amazonaws.com/${name}:1.4.2`,
    essential: true,
    privileged: false,
    readonlyRootFilesystem: true,
    user: '1000',
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': `/ecs/${name}`, mode: 'non-blocking' },
    },
    ...overrides,
  };
}

export function aTaskDefinition(
  family: string,
  revision = 1,
  overrides: Partial<TaskDefinition> = {},
  at: Place = here,
): TaskDefinition {
  return {
    taskDefinitionArn: ecsArn(at, `task-definition/${family}:${revision}`),
    family,
    revision,
    status: 'ACTIVE',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
    containerDefinitions: [aContainer(family)],
    volumes: [],
    registeredAt: longAgo,
    ...overrides,
  };
}

/** What CloudWatch has of a service, a point every minute. */
export function serviceMetrics({ clusterArn, serviceName = '' }: Service): Metric[] {
  const dimensions = { ClusterName: clusterArn?.split('/')[1] ?? '', ServiceName: serviceName };
  return [
    { namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions, everySeconds: 60, mean: 35, swing: 0.5 },
    { namespace: 'AWS/ECS', name: 'MemoryUtilization', dimensions, everySeconds: 60, mean: 60, swing: 0.1 },
  ];
}

/** Of a cluster; reservations only where it has instances of its own. */
export function clusterMetrics({
  clusterName = '',
  registeredContainerInstancesCount = 0,
}: Cluster): Metric[] {
  const names = ['CPUUtilization', 'MemoryUtilization'];
  const reserved = registeredContainerInstancesCount > 0 ? ['CPUReservation', 'MemoryReservation'] : [];
  return [...names, ...reserved].map((name) => ({
    namespace: 'AWS/ECS',
    name,
    dimensions: { ClusterName: clusterName },
    everySeconds: 60,
    mean: 40,
    swing: 0.3,
  }));
}
