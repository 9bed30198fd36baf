import type { RegionInventory } from '../../inventory/account.ts';
import type { Volume } from '../../inventory/ebs.ts';
import type { Listing } from '../../inventory/reading.ts';
import type { Cluster, Container, ContainerInstance, Service, TaskDefinition } from '../../inventory/ecs.ts';
import type { CheckStatus } from '../check.ts';
import {
  aCluster,
  aContainer,
  aContainerInstance,
  aDeployment,
  aService,
  aTaskDefinition,
} from '../test-ecs.ts';
import { anAttachment, aVolume, NOW, regionOf, unlisted } from '../test-inventory.ts';

/** A region with one thing to judge, and the verdict on it. */
export interface RegionFixture {
  readonly status: CheckStatus;
  readonly of: string;
  readonly region: RegionInventory;
}

const MINUTE_MS = 60_000;

const service = (status: CheckStatus, of: string, over: Partial<Service> = {}): RegionFixture => ({
  status,
  of,
  region: regionOf({ clusters: [aCluster()], services: [aService(over)] }),
});
const cluster = (status: CheckStatus, of: string, over: Partial<Cluster> = {}): RegionFixture => ({
  status,
  of,
  region: regionOf({ clusters: [aCluster(over)] }),
});
const definition = (status: CheckStatus, of: string, over: Partial<TaskDefinition> = {}): RegionFixture => ({
  status,
  of,
  region: regionOf({ taskDefinitions: [aTaskDefinition(over)] }),
});
/** Two containers, the second of which is as given. */
const container = (
  status: CheckStatus,
  of: string,
  over: Partial<Container>,
  more: Partial<TaskDefinition> = {},
): RegionFixture =>
  definition(status, of, { containers: [aContainer({ name: 'sidecar' }), aContainer(over)], ...more });
const instance = (status: CheckStatus, of: string, over: Partial<ContainerInstance> = {}): RegionFixture => ({
  status,
  of,
  region: regionOf({ clusters: [aCluster()], containerInstances: [aContainerInstance(over)] }),
});
const withVolumes = (
  status: CheckStatus,
  of: string,
  volumes: Listing<Volume> | readonly Volume[],
): RegionFixture => ({
  status,
  of,
  region: regionOf({ containerInstances: [aContainerInstance()], volumes }),
});
const taskSet = (status: CheckStatus, of: string, assignsPublicIp: boolean | null): RegionFixture =>
  service(status, of, { taskSets: [{ id: 'ecs-svc/42', assignsPublicIp, taskDefinition: null }] });

const noClusters: RegionFixture = {
  status: 'UNKNOWN',
  of: 'a region whose clusters may not be listed',
  region: regionOf({ clusters: unlisted('ecs:ListClusters') }),
};
const noServices: RegionFixture = {
  status: 'UNKNOWN',
  of: 'a region whose services may not be read',
  region: regionOf({ services: unlisted('ecs:DescribeServices') }),
};
const noDefinitions: readonly RegionFixture[] = [
  {
    status: 'UNKNOWN',
    of: 'a region whose task definitions may not be read',
    region: regionOf({ taskDefinitions: unlisted('ecs:DescribeTaskDefinition') }),
  },
  {
    status: 'UNKNOWN',
    of: 'a region whose tasks may not be listed, so that nobody knows which revisions are in use',
    region: regionOf({ tasks: unlisted('ecs:ListTasks') }),
  },
];

const rollout = (minutes: number, over: Partial<ReturnType<typeof aDeployment>> = {}) =>
  aDeployment({
    rolloutState: 'IN_PROGRESS',
    createdAt: NOW - minutes * MINUTE_MS,
    updatedAt: NOW - minutes * MINUTE_MS,
    ...over,
  });

