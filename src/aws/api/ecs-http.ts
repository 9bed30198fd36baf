import { Type } from 'typebox';
import { defineRoute, type Route } from '../../kernel/route.ts';
import {
  accountQuery,
  type AnswerDesk,
  anyRegion,
  anywhereQuery,
  oneRegion,
  regionQuery,
} from './answer-desk.ts';
import { answerWires } from './inventory-wire.ts';
import { flagFilter, listQuery, textFilter, toListQuery } from './list-query.ts';
import { metricWindow, windowQuery } from './metric-window.ts';

const CLUSTERS = '/api/v1/ecs/clusters';
const ONE_CLUSTER = `${CLUSTERS}/{cluster_name}`;
const NAME = '^[A-Za-z0-9_-]{1,255}$';

const clusterParams = { cluster_name: Type.String({ pattern: NAME }) };
const serviceParams = { ...clusterParams, service_name: Type.String({ pattern: NAME }) };

/** Containers: clusters, what runs in them, and how it is. */
export const ecsRoutes = (desk: AnswerDesk): Route[] => [
  clustersRoute(desk),
  clusterRoute(desk),
  servicesRoute(desk),
  serviceRoute(desk),
  tasksRoute(desk),
  containerInstancesRoute(desk),
  metricsRoute(desk),
];

const clustersRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: CLUSTERS,
    summary: 'ECS clusters',
    query: Type.Object({
      ...accountQuery,
      ...anywhereQuery,
      ...listQuery,
      status: textFilter('`ACTIVE`, …'),
      container_insights: textFilter('`enabled`, `enhanced`, `disabled`.'),
    }),
    reply: { status: 200, schema: answerWires.clusters },
    handle: ({ query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'clusters',
        region: anyRegion(region, asker),
        list: toListQuery(list),
      })),
  });

const clusterRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: ONE_CLUSTER,
    summary: 'One cluster: its health, and how tasks are spread in it',
    params: Type.Object(clusterParams),
    query: Type.Object({ ...accountQuery, ...regionQuery }),
    reply: { status: 200, schema: answerWires.cluster },
    handle: ({ params, query: { account, region }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'cluster',
        region: oneRegion(region, asker),
        cluster: params.cluster_name,
      })),
  });

const servicesRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: `${ONE_CLUSTER}/services`,
    summary: 'The services of a cluster, with how they are deployed',
    params: Type.Object(clusterParams),
    query: Type.Object({
      ...accountQuery,
      ...regionQuery,
      ...listQuery,
      status: textFilter('`ACTIVE`, `DRAINING`, `INACTIVE`.'),
      launch_type: textFilter('`FARGATE`, `EC2`, `EXTERNAL`.'),
      rollout_state: textFilter('`COMPLETED`, `IN_PROGRESS`, `FAILED`.'),
      healthy: flagFilter('As many tasks as wanted, and no deployment failed; or not.'),
    }),
    reply: { status: 200, schema: answerWires.services },
    handle: ({ params, query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'services',
        region: oneRegion(region, asker),
        cluster: params.cluster_name,
        list: toListQuery(list),
      })),
  });

const serviceRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: `${ONE_CLUSTER}/services/{service_name}`,
    summary: 'One service with its deployments and its latest events',
    params: Type.Object(serviceParams),
    query: Type.Object({ ...accountQuery, ...regionQuery }),
    reply: { status: 200, schema: answerWires.service },
    handle: ({ params, query: { account, region }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'service',
        region: oneRegion(region, asker),
        cluster: params.cluster_name,
        service: params.service_name,
      })),
  });

const tasksRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: `${ONE_CLUSTER}/tasks`,
    summary: 'The tasks of a cluster, and how they are spread',
    params: Type.Object(clusterParams),
    query: Type.Object({
      ...accountQuery,
      ...regionQuery,
      ...listQuery,
      group: textFilter('`service:web`.'),
      service_name: textFilter('Those of a service.'),
      last_status: textFilter('`RUNNING`, `PENDING`, …'),
      desired_status: textFilter('`RUNNING`, `STOPPED`.'),
      health_status: textFilter('`HEALTHY`, `UNHEALTHY`, `UNKNOWN`.'),
      launch_type: textFilter('`FARGATE`, `EC2`, `EXTERNAL`.'),
      availability_zone: textFilter('`us-west-2a`.'),
    }),
    reply: { status: 200, schema: answerWires.tasks },
    handle: ({ params, query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'tasks',
        region: oneRegion(region, asker),
        cluster: params.cluster_name,
        list: toListQuery(list),
      })),
  });

const containerInstancesRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: `${ONE_CLUSTER}/container-instances`,
    summary: 'The container instances of a cluster, with what is left on each',
    params: Type.Object(clusterParams),
    query: Type.Object({
      ...accountQuery,
      ...regionQuery,
      ...listQuery,
      status: textFilter('`ACTIVE`, `DRAINING`, …'),
      agent_connected: flagFilter('Whether its agent is connected.'),
      availability_zone: textFilter('`us-west-2a`.'),
    }),
    reply: { status: 200, schema: answerWires.containerInstances },
    handle: ({ params, query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'containerInstances',
        region: oneRegion(region, asker),
        cluster: params.cluster_name,
        list: toListQuery(list),
      })),
  });

const metricsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: `${ONE_CLUSTER}/metrics`,
    summary: 'How much of its CPU and memory a cluster, or one of its services, uses',
    params: Type.Object(clusterParams),
    query: Type.Object({
      ...accountQuery,
      ...regionQuery,
      ...windowQuery,
      service: Type.Optional(Type.String({ pattern: NAME, description: 'Absent: the cluster as a whole.' })),
    }),
    reply: { status: 200, schema: answerWires.ecsMetrics },
    handle: ({ params, query: { account, region, service, ...window }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'ecsMetrics',
        region: oneRegion(region, asker),
        cluster: params.cluster_name,
        ...(service === undefined ? {} : { service }),
        window: metricWindow(window, desk.now),
      })),
  });
