import { NOW } from '../checks/test-inventory.ts';
import type { Cluster, ContainerInstance, Deployment, Service, Task } from '../inventory/ecs.ts';
import { read } from '../inventory/reading.ts';
import { NO_BLOCK, type Bucket, type PublicAccessBlock } from '../inventory/s3.ts';

const HOUR_MS = 3_600_000;
const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:123456789012:cluster/live';

export const ALL_BLOCKED: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

export const aCluster = (over: Partial<Cluster> = {}): Cluster => ({
  arn: CLUSTER_ARN,
  name: 'live',
  status: 'ACTIVE',
  containerInstances: 1,
  runningTasks: 2,
  pendingTasks: 1,
  activeServices: 1,
  containerInsights: 'enabled',
  execLogging: null,
  capacityProviders: [],
  tags: {},
  ...over,
});

export const aDeployment = (over: Partial<Deployment> = {}): Deployment => ({
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
  desired: 2,
  running: 2,
  pending: 0,
  failedTasks: 0,
  rolloutState: 'COMPLETED',
  rolloutReason: null,
  createdAt: NOW - HOUR_MS,
  updatedAt: NOW - HOUR_MS,
  ...over,
});

/** Healthy: two tasks of two. */
export const aService = (over: Partial<Service> = {}): Service => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:service/live/web',
  name: 'web',
  clusterArn: CLUSTER_ARN,
  status: 'ACTIVE',
  desired: 2,
  running: 2,
  pending: 0,
  launchType: 'EC2',
  capacityProviders: [],
  platformVersion: null,
  platformFamily: null,
  schedulingStrategy: 'REPLICA',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
  assignsPublicIp: false,
  subnetIds: ['subnet-1'],
  securityGroupIds: ['sg-1'],
  isExecEnabled: false,
  loadBalancers: 1,
  createdAt: NOW - 24 * HOUR_MS,
  deployments: [aDeployment()],
  taskSets: [],
  events: [{ id: 'e-1', at: NOW - HOUR_MS, message: '(service web) has reached a steady state.' }],
  tags: {},
  ...over,
});

export const aTask = (over: Partial<Task> = {}): Task => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:task/live/0a1b',
  clusterArn: CLUSTER_ARN,
  group: 'service:web',
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  healthStatus: 'HEALTHY',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
  launchType: 'EC2',
  availabilityZone: 'eu-west-1a',
  containerInstanceArn: 'arn:aws:ecs:eu-west-1:123456789012:container-instance/live/c1',
  cpu: 256,
  memory: 512,
  startedAt: NOW - HOUR_MS,
  stoppedReason: null,
  ...over,
});

export const aContainerInstance = (over: Partial<ContainerInstance> = {}): ContainerInstance => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:container-instance/live/c1',
  clusterArn: CLUSTER_ARN,
  instanceId: 'i-1',
  status: 'ACTIVE',
  isAgentConnected: true,
  agentVersion: '1.90.0',
  runningTasks: 2,
  pendingTasks: 0,
  cpu: { registered: 2_048, remaining: 1_536 },
  memory: { registered: 4_096, remaining: 3_072 },
  availabilityZone: 'eu-west-1a',
  registeredAt: NOW - 24 * HOUR_MS,
  ...over,
});

/** As AWS makes one today, but that nothing blocks: encrypted, private, no figures yet. */
export const aBucket = (over: Partial<Bucket> = {}): Bucket => ({
  name: 'assets',
  region: 'eu-west-1',
  createdAt: Date.UTC(2023, 0, 15, 10, 30),
  publicAccessBlock: read(NO_BLOCK),
  policy: read(null),
  isPolicyPublic: read(false),
  acl: read({ ownerId: 'owner', grants: [] }),
  ownership: read('BucketOwnerEnforced'),
  versioning: read({ status: 'Enabled', isMfaDelete: false }),
  encryption: read({ algorithm: 'AES256', kmsKeyId: null, usesBucketKey: false }),
  lifecycle: read([]),
  logging: read(null),
  storage: read(null),
  ...over,
});
