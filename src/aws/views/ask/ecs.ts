import type { Cluster, Service } from '../../inventory/ecs.ts';
import { read, unread, type Listing, type Reading } from '../../inventory/reading.ts';
import { documentOf, failed, found, wholeOf, worstOf, type Found } from '../answer.ts';
import { clusterDetailsDocument } from '../cluster-details.ts';
import { clusterList } from '../clusters.ts';
import { containerInstanceList } from '../container-instances.ts';
import { latestWindow, utilisationSeries } from '../ecs-utilisation.ts';
import { listDocument } from '../list.ts';
import { nameOf, regionOf, unknownName } from '../names.ts';
import { windowWire } from '../series.ts';
import { serviceDetailsDocument } from '../service-details.ts';
import { serviceList } from '../services.ts';
import { serviceOfTask, taskList } from '../tasks.ts';
import { unreadableOf } from '../unreadable.ts';
import { settledWindow } from '../window.ts';
import type { Ask, Desk } from './asking.ts';
import { placed, regionalList } from './regions.ts';

export const askClusters: Ask<'clusters'> = (desk, { region, list }) =>
  regionalList(
    desk,
    region,
    {
      shape: clusterList,
      readRows: async ({ reads }, place) => ({ rows: placed(place, await reads.clusters(place)) }),
    },
    list,
  );

export const askCluster: Ask<'cluster'> = async (desk, { region, cluster: name }) => {
  const cluster = await clusterOf(desk, region, name);
  if (cluster.kind !== 'found') return cluster;
  const { reads, now } = desk;
  const { arn } = cluster.value;
  const [services, tasks, instances, utilisation] = await Promise.all([
    reads.services(region, arn),
    reads.tasks(region, arn),
    reads.containerInstances(region, arn),
    reads.ecsUtilisation(region, { clusterName: cluster.value.name }, latestWindow(now)),
  ]);
  const parts = { services: readingOf(services), tasks: readingOf(tasks), instances: readingOf(instances) };
  return documentOf(clusterDetailsDocument({ region, cluster: cluster.value, ...parts, utilisation }, now));
};

export const askServices: Ask<'services'> = async (desk, { region, cluster: name, list }) => {
  const cluster = await clusterOf(desk, region, name);
  if (cluster.kind !== 'found') return cluster;
  const services = await servicesOf(desk, region, cluster.value);
  if (services.kind !== 'found') return services;
  const rows = services.value.map((value) => ({ region, value }));
  return listDocument(rows, serviceList(desk.now), list);
};

export const askService: Ask<'service'> = async (desk, { region, cluster: name, service: asked }) => {
  const service = await serviceOf(desk, region, name, asked);
  if (service.kind !== 'found') return service;
  const { reads, now } = desk;
  const { clusterArn, name: serviceName } = service.value;
  const clusterName = clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
  const [tasks, instances, utilisation] = await Promise.all([
    reads.tasks(region, clusterArn),
    reads.containerInstances(region, clusterArn),
    reads.ecsUtilisation(region, { clusterName, serviceName }, latestWindow(now)),
  ]);
  const own = { ...tasks, items: tasks.items.filter((task) => serviceOfTask(task) === serviceName) };
  const parts = { tasks: readingOf(own), instances: readingOf(instances), utilisation };
  return documentOf(serviceDetailsDocument({ region, service: service.value, ...parts }, now));
};

export const askTasks: Ask<'tasks'> = async (desk, { region, cluster: name, list }) => {
  const cluster = await clusterOf(desk, region, name);
  if (cluster.kind !== 'found') return cluster;
  const [tasks, instances] = await Promise.all([
    desk.reads.tasks(region, cluster.value.arn),
    desk.reads.containerInstances(region, cluster.value.arn),
  ]);
  const whole = wholeOf(tasks, goneText('cluster', name));
  if (whole.kind !== 'found') return whole;
  return listDocument(
    whole.value.map((value) => ({ region, value })),
    taskList(readingOf(instances)),
    list,
    unreadableOf('distribution.by_container_instance', instances.failures),
  );
};

