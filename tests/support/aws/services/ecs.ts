import {
  type Cluster,
  type ContainerInstance,
  DescribeClusters$,
  DescribeContainerInstances$,
  DescribeServices$,
  DescribeTasks$,
  ListClusters$,
  ListContainerInstances$,
  ListServices$,
  ListTasks$,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { indexed } from '../indexed.ts';
import type { Operation } from '../operation.ts';
import type { Parameters } from '../parameters.ts';
import { clusterOf, ecsOperation, ecsPage, findEach, invalid, isNamed } from './ecs-operation.ts';
import { taskDefinitionOperations } from './ecs-task-definitions.ts';

const servicesIn = indexed<Service>(({ clusterArn }) => clusterArn);
const tasksIn = indexed<Task>(({ clusterArn }) => clusterArn);
const instancesIn = indexed<ContainerInstance>(
  ({ containerInstanceArn = '' }) => containerInstanceArn.split('/')[1],
);

export const ecsOperations: readonly Operation[] = [
  ecsOperation(ListClusters$, (asked, { region }) => {
    const { items, next } = ecsPage(region.ecs.clusters, asked);
    return { clusterArns: items.map(({ clusterArn }) => clusterArn), nextToken: next };
  }),
  ecsOperation(DescribeClusters$, (asked, { region }) => {
    const include = asked.texts('include') ?? [];
    const wanted = asked.texts('clusters') ?? ['default'];
    const { items, failures } = findEach(wanted, 100, 'Clusters', (one) =>
      region.ecs.clusters.find(({ clusterArn, clusterName }) => isNamed(one, clusterArn, clusterName)),
    );
    return { clusters: items.map((cluster) => tellCluster(cluster, include)), failures };
  }),
  ecsOperation(ListServices$, (asked, caller) => {
    const { clusterArn = '' } = clusterOf(asked, caller);
    const found = servicesIn(caller.region.ecs.services, clusterArn).filter(
      isLike(asked, ['launchType', 'schedulingStrategy']),
    );
    const { items, next } = ecsPage(found, asked, 10);
    return { serviceArns: items.map(({ serviceArn }) => serviceArn), nextToken: next };
  }),
  ecsOperation(DescribeServices$, (asked, caller) => {
    const { clusterArn = '' } = clusterOf(asked, caller);
    const all = servicesIn(caller.region.ecs.services, clusterArn);
    const { items, failures } = findEach(asked.texts('services'), 10, 'Services', (one) =>
      all.find(({ serviceArn, serviceName }) => isNamed(one, serviceArn, serviceName)),
    );
    return { services: items.map(withTags(asked)), failures };
  }),
  ecsOperation(ListTasks$, (asked, caller) => {
    const { clusterArn = '' } = clusterOf(asked, caller);
    const desired = asked.text('desiredStatus') ?? 'RUNNING';
    const service = asked.text('serviceName');
    const family = asked.text('family');
    const found = tasksIn(caller.region.ecs.tasks, clusterArn).filter(
      (task) =>
        task.desiredStatus === desired &&
        (service === undefined || task.group === `service:${service.split('/').at(-1)}`) &&
        (family === undefined || familyOf(task.taskDefinitionArn) === family) &&
        isLike(asked, ['launchType', 'startedBy'])(task),
    );
    const { items, next } = ecsPage(found, asked);
    return { taskArns: items.map(({ taskArn }) => taskArn), nextToken: next };
  }),
  ecsOperation(DescribeTasks$, (asked, caller) => {
    const { clusterArn = '' } = clusterOf(asked, caller);
    const all = tasksIn(caller.region.ecs.tasks, clusterArn);
    const { items, failures } = findEach(asked.texts('tasks'), 100, 'Tasks', (one) =>
      all.find(({ taskArn }) => isNamed(one, taskArn)),
    );
    return { tasks: items.map(withTags(asked)), failures };
  }),
  ecsOperation(ListContainerInstances$, (asked, caller) => {
    const { clusterName = '' } = clusterOf(asked, caller);
    const found = instancesIn(caller.region.ecs.containerInstances, clusterName).filter(
      isLike(asked, ['status']),
    );
    const { items, next } = ecsPage(found, asked);
    return {
      containerInstanceArns: items.map(({ containerInstanceArn }) => containerInstanceArn),
      nextToken: next,
    };
  }),
  ecsOperation(DescribeContainerInstances$, (asked, caller) => {
    const { clusterName = '' } = clusterOf(asked, caller);
    const all = instancesIn(caller.region.ecs.containerInstances, clusterName);
    const wanted = asked.texts('containerInstances');
    const { items, failures } = findEach(wanted, 100, 'Container instances', (one) =>
      all.find(({ containerInstanceArn }) => isNamed(one, containerInstanceArn)),
    );
    return { containerInstances: items.map(withTags(asked)), failures };
  }),
  ...taskDefinitionOperations,
];

/** Settings, configuration, statistics and tags are told only where they are asked for. */
function tellCluster(cluster: Cluster, include: readonly string[]): Cluster {
  const unknown = include.find((one) => !CLUSTER_FIELDS.includes(one));
  if (unknown !== undefined) throw invalid(`Invalid include value: ${unknown}`);
  return {
    ...cluster,
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    configuration: include.includes('CONFIGURATIONS') ? cluster.configuration : undefined,
    statistics: include.includes('STATISTICS') ? cluster.statistics : [],
    attachments: include.includes('ATTACHMENTS') ? cluster.attachments : undefined,
    tags: include.includes('TAGS') ? cluster.tags : [],
  };
}
const CLUSTER_FIELDS = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'];

function withTags(asked: Parameters): <T extends { readonly tags?: unknown }>(item: T) => T {
  const isAsked = (asked.texts('include') ?? []).includes('TAGS');
  return (item) => (isAsked ? item : { ...item, tags: undefined });
}

/** Whether a thing has what was asked of those members of the same name; what was not asked is all the same. */
function isLike(asked: Parameters, names: readonly string[]): (item: object) => boolean {
  const wanted = names
    .map((name) => [name, asked.text(name)] as const)
    .filter(([, value]) => value !== undefined);
  return (item) => {
    const has = new Map<string, unknown>(Object.entries(item));
    return wanted.every(([name, value]) => has.get(name) === value);
  };
}

const familyOf = (taskDefinitionArn = ''): string | undefined =>
  taskDefinitionArn.split('/').at(-1)?.split(':')[0];