/** By check: each status that it can have. */
export const regionFixtures: Readonly<Record<string, readonly RegionFixture[]>> = {
  'ecs.service-unhealthy': [
    service('PASS', 'a service with all of its tasks'),
    service('PASS', 'a service that is to run nothing', { desired: 0, running: 0 }),
    service('PASS', 'a deployment in progress for 15 minutes', { deployments: [rollout(15)] }),
    service('PASS', 'an inactive deployment that failed', {
      deployments: [aDeployment(), aDeployment({ status: 'INACTIVE', rolloutState: 'FAILED' })],
    }),
    service('FAIL', 'a service with fewer tasks than wanted', { running: 1 }),
    service('FAIL', 'a deployment that failed', { deployments: [aDeployment({ rolloutState: 'FAILED' })] }),
    service('FAIL', 'a deployment in progress for 16 minutes', { deployments: [rollout(16)] }),
    service('FAIL', 'an older deployment that failed beside the one that took over', {
      deployments: [
        aDeployment(),
        aDeployment({ id: 'ecs-svc/0', status: 'ACTIVE', rolloutState: 'FAILED' }),
      ],
    }),
    service('NOT_APPLICABLE', 'a service that is drained', { status: 'DRAINING', running: 1 }),
    noServices,
    noClusters,
  ],
  'ecs.service-public-ip': [
    service('PASS', 'no public addresses'),
    service('FAIL', 'public addresses', { assignsPublicIp: true }),
    service('NOT_APPLICABLE', 'a bridge network', { assignsPublicIp: null }),
    noServices,
  ],
  'ecs.taskset-public-ip': [
    taskSet('PASS', 'no public addresses', false),
    taskSet('FAIL', 'public addresses', true),
    taskSet('NOT_APPLICABLE', 'a bridge network', null),
    noServices,
  ],
  'ecs.td-privileged': [
    container('PASS', 'plain containers', {}),
    container('FAIL', 'one privileged container of two', { isPrivileged: true }),
    ...noDefinitions,
  ],
  'ecs.td-host-pid': [
    definition('PASS', 'no pidMode'),
    definition('PASS', 'pidMode task', { pidMode: 'task' }),
    definition('FAIL', 'pidMode host', { pidMode: 'host' }),
    ...noDefinitions,
  ],
  'ecs.td-host-network': [
    definition('PASS', 'awsvpc'),
    definition('PASS', 'a network mode that is not said', { networkMode: null }),
    definition('FAIL', 'host', { networkMode: 'host' }),
    ...noDefinitions,
  ],
  'ecs.td-readonly-root': [
    container('PASS', 'read-only containers', {}),
    container('FAIL', 'one that can write', { isRootReadonly: false }),
    container('FAIL', 'one that does not say', { isRootReadonly: null }),
    container('NOT_APPLICABLE', 'Windows', { isRootReadonly: null }, { isWindows: true }),
    ...noDefinitions,
  ],
  'ecs.td-root-user': [
    container('PASS', 'a number', { user: '1000' }),
    container('PASS', 'a name and a group', { user: 'web:root' }),
    container('PASS', 'a name that begins like root', { user: 'rootless' }),
    container(
      'PASS',
      'ContainerUser',
      { user: 'ContainerUser' },
      { isWindows: true, containers: [aContainer({ user: 'ContainerUser' })] },
    ),
    container(
      'PASS',
      'root on Windows, which is nobody there',
      {},
      { isWindows: true, containers: [aContainer({ user: 'root' })] },
    ),
    container('FAIL', 'nobody named', { user: null }),
    container('FAIL', 'nothing for a name', { user: '' }),
    container('FAIL', 'root', { user: 'root' }),
    container('FAIL', 'root with a group', { user: 'root:1000' }),
    container('FAIL', '0', { user: '0' }),
    container('FAIL', '0 with a group', { user: '0:0' }),
    container('FAIL', '0 with more zeros', { user: '000' }),
    container(
      'FAIL',
      'ContainerAdministrator, whatever the case',
      { user: 'containeradministrator' },
      { isWindows: true },
    ),
    container('FAIL', 'nobody named on Windows', { user: null }, { isWindows: true }),
    ...noDefinitions,
  ],
  'ecs.td-env-secrets': [
    container('PASS', 'harmless variables', {}),
    container('FAIL', 'a variable that looks like a secret', {
      suspects: [{ name: 'DB_PASSWORD', because: 'name', hashPrefix: '0123abcd' }],
    }),
    ...noDefinitions,
  ],
  'ecs.td-logging': [
    container('PASS', 'log drivers', { logDriver: 'awsfirelens' }),
    container('PASS', 'a log driver that blocks', { logMode: 'blocking' }),
    container('FAIL', 'one container of two without a log driver', { logDriver: null }),
    ...noDefinitions,
  ],
  'ecs.fargate-version': [
    service('PASS', 'LATEST'),
    service('PASS', '1.4.0', { platformVersion: '1.4.0' }),
    service('PASS', 'a version that comes after', { platformVersion: '1.10.0' }),
    service('PASS', '1.0.0 of Windows', {
      platformVersion: '1.0.0',
      platformFamily: 'Windows-Server-2022-Core',
    }),
    service('FAIL', '1.3.0', { platformVersion: '1.3.0' }),
    service('FAIL', '1.0.0 of Linux', { platformVersion: '1.0.0' }),
    service('FAIL', 'an old one by a capacity provider', {
      launchType: null,
      capacityProviders: ['FARGATE_SPOT'],
      platformVersion: '1.3.0',
    }),
    service('NOT_APPLICABLE', 'EC2', { launchType: 'EC2', platformVersion: null }),
    noServices,
  ],
  'ecs.container-insights': [
    cluster('PASS', 'enabled'),
    cluster('PASS', 'enhanced', { containerInsights: 'enhanced' }),
    cluster('FAIL', 'disabled', { containerInsights: 'disabled' }),
    cluster('UNKNOWN', 'settings that AWS did not tell', { containerInsights: null }),
    cluster('NOT_APPLICABLE', 'a cluster that is gone', {
      status: 'INACTIVE',
      containerInsights: 'disabled',
    }),
    noClusters,
  ],
  'ecs.agent-disconnected': [
    instance('PASS', 'a connected agent'),
    instance('FAIL', 'a lost agent', { isAgentConnected: false }),
    instance('FAIL', 'a lost agent of an instance that is drained', {
      isAgentConnected: false,
      status: 'DRAINING',
    }),
    instance('NOT_APPLICABLE', 'an instance that is gone', { isAgentConnected: false, status: 'INACTIVE' }),
    {
      status: 'UNKNOWN',
      of: 'a region whose instances may not be read',
      region: regionOf({ containerInstances: unlisted('ecs:DescribeContainerInstances') }),
    },
    noClusters,
  ],
  'ecs.td-efs-tls': [
    definition('PASS', 'an encrypted volume', { efsVolumes: [{ name: 'data', isEncryptedInTransit: true }] }),
    definition('FAIL', 'one plain volume of two', {
      efsVolumes: [
        { name: 'data', isEncryptedInTransit: true },
        { name: 'cache', isEncryptedInTransit: false },
      ],
    }),
    definition('NOT_APPLICABLE', 'no EFS volume'),
    ...noDefinitions,
  ],
  'ecs.idle-cluster': [
    cluster('PASS', 'services'),
    cluster('PASS', 'tasks of no service', { activeServices: 0, runningTasks: 0, pendingTasks: 1 }),
    cluster('FAIL', 'neither', { activeServices: 0, runningTasks: 0 }),
    cluster('NOT_APPLICABLE', 'one that is made', {
      status: 'PROVISIONING',
      activeServices: 0,
      runningTasks: 0,
    }),
    noClusters,
  ],
  'ecs.exec-enabled': [
    service('PASS', 'no ECS Exec'),
    service('PASS', 'ECS Exec that is logged', { isExecEnabled: true }),
    ...([null, 'NONE'] as const).map((execLogging): RegionFixture => ({
      status: 'FAIL',
      of: `ECS Exec with the logging ${String(execLogging)}`,
      region: regionOf({
        clusters: [aCluster({ execLogging })],
        services: [aService({ isExecEnabled: true })],
      }),
    })),
    {
      status: 'UNKNOWN',
      of: 'ECS Exec in a cluster that nobody listed',
      region: regionOf({ services: [aService({ isExecEnabled: true })] }),
    },
    noServices,
  ],
  'ecs.service-lb': [
    service('PASS', 'a load balancer'),
    service('FAIL', 'no load balancer', { loadBalancers: 0 }),
    service('NOT_APPLICABLE', 'a daemon', { loadBalancers: 0, schedulingStrategy: 'DAEMON' }),
    noServices,
  ],
  'ecs.instance-encryption': [
    withVolumes('PASS', 'encrypted volumes', [aVolume()]),
    withVolumes('PASS', 'a plain volume of another instance', [
      aVolume(),
      aVolume({ isEncrypted: false, attachments: [anAttachment({ instanceId: 'i-2' })] }),
    ]),
    withVolumes('FAIL', 'a plain volume', [aVolume(), aVolume({ id: 'vol-2', isEncrypted: false })]),
    withVolumes(
      'FAIL',
      'a plain volume, though not all were listed',
      unlisted('ec2:DescribeVolumes', [aVolume({ isEncrypted: false })]),
    ),
    instance('NOT_APPLICABLE', 'a machine outside AWS', { instanceId: 'mi-1' }),
    withVolumes('UNKNOWN', 'volumes that may not be listed', unlisted('ec2:DescribeVolumes', [aVolume()])),
  ],
  'ecs.tags': [
    cluster('PASS', 'a tag'),
    cluster('FAIL', "no tag but AWS's own", { tags: { 'aws:cloudformation:stack-name': 'web' } }),
    {
      status: 'FAIL',
      of: 'a service without tags',
      region: regionOf({ services: [aService({ tags: {} })] }),
    },
    noClusters,
  ],
};
