import type { Cluster, ContainerInstance, Service, Task } from '../inventory/ecs.ts';
import type { Listing } from '../inventory/reading.ts';
import type { Caller } from './call.ts';
import { ecsDescribed, ecsNames } from './ecs-list.ts';
import { serviceOf } from './ecs-services.ts';
import { clusterOf, containerInstanceOf, taskOf } from './ecs-shapes.ts';
import { list } from './fields.ts';

/** What the calls of ECS take and give at once; `ListServices` gives ten unless it is told. */
const PAGE = 100;
const SERVICES_AT_ONCE = 10;

export async function clusters(
  caller: Caller,
  region: string,
  names: readonly string[] | undefined,
): Promise<Listing<Cluster>> {
  const listed = names === undefined ? await clusterArns(caller, region) : { items: names, failures: [] };
  return after(listed, (some) =>
    ecsDescribed(caller, region, some, {
      action: 'ecs:DescribeClusters',
      atOnce: PAGE,
      ask: ({ sdk, client }, clusters, options) =>
        client.send(
          new sdk.DescribeClustersCommand({ clusters, include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS'] }),
          options,
        ),
      items: (answer) => list(answer.clusters).flatMap(clusterOf),
      areAskedFor: names !== undefined,
    }),
  );
}

const clusterArns = (caller: Caller, region: string): Promise<Listing<string>> =>
  ecsNames(caller, region, {
    action: 'ecs:ListClusters',
    ask: ({ sdk, client }, nextToken, options) =>
      client.send(new sdk.ListClustersCommand({ maxResults: PAGE, nextToken }), options),
    names: ({ clusterArns }) => clusterArns,
  });

export async function services(caller: Caller, region: string, cluster: string): Promise<Listing<Service>> {
  const listed = await ecsNames(caller, region, {
    action: 'ecs:ListServices',
    ask: ({ sdk, client }, nextToken, options) =>
      client.send(new sdk.ListServicesCommand({ cluster, maxResults: PAGE, nextToken }), options),
    names: ({ serviceArns }) => serviceArns,
  });
  return after(listed, (some) =>
    ecsDescribed(caller, region, some, {
      action: 'ecs:DescribeServices',
      atOnce: SERVICES_AT_ONCE,
      ask: ({ sdk, client }, services, options) =>
        client.send(new sdk.DescribeServicesCommand({ cluster, services, include: ['TAGS'] }), options),
      items: (answer) => list(answer.services).flatMap((service) => serviceOf(service, cluster)),
    }),
  );
}

export async function tasks(caller: Caller, region: string, cluster: string): Promise<Listing<Task>> {
  const listed = await ecsNames(caller, region, {
    action: 'ecs:ListTasks',
    ask: ({ sdk, client }, nextToken, options) =>
      client.send(new sdk.ListTasksCommand({ cluster, maxResults: PAGE, nextToken }), options),
    names: ({ taskArns }) => taskArns,
  });
  return after(listed, (some) =>
    ecsDescribed(caller, region, some, {
      action: 'ecs:DescribeTasks',
      atOnce: PAGE,
      ask: ({ sdk, client }, tasks, options) =>
        client.send(new sdk.DescribeTasksCommand({ cluster, tasks }), options),
      items: (answer) => list(answer.tasks).flatMap((task) => taskOf(task, cluster)),
    }),
  );
}

export async function containerInstances(
  caller: Caller,
  region: string,
  cluster: string,
): Promise<Listing<ContainerInstance>> {
  const listed = await ecsNames(caller, region, {
    action: 'ecs:ListContainerInstances',
    ask: ({ sdk, client }, nextToken, options) =>
      client.send(new sdk.ListContainerInstancesCommand({ cluster, maxResults: PAGE, nextToken }), options),
    names: ({ containerInstanceArns }) => containerInstanceArns,
  });
  return after(listed, (some) =>
    ecsDescribed(caller, region, some, {
      action: 'ecs:DescribeContainerInstances',
      atOnce: PAGE,
      ask: ({ sdk, client }, containerInstances, options) =>
        client.send(new sdk.DescribeContainerInstancesCommand({ cluster, containerInstances }), options),
      items: (answer) =>
        list(answer.containerInstances).flatMap((instance) => containerInstanceOf(instance, cluster)),
    }),
  );
}

/** What was listed, described; what could not be listed is still said. */
async function after<T>(
  listed: Listing<string>,
  describe: (names: readonly string[]) => Promise<Listing<T>>,
): Promise<Listing<T>> {
  const { items, failures } = await describe([...new Set(listed.items)]);
  return { items, failures: [...listed.failures, ...failures] };
}
