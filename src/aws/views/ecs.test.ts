import { describe, expect, test } from 'vitest';
import { NOW, REGION } from '../checks/test-inventory.ts';
import type { Cluster, Deployment, Service } from '../inventory/ecs.ts';
import { rowsOf, TestDesk } from './test-desk.ts';
import type { TestRegion } from './test-reader.ts';
import { aCluster, aContainerInstance, aDeployment, aService, aTask } from './test-things.ts';

const inCluster = { region: REGION, cluster: 'live' };
const deskWith = (has: TestRegion): TestDesk =>
  new TestDesk({ regions: { [REGION]: { clusters: [aCluster()], ...has } } });

async function serviceRow(over: Partial<Service>) {
  const document = await deskWith({ services: [aService(over)] }).document({
    name: 'services',
    ...inCluster,
  });
  return rowsOf(document, 'services')[0];
}

describe('a service’s deployment status', () => {
  const old = aDeployment({ id: 'old', status: 'ACTIVE', createdAt: NOW - 9_000 });
  test.each<[string, readonly Deployment[], string | null]>([
    ['is the primary one’s, wherever it stands', [old, aDeployment()], 'PRIMARY'],
    [
      'without a primary one is the newest’s',
      [old, aDeployment({ status: 'INACTIVE', createdAt: NOW })],
      'INACTIVE',
    ],
    ['is null without any', [], null],
  ])('%s', async (_, deployments, expected) => {
    expect(await serviceRow({ deployments })).toMatchObject({ deployment_status: expected });
  });
});

describe('a service is unhealthy', () => {
  const stuck = aDeployment({
    rolloutState: 'IN_PROGRESS',
    createdAt: NOW - 3_600_000,
    updatedAt: NOW - 3_600_000,
  });
  test.each<[string, Partial<Service>, boolean]>([
    ['with fewer tasks than it wants', { running: 1, desired: 2 }, true],
    ['with a deployment that failed', { deployments: [aDeployment({ rolloutState: 'FAILED' })] }, true],
    ['not while it has more than it wants', { running: 3, desired: 2 }, false],
    ['not where it wants none', { running: 0, desired: 0 }, false],
    [
      'not by a failure that is history',
      { deployments: [aDeployment(), aDeployment({ status: 'INACTIVE', rolloutState: 'FAILED' })] },
      false,
    ],
    ['not by a slow rollout, which is told all the same', { deployments: [stuck] }, false],
  ])('%s', async (_, over, isUnhealthy) => {
    expect(await serviceRow(over)).toMatchObject({ healthy: !isUnhealthy });
    const summary = await deskWith({ services: [aService(over)] }).document({
      name: 'summary',
      region: REGION,
    });
    expect(summary).toMatchObject({ summary: { ecs: { unhealthy_services: isUnhealthy ? 1 : 0 } } });
  });

  test('and says what is wrong with it', async () => {
    expect(await serviceRow({ running: 1 })).toMatchObject({ problems: [expect.stringContaining('1 of 2')] });
    expect(await serviceRow({ deployments: [stuck] })).toMatchObject({
      problems: [expect.stringContaining('in progress')],
    });
  });
});