export const askContainerInstances: Ask<'containerInstances'> = async (desk, question) => {
  const { region, cluster: name, list } = question;
  const cluster = await clusterOf(desk, region, name);
  if (cluster.kind !== 'found') return cluster;
  const instances = wholeOf(
    await desk.reads.containerInstances(region, cluster.value.arn),
    goneText('cluster', name),
  );
  if (instances.kind !== 'found') return instances;
  return listDocument(
    instances.value.map((value) => ({ region, value })),
    containerInstanceList,
    list,
  );
};

export const askEcsMetrics: Ask<'ecsMetrics'> = async (desk, question) => {
  const { region, cluster: name, service } = question;
  const window = settledWindow(question.window, desk.now);
  if (window.kind !== 'found') return window;
  const subject = await metricsSubject(desk, region, name, service);
  if (subject.kind !== 'found') return subject;
  const figures = await desk.reads.ecsUtilisation(region, subject.value, window.value);
  if (figures.kind === 'unread') return failed(figures.failure);
  return documentOf({
    cluster_name: subject.value.clusterName,
    service_name: subject.value.serviceName ?? null,
    region,
    ...windowWire(window.value),
    metrics: utilisationSeries(figures.value),
  });
};

/** CloudWatch has no figures of what does not exist, and says no more than that: it is looked for first. */
async function metricsSubject(
  desk: Desk,
  region: string,
  clusterName: string,
  serviceName: string | undefined,
): Promise<Found<{ readonly clusterName: string; readonly serviceName?: string }>> {
  const cluster = await clusterOf(desk, region, clusterName);
  if (cluster.kind !== 'found') return cluster;
  if (serviceName === undefined) return found({ clusterName: cluster.value.name });
  const service = await serviceAmong(desk, region, cluster.value, serviceName);
  if (service.kind !== 'found') return service;
  return found({ clusterName: cluster.value.name, serviceName: service.value.name });
}

async function clusterOf({ reads }: Desk, region: string, asked: string): Promise<Found<Cluster>> {
  const [place, name] = [regionOf(region), nameOf('cluster', asked)];
  if (place.kind !== 'found') return place;
  if (name.kind !== 'found') return name;
  const clusters = wholeOf(await reads.clusters(region, [asked]), goneText('cluster', asked));
  if (clusters.kind !== 'found') return clusters;
  const [cluster] = clusters.value;
  return cluster === undefined ? unknownName('cluster', asked) : found(cluster);
}

async function servicesOf(
  { reads }: Desk,
  region: string,
  { arn, name }: Cluster,
): Promise<Found<readonly Service[]>> {
  return wholeOf(await reads.services(region, arn), goneText('cluster', name));
}

async function serviceOf(
  desk: Desk,
  region: string,
  clusterName: string,
  asked: string,
): Promise<Found<Service>> {
  const cluster = await clusterOf(desk, region, clusterName);
  return cluster.kind === 'found' ? serviceAmong(desk, region, cluster.value, asked) : cluster;
}

/** By name or ARN. */
async function serviceAmong(
  desk: Desk,
  region: string,
  cluster: Cluster,
  asked: string,
): Promise<Found<Service>> {
  const name = nameOf('service', asked);
  if (name.kind !== 'found') return name;
  const services = await servicesOf(desk, region, cluster);
  if (services.kind !== 'found') return services;
  const service = services.value.find(({ arn, name: own }) => own === asked || arn === asked);
  return service === undefined ? unknownName('service', asked) : found(service);
}

/** What AWS said was there before. */
const goneText = (what: 'cluster', name: string): string => unknownName(what, name).detail;

/** All of a list as one thing that could be read or not. */
function readingOf<T>({ items, failures }: Listing<T>): Reading<readonly T[]> {
  const failure = worstOf(failures);
  return failure === undefined ? read(items) : unread(failure);
}
