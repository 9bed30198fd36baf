import { Type } from 'typebox';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { accountQuery, type AnswerDesk, anyRegion } from './answer-desk.ts';
import { answerWires } from './inventory-wire.ts';
import { flagFilter, listQuery, textFilter, toListQuery } from './list-query.ts';
import { ALL_REGIONS } from '../views/question.ts';

const BUCKET_NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$';

/** Buckets, of all regions whatever the session's. */
export const s3Routes = (desk: AnswerDesk): Route[] => [bucketsRoute(desk), bucketRoute(desk)];

const bucketsRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.shared,
    path: '/api/v1/s3/buckets',
    summary: 'S3 buckets of all regions, with how much is in them',
    query: Type.Object({
      ...accountQuery,
      ...listQuery,
      region: textFilter('Those of this region. Absent, or `all`: of every one.'),
      versioning_enabled: flagFilter('Whether old versions are kept.'),
      public_access_blocked: flagFilter('Whether all four flags are in effect.'),
      publicly_accessible: flagFilter('Whether everybody gets at it.'),
      encryption_enabled: flagFilter('Whether it has a default encryption.'),
    }),
    reply: { status: 200, schema: answerWires.buckets },
    handle: ({ query: { account, region = ALL_REGIONS, ...list }, ...request }) =>
      desk.answer(request, account, (asker) => {
        const one = anyRegion(region, asker);
        return {
          name: 'buckets',
          list: toListQuery({ ...list, ...(one === ALL_REGIONS ? {} : { region: one }) }),
        };
      }),
  });

const bucketRoute = (desk: AnswerDesk): Route =>
  defineRoute({
    ...desk.sharedOfOne,
    path: '/api/v1/s3/buckets/{bucket_name}/details',
    summary: 'One bucket: storage classes, lifecycle, encryption, and who may get at it',
    params: Type.Object({ bucket_name: Type.String({ pattern: BUCKET_NAME }) }),
    query: Type.Object(accountQuery),
    reply: { status: 200, schema: answerWires.bucket },
    handle: ({ params, query: { account }, ...request }) =>
      desk.answer(request, account, () => ({ name: 'bucket', bucket: params.bucket_name })),
  });
