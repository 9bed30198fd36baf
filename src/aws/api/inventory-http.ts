import { Type } from 'typebox';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { accountQuery, type AnswerDesk, oneRegion, regionQuery } from './answer-desk.ts';
import { ebsRoutes } from './ebs-http.ts';
import { ecsRoutes } from './ecs-http.ts';
import { answerWires } from './inventory-wire.ts';
import { networkRoutes } from './network-http.ts';
import { s3Routes } from './s3-http.ts';

/** What an account has: the contracted reads, and those beyond. */
export const inventoryRoutes = (desk: AnswerDesk): Route[] => [
  summaryRoute(desk),
  regionsRoute(desk),
  ...ecsRoutes(desk),
  ...s3Routes(desk),
  ...ebsRoutes(desk),
  ...networkRoutes(desk),
];

const summaryRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: '/api/v1/dashboard/summary',
    summary: 'An account in sixteen figures: of one region, S3 of all',
    query: Type.Object({ ...accountQuery, ...regionQuery }),
    reply: { status: 200, schema: answerWires.summary },
    handle: ({ query: { account, region }, ...request }) =>
      desk.answer(request, account, (asker) => ({ name: 'summary', region: oneRegion(region, asker) })),
  });

const regionsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: '/api/v1/aws/regions',
    summary: 'The regions that the account has enabled',
    query: Type.Object(accountQuery),
    reply: { status: 200, schema: answerWires.regions },
    handle: ({ query: { account }, ...request }) =>
      desk.answer(request, account, () => ({ name: 'regions' })),
  });
