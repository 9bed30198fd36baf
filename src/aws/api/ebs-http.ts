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

const VOLUME_ID = '^vol-[0-9a-z]{1,32}$';

/** Disks: volumes, what they do, and their snapshots. */
export const ebsRoutes = (desk: AnswerDesk): Route[] => [
  volumesRoute(desk),
  volumeMetricsRoute(desk),
  snapshotsRoute(desk),
];

const volumesRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: '/api/v1/ebs/volumes',
    summary: 'EBS volumes, with what they are attached to',
    query: Type.Object({
      ...accountQuery,
      ...anywhereQuery,
      ...listQuery,
      state: textFilter('`in-use`, `available`, …'),
      volume_type: textFilter('`gp3`, `io2`, …'),
      encrypted: flagFilter('Whether what is on it is encrypted.'),
      status: textFilter('`ok`, `warning`, `impaired`, `insufficient-data`.'),
      attached_instance: textFilter('The id of an instance; `null`: of none.'),
      availability_zone: textFilter('`us-west-2a`.'),
    }),
    reply: { status: 200, schema: answerWires.volumes },
    handle: ({ query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'volumes',
        region: anyRegion(region, asker),
        list: toListQuery(list),
      })),
  });

const volumeMetricsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: '/api/v1/ebs/volumes/{volume_id}/metrics',
    summary: 'What a volume did: operations, bytes, and the length of its queue',
    params: Type.Object({ volume_id: Type.String({ pattern: VOLUME_ID }) }),
    query: Type.Object({ ...accountQuery, ...regionQuery, ...windowQuery }),
    reply: { status: 200, schema: answerWires.volumeMetrics },
    handle: ({ params, query: { account, region, ...window }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'volumeMetrics',
        region: oneRegion(region, asker),
        volume: params.volume_id,
        window: metricWindow(window, desk.now),
      })),
  });

const snapshotsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: '/api/v1/ebs/snapshots',
    summary: 'EBS snapshots that the account owns, and whether everybody may restore them',
    query: Type.Object({
      ...accountQuery,
      ...anywhereQuery,
      ...listQuery,
      state: textFilter('`completed`, `pending`, `error`, …'),
      encrypted: flagFilter('Whether it is encrypted.'),
      public: flagFilter('Whether everybody may restore it.'),
      volume_id: textFilter('Those of a volume.'),
      storage_tier: textFilter('`standard`, `archive`.'),
    }),
    reply: { status: 200, schema: answerWires.snapshots },
    handle: ({ query: { account, region, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => ({
        name: 'snapshots',
        region: anyRegion(region, asker),
        list: toListQuery(list),
      })),
  });
