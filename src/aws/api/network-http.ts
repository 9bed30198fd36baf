import { Type } from 'typebox';
import { defineRoute, type Reply, type Route, type RouteInput } from '../../kernel/route.ts';
import {
  accountQuery,
  type AnswerDesk,
  anyRegion,
  anywhereQuery,
  oneRegion,
  regionQuery,
} from './answer-desk.ts';
import { answerWires } from './inventory-wire.ts';
import { flagFilter, listQuery, textFilter, toListQuery, type TypedListQuery } from './list-query.ts';

const VPCS = '/api/v1/network/vpcs';
const ONE_VPC = `${VPCS}/{vpc_id}`;
const vpcParams = Type.Object({ vpc_id: Type.String({ pattern: '^vpc-[0-9a-z]{1,32}$' }) });
/** Of what is in one VPC. */
const inVpcQuery = { ...accountQuery, ...regionQuery, ...listQuery };

/** Networks: VPCs, what is in them, who gets through, and the picture of it all. */
export const networkRoutes = (desk: AnswerDesk): Route[] => [
  vpcsRoute(desk),
  securityGroupsRoute(desk),
  subnetsRoute(desk),
  routeTablesRoute(desk),
  networkAclsRoute(desk),
  flowLogsRoute(desk),
  topologyRoute(desk),
];

const vpcsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: VPCS,
    summary: 'VPCs, with how many subnets and security groups each has',
    query: Type.Object({
      ...accountQuery,
      ...anywhereQuery,
      ...listQuery,
      state: textFilter('`available`, `pending`.'),
      is_default: flagFilter('Whether AWS made it with the account.'),
      flow_logs_active: flagFilter('Whether a flow log of its own delivers.'),
    }),
    reply: { status: 200, schema: answerWires.vpcs },
    handle: ({ query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'vpcs',
        region: anyRegion(region, asker),
        list: toListQuery(list),
      })),
  });

type VpcListName = 'securityGroups' | 'subnets' | 'routeTables' | 'networkAcls' | 'flowLogs';

/** What the rows of lists in one VPC share. */
const inVpc = <const Name extends VpcListName>(desk: AnswerDesk, name: Name, path: string) =>
  ({
    ...desk.sharedOfOne,
    path: `${ONE_VPC}/${path}`,
    params: vpcParams,
    reply: { status: 200, schema: answerWires[name] },
  }) as const;

type VpcListQuery = TypedListQuery & { readonly account?: string; readonly region?: string };

/** The handler of a list in one VPC. */
const listIn =
  (desk: AnswerDesk, name: VpcListName) =>
  ({
    params,
    query: { account, region, ...list },
    ...request
  }: RouteInput<{ vpc_id: string }, VpcListQuery, undefined>): Promise<Reply> =>
    desk.answer(request, account, (asker) => ({
      name,
      region: oneRegion(region, asker),
      vpc: params.vpc_id,
      list: toListQuery(list),
    }));

const securityGroupsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...inVpc(desk, 'securityGroups', 'security-groups'),
    summary: 'The security groups of a VPC, rule by rule, and what they expose',
    query: Type.Object(inVpcQuery),
    handle: listIn(desk, 'securityGroups'),
  });

const subnetsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...inVpc(desk, 'subnets', 'subnets'),
    summary: 'The subnets of a VPC',
    query: Type.Object({
      ...inVpcQuery,
      availability_zone: textFilter('`us-west-2a`.'),
      maps_public_ip: flagFilter('Whether what starts there gets a public address.'),
      public: flagFilter('Whether it routes to an internet gateway.'),
    }),
    handle: listIn(desk, 'subnets'),
  });

const routeTablesRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...inVpc(desk, 'routeTables', 'route-tables'),
    summary: 'The route tables of a VPC',
    query: Type.Object({ ...inVpcQuery, main: flagFilter('Of the subnets that name none.') }),
    handle: listIn(desk, 'routeTables'),
  });

const networkAclsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...inVpc(desk, 'networkAcls', 'network-acls'),
    summary: 'The network ACLs of a VPC, rule by rule',
    query: Type.Object({ ...inVpcQuery, is_default: flagFilter('Of the subnets that name none.') }),
    handle: listIn(desk, 'networkAcls'),
  });

const flowLogsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...inVpc(desk, 'flowLogs', 'flow-logs'),
    summary: 'The flow logs of a VPC, its subnets and interfaces',
    query: Type.Object({
      ...inVpcQuery,
      status: textFilter('`ACTIVE` is the only good one.'),
      traffic_type: textFilter('`ACCEPT`, `REJECT`, `ALL`.'),
    }),
    handle: listIn(desk, 'flowLogs'),
  });

const topologyRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: `${ONE_VPC}/topology`,
    summary: 'A VPC as a graph: what it holds, and what leads where',
    params: vpcParams,
    query: Type.Object({ ...accountQuery, ...regionQuery }),
    reply: { status: 200, schema: answerWires.topology },
    handle: ({ params, query: { account, region }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'topology',
        region: oneRegion(region, asker),
        vpc: params.vpc_id,
      })),
  });
