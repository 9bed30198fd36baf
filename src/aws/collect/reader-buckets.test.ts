import { expect, test } from 'vitest';
import {
  aBucket,
  anAccount,
  aRegion,
  everybody,
  policyOf,
  publicByPolicy,
  storageMetrics,
  tlsOnly,
  untouched,
} from '../../../tests/support/aws/builders.ts';
import type { Bucket as FakeBucket } from '../../../tests/support/aws/account.ts';
import { NO_BLOCK } from '../inventory/s3.ts';
import type { CalledPart } from './bucket-parts.ts';
import { ACCOUNT, aStage, many, REGION } from './test-aws.ts';

const allParts: readonly CalledPart[] = [
  ...(['publicAccessBlock', 'policy', 'isPolicyPublic', 'acl', 'ownership'] as const),
  ...(['versioning', 'encryption', 'lifecycle', 'logging'] as const),
];

const stageWith = (overrides: Partial<FakeBucket>) =>
  aStage(anAccount({ s3: { publicAccessBlock: undefined, buckets: [aBucket('b', overrides)] } }));
const bucket = { name: 'b', region: REGION, createdAt: null };
const readOf = (value: unknown) => ({ kind: 'read', value });

test('what is not configured of a bucket is an answer, not a failure', async () => {
  const stage = await stageWith({
    ...untouched,
    publicAccessBlock: undefined,
    ownership: undefined,
    encryption: undefined,
  });
  expect(await stage.reader().bucket(bucket, allParts)).toMatchObject({
    ...bucket,
    publicAccessBlock: readOf(NO_BLOCK),
    policy: readOf(null),
    isPolicyPublic: readOf(null),
    ownership: readOf(null),
    versioning: readOf({ status: 'Never', isMfaDelete: false }),
    encryption: readOf(null),
    lifecycle: readOf([]),
    logging: readOf(null),
  });
});

test('does not ask for the grants of a bucket that has them turned off: there are none', async () => {
  const stage = await stageWith({ ownership: 'BucketOwnerEnforced', grants: [everybody('READ')] });
  const found = await stage.reader().bucket(bucket, allParts);
  expect(found.acl).toEqual(readOf({ ownerId: null, grants: [] }));
  expect(stage.aws.log.of('s3:GetBucketAcl')).toEqual([]);
  stage.aws.faults.deny('s3:GetBucketOwnershipControls');
  expect((await stage.reader().bucket(bucket, allParts)).acl).not.toMatchObject({ value: { grants: [] } });
});

test('reads all that is configured of a bucket', async () => {
  const stage = await stageWith({
    grants: [everybody('READ')],
    ownership: 'ObjectWriter',
    isMfaDelete: true,
  });
  expect(await stage.reader().bucket(bucket, allParts)).toMatchObject({
    publicAccessBlock: readOf({
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    }),
    policy: readOf(policyOf([tlsOnly('b')])),
    acl: readOf({
      ownerId: expect.stringMatching(/^c0ffee/),
      grants: expect.arrayContaining([
        {
          grantee: 'http://acs.amazonaws.com/groups/global/AllUsers',
          granteeKind: 'group',
          permission: 'READ',
        },
      ]),
    }),
    ownership: readOf('ObjectWriter'),
    versioning: readOf({ status: 'Enabled', isMfaDelete: true }),
    encryption: readOf({ algorithm: 'aws:kms', kmsKeyId: null, usesBucketKey: true }),
    lifecycle: readOf([
      expect.objectContaining({
        id: 'tidy',
        isEnabled: true,
        transitions: [{ days: 30, date: null, storageClass: 'STANDARD_IA' }],
        noncurrentExpirationDays: 90,
        abortsIncompleteUploadsAfterDays: 7,
      }),
    ]),
    logging: readOf({ bucket: 'access-logs', prefix: 'b/' }),
  });
});

test('a denied part leaves the others as they are', async () => {
  const stage = await stageWith({});
  stage.aws.faults.deny('s3:GetBucketAcl');
  const { acl, versioning } = await stage.reader().bucket(bucket, ['acl', 'versioning']);
  expect(acl).toMatchObject({ kind: 'unread', failure: { kind: 'denied', action: 's3:GetBucketAcl' } });
  expect(versioning).toMatchObject({ kind: 'read' });
});

