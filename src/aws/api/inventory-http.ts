import { Type } from 'typebox';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { OpenBySeverity } from '../findings/standing.ts';
import type { Asker } from '../session/asker.ts';
import { accountQuery, type AnswerDesk, oneRegion, regionQuery } from './answer-desk.ts';
import { ebsRoutes } from './ebs-http.ts';
import { ecsRoutes } from './ecs-http.ts';
import { answerWires, dashboardWire } from './inventory-wire.ts';
import { networkRoutes } from './network-http.ts';
import { s3Routes } from './s3-http.ts';

/** What an account has: the contracted reads, and those beyond. */
export const inventoryRoutes = (desk: AnswerDesk, standing: Standing): Route[] => [
  summaryRoute(desk, standing),
  regionsRoute(desk),
  ...ecsRoutes(desk),
  ...s3Routes(desk),
  ...ebsRoutes(desk),
  ...networkRoutes(desk),
];

/** Open findings of who asks, by severity; null before the account's first scan was done. */
export type Standing = (asker: Asker) => Promise<OpenBySeverity | null>;

const summaryRoute = (desk: AnswerDesk, standing: Standing): Route =>
  defineRoute({
    ...desk.shared,
    path: '/api/v1/dashboard/summary',
    summary: 'An account in sixteen figures: of one region, S3 of all',
    query: Type.Object({ ...accountQuery, ...regionQuery }),
    reply: { status: 200, schema: dashboardWire },
    problems: [...desk.shared.problems, 'store_unavailable'],
    handle: ({ query: { account, region }, ...request }) =>
      desk.answer(
        request,
        account,
        (asker) => ({ name: 'summary', region: oneRegion(region, asker) }),
        async (asker) => ({ findings: await standing(asker) }),
      ),
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