describe('a cluster', () => {
  const cluster = async (has: TestRegion, over: Partial<Cluster> = {}) =>
    deskWith({ containerInstances: [aContainerInstance()], ...has, clusters: [aCluster(over)] }).document({
      name: 'cluster',
      ...inCluster,
    });
  test.each<[string, TestRegion, Partial<Cluster>, string]>([
    ['healthy', { services: [aService()] }, {}, 'healthy'],
    ['degraded by a service', { services: [aService({ running: 0 })] }, {}, 'degraded'],
    [
      'degraded by an agent',
      { containerInstances: [aContainerInstance({ isAgentConnected: false })] },
      {},
      'degraded',
    ],
    ['idle where nothing runs and nothing should', {}, { runningTasks: 0, pendingTasks: 0 }, 'idle'],
    ['inactive by its own status', { services: [aService()] }, { status: 'DEPROVISIONING' }, 'inactive'],
  ])('is %s', async (_, has, over, health) => {
    expect(await cluster(has, over)).toMatchObject({ health });
  });

  test('of which something is not known is neither healthy nor idle, but may be degraded for sure', async () => {
    const desk = deskWith({ containerInstances: [aContainerInstance()] }).fail(
      'services',
      'ecs:ListServices',
    );
    expect(await desk.document({ name: 'cluster', ...inCluster })).toMatchObject({
      health: null,
      services: null,
      unreadable: expect.arrayContaining([
        expect.objectContaining({ member: 'health', action: 'ecs:ListServices' }),
        expect.objectContaining({ member: 'services', action: 'ecs:ListServices' }),
      ]),
    });
    const blind = deskWith({ services: [aService()] }).fail(
      'containerInstances',
      'ecs:ListContainerInstances',
    );
    expect(await blind.document({ name: 'cluster', ...inCluster })).toMatchObject({
      health: null,
      container_instances: null,
    });
    const bad = deskWith({ containerInstances: [aContainerInstance({ isAgentConnected: false })] });
    bad.fail('services', 'ecs:ListServices');
    expect(await bad.document({ name: 'cluster', ...inCluster })).toMatchObject({ health: 'degraded' });
  });

  test('tells how its tasks are spread, what it has left, and how busy it is', async () => {
    const desk = deskWith({
      services: [aService()],
      tasks: [
        aTask(),
        aTask({ arn: 'task/2' }),
        aTask({
          arn: 'task/3',
          launchType: 'FARGATE',
          containerInstanceArn: null,
          availabilityZone: 'eu-west-1b',
          lastStatus: 'PENDING',
        }),
      ],
      containerInstances: [
        aContainerInstance(),
        aContainerInstance({ arn: 'c2', cpu: { registered: 2_048, remaining: 2_048 } }),
      ],
    });
    desk.account.utilisation = {
      cpuUtilisation: [
        { at: NOW - 600_000, value: 5 },
        { at: NOW - 300_000, value: 12.5 },
      ],
      cpuReservation: [{ at: NOW - 600_000, value: 25 }],
    };
    expect(await desk.document({ name: 'cluster', ...inCluster })).toMatchObject({
      tasks: {
        total: 3,
        by_status: { PENDING: 1, RUNNING: 2 },
        by_availability_zone: { 'eu-west-1a': 2, 'eu-west-1b': 1 },
        by_launch_type: { EC2: 2, FARGATE: 1 },
        by_group: { 'service:web': 3 },
        by_container_instance: [{ instance_id: 'i-1', availability_zone: 'eu-west-1a', tasks_count: 2 }],
      },
      container_instances: {
        total: 2,
        agents_disconnected: 0,
        cpu: { registered: 4_096, remaining: 3_584, reserved_percent: 12.5 },
      },
      utilization: {
        cpu_utilization: 12.5,
        memory_utilization: null,
        cpu_reservation: 25,
        as_of: new Date(NOW - 300_000).toISOString().replace('.000', ''),
      },
      unreadable: [],
    });
  });

  test('whose instance does not say what it has left says that it does not know', async () => {
    const unknown = aContainerInstance({ arn: 'c2', memory: { registered: null, remaining: null } });
    expect(await cluster({ containerInstances: [aContainerInstance(), unknown] })).toMatchObject({
      container_instances: { memory: { registered: null, remaining: null, reserved_percent: null } },
    });
  });
});

test('tasks are spread over all that match, whatever the page', async () => {
  const tasks = [aTask(), aTask({ arn: 'task/2', group: 'service:api' }), aTask({ arn: 'task/3' })];
  const list = { where: { service_name: 'web' }, limit: 1 };
  const document = await deskWith({ tasks }).document({ name: 'tasks', ...inCluster, list });
  expect(document).toMatchObject({ total: 2, distribution: { by_status: { RUNNING: 2 } } });
  expect(rowsOf(document, 'tasks')).toHaveLength(1);
});

test('tasks stand by what started them', async () => {
  const groups = [aTask({ group: 'service:web' }), aTask({ arn: 'task/z', group: 'service:api' })];
  const document = await deskWith({ tasks: groups }).document({ name: 'tasks', ...inCluster });
  expect(rowsOf(document, 'tasks').map(({ service_name: name }) => name)).toEqual(['api', 'web']);
});

test('a service has its own tasks alone, by name or ARN', async () => {
  const desk = deskWith({
    services: [aService()],
    tasks: [aTask(), aTask({ arn: 'task/2', group: 'service:webs' })],
  });
  for (const service of ['web', aService().arn]) {
    expect(await desk.document({ name: 'service', ...inCluster, service })).toMatchObject({
      service_name: 'web',
      tasks: { total: 1 },
      deployments: [{ id: 'ecs-svc/1', rollout_state: 'COMPLETED' }],
      events: [{ id: 'e-1', created_at: expect.stringMatching(/Z$/) }],
    });
  }
});

test('a cluster is found by its ARN too', async () => {
  const document = await deskWith({}).document({ name: 'cluster', region: REGION, cluster: aCluster().arn });
  expect(document).toMatchObject({ cluster_name: 'live' });
});

test('metrics are of the cluster or of its service, ascending', async () => {
  const desk = deskWith({ services: [aService()] });
  desk.account.utilisation = {
    memoryUtilisation: [
      { at: 120_000, value: 2 },
      { at: 60_000, value: 1 },
    ],
  };
  const window = { since: 0, until: 3_600_000, periodSeconds: 3_600 };
  expect(await desk.document({ name: 'ecsMetrics', ...inCluster, window })).toMatchObject({
    cluster_name: 'live',
    service_name: null,
    period: 3_600,
    start_time: '1970-01-01T00:00:00Z',
    end_time: '1970-01-01T01:00:00Z',
    metrics: {
      memory_utilization: [
        { timestamp: '1970-01-01T00:01:00Z', value: 1 },
        { timestamp: '1970-01-01T00:02:00Z', value: 2 },
      ],
    },
  });
  expect(await desk.document({ name: 'ecsMetrics', ...inCluster, service: 'web', window })).toMatchObject({
    service_name: 'web',
  });
});