test('whether a policy is public is what AWS says of it', async () => {
  const stage = await stageWith(publicByPolicy('b'));
  expect(await stage.reader().bucket(bucket, ['policy', 'isPolicyPublic'])).toMatchObject({
    isPolicyPublic: readOf(true),
  });
});

test('a store that does not say whether a policy is public is not taken to say no', async () => {
  const stage = await stageWith({ ...publicByPolicy('b'), isPolicyPublic: undefined });
  expect(await stage.reader().bucket(bucket, ['isPolicyPublic'])).toMatchObject({
    isPolicyPublic: readOf(null),
  });
});

test('a policy that only denies makes nothing public, and AWS is not asked', async () => {
  const stage = await stageWith({});
  expect(await stage.reader().bucket(bucket, ['policy', 'isPolicyPublic'])).toMatchObject({
    isPolicyPublic: readOf(false),
  });
  expect(stage.aws.log.of('s3:GetBucketPolicyStatus')).toEqual([]);
});

test('where the policy may not be read AWS is asked all the same', async () => {
  const stage = await stageWith(publicByPolicy('b'));
  stage.aws.faults.deny('s3:GetBucketPolicy');
  expect(await stage.reader().bucket(bucket, ['policy', 'isPolicyPublic'])).toMatchObject({
    policy: { kind: 'unread', failure: { kind: 'denied' } },
    isPolicyPublic: readOf(true),
  });
});

test('an account without a block has none of its four parts', async () => {
  const stage = await aStage();
  expect(await stage.reader().accountPublicAccessBlock(ACCOUNT, REGION)).toEqual(readOf(NO_BLOCK));
});

test('sums what is stored by storage type, newest day, over all buckets of a region', async () => {
  const buckets = many(300, (at) => aBucket(`b${at}`));
  const metrics = buckets.flatMap(({ name }, at) =>
    storageMetrics(
      name,
      { StandardStorage: 1_000 + at, StandardIAStorage: 500, GlacierObjectOverhead: 8 },
      at,
    ),
  );
  const account = anAccount({
    regions: { [REGION]: aRegion({ metrics }) },
    s3: { publicAccessBlock: undefined, buckets },
  });
  const stage = await aStage(account);
  const storage = await stage.reader().bucketStorage(REGION);
  if (storage.kind === 'unread') throw new Error(storage.failure.code);
  expect(storage.value.size).toBe(300);
  const of = storage.value.get('b7');
  expect(of).toMatchObject({
    bytesByType: { StandardStorage: 1_007, StandardIAStorage: 500, GlacierObjectOverhead: 8 },
    objects: 7,
  });
  expect(of?.at).toBeGreaterThan(Date.now() - 3 * 86_400_000);
  // 1,200 series in five hundreds.
  expect(
    new Set(stage.aws.log.of('cloudwatch:GetMetricData').map(({ parameters }) => JSON.stringify(parameters)))
      .size,
  ).toBe(3);
});

test('a bucket without figures is not one with nothing in it', async () => {
  const metrics = storageMetrics('full', { StandardStorage: 1 }, 1);
  const stage = await aStage(anAccount({ regions: { [REGION]: aRegion({ metrics }) } }));
  const storage = await stage.reader().bucketStorage(REGION, ['full', 'empty']);
  expect(storage).toMatchObject({ kind: 'read' });
  if (storage.kind === 'read') expect([...storage.value.keys()]).toEqual(['full']);
});

test('half of the figures are none', async () => {
  const metrics = storageMetrics('full', { StandardStorage: 1 }, 1);
  const stage = await aStage(anAccount({ regions: { [REGION]: aRegion({ metrics }) } }));
  const body = JSON.stringify({ MetricDataResults: [{ Id: 'q0', StatusCode: 'PartialData' }] });
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  stage.aws.faults.add(
    { kind: 'answer', status: 200, headers, body },
    { action: 'cloudwatch:GetMetricData' },
  );
  expect(await stage.reader().bucketStorage(REGION)).toMatchObject({
    kind: 'unread',
    failure: { kind: 'failed', code: 'PartialData', action: 'cloudwatch:GetMetricData' },
  });
});
