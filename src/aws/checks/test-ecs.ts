import type {
  Cluster,
  Container,
  ContainerInstance,
  Deployment,
  Service,
  TaskDefinition,
} from '../inventory/ecs.ts';
import { DAY_MS, identity, NOW, REGION } from './test-inventory.ts';

const arnOf = (rest: string): string => `arn:aws:ecs:${REGION}:${identity.accountId}:${rest}`;

export const aCluster = (over: Partial<Cluster> = {}): Cluster => ({
  arn: arnOf('cluster/production'),
  name: 'production',
  status: 'ACTIVE',
  containerInstances: 0,
  runningTasks: 2,
  pendingTasks: 0,
  activeServices: 1,
  containerInsights: 'enabled',
  execLogging: 'OVERRIDE',
  capacityProviders: [],
  tags: { team: 'web' },
  ...over,
});

/** On Fargate, with all of its tasks and no public address. */
export const aService = (over: Partial<Service> = {}): Service => ({
  arn: arnOf('service/production/web'),
  name: 'web',
  clusterArn: arnOf('cluster/production'),
  status: 'ACTIVE',
  desired: 2,
  running: 2,
  pending: 0,
  launchType: 'FARGATE',
  capacityProviders: [],
  platformVersion: 'LATEST',
  platformFamily: 'Linux',
  schedulingStrategy: 'REPLICA',
  taskDefinition: arnOf('task-definition/web:7'),
  assignsPublicIp: false,
  subnetIds: ['subnet-1'],
  securityGroupIds: ['sg-1'],
  isExecEnabled: false,
  loadBalancers: 1,
  createdAt: NOW - 90 * DAY_MS,
  deployments: [aDeployment()],
  taskSets: [],
  events: [],
  tags: { team: 'web' },
  ...over,
});

export const aDeployment = (over: Partial<Deployment> = {}): Deployment => ({
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  taskDefinition: arnOf('task-definition/web:7'),
  desired: 2,
  running: 2,
  pending: 0,
  failedTasks: 0,
  rolloutState: 'COMPLETED',
  rolloutReason: null,
  createdAt: NOW - 2 * DAY_MS,
  updatedAt: NOW - 2 * DAY_MS,
  ...over,
});

/** In use by a service; its one container does all as it should. */
export const aTaskDefinition = (over: Partial<TaskDefinition> = {}): TaskDefinition => ({
  arn: arnOf('task-definition/web:7'),
  family: 'web',
  revision: 7,
  status: 'ACTIVE',
  networkMode: 'awsvpc',
  pidMode: null,
  ipcMode: null,
  isWindows: false,
  efsVolumes: [],
  containers: [aContainer()],
  usedBy: ['service:web'],
  ...over,
});

export const aContainer = (over: Partial<Container> = {}): Container => ({
  name: 'app',
  image: 'registry.example/app:1',
  isPrivileged: false,
  isRootReadonly: true,
  user: '1000:1000',
  logDriver: 'awslogs',
  logMode: null,
  suspects: [],
  ...over,
});

export const aContainerInstance = (over: Partial<ContainerInstance> = {}): ContainerInstance => ({
  arn: arnOf('container-instance/production/0123456789abcdef'),
  clusterArn: arnOf('cluster/production'),
  instanceId: 'i-1',
  status: 'ACTIVE',
  isAgentConnected: true,
  agentVersion: '1.89.0',
  runningTasks: 3,
  pendingTasks: 0,
  cpu: { registered: 2_048, remaining: 512 },
  memory: { registered: 3_904, remaining: 1_024 },
  availabilityZone: 'eu-west-1a',
  registeredAt: NOW - 30 * DAY_MS,
  ...over,
});
