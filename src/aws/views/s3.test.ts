import { describe, expect, test } from 'vitest';
import { denied, NOW } from '../checks/test-inventory.ts';
import { read, unread } from '../inventory/reading.ts';
import { NO_BLOCK, type Bucket, type BucketStorage } from '../inventory/s3.ts';
import { bytesByClass } from './storage-classes.ts';
import { rowsOf, TestDesk } from './test-desk.ts';
import { ALL_BLOCKED, aBucket } from './test-things.ts';

const stored = (over: Partial<BucketStorage> = {}) =>
  read({ bytesByType: { StandardStorage: 10 }, objects: 2, at: NOW, ...over });

async function rowOf(over: Partial<Bucket>, block = NO_BLOCK) {
  const document = await new TestDesk({ buckets: [aBucket(over)], block }).document({ name: 'buckets' });
  return rowsOf(document, 'buckets')[0];
}
const detailsOf = (over: Partial<Bucket>) =>
  new TestDesk({ buckets: [aBucket(over)] }).document({ name: 'bucket', bucket: 'assets' });

const worldReads = read({
  ownerId: 'me',
  grants: [
    {
      grantee: 'http://acs.amazonaws.com/groups/global/AllUsers',
      granteeKind: 'group' as const,
      permission: 'READ',
    },
  ],
});

describe('a bucket’s size', () => {
  test('is over all storage types, overheads included, and says its day', async () => {
    const bytesByType = { StandardStorage: 10, GlacierS3ObjectOverhead: 3 };
    expect(await rowOf({ storage: stored({ bytesByType }) })).toMatchObject({
      object_count: 2,
      total_size_bytes: 13,
      storage_date: expect.stringMatching(/Z$/),
    });
  });

  test('is null without figures, which is not zero', async () => {
    const none = { object_count: null, total_size_bytes: null, storage_date: null, unreadable: [] };
    expect(await rowOf({})).toMatchObject(none);
    expect(await detailsOf({})).toMatchObject({ ...none, storage_class_summary: null });
  });

  test('is zero where CloudWatch says so', async () => {
    const storage = stored({ bytesByType: { StandardStorage: 0 }, objects: 0 });
    expect(await rowOf({ storage })).toMatchObject({ object_count: 0, total_size_bytes: 0 });
    expect(await detailsOf({ storage })).toMatchObject({ storage_class_summary: { STANDARD: 0 } });
  });

  test('that may not be read is null and says so', async () => {
    const desk = new TestDesk({ buckets: [aBucket()] }).fail('bucketStorage', 'cloudwatch:ListMetrics');
    const [row] = rowsOf(await desk.document({ name: 'buckets' }), 'buckets');
    expect(row).toMatchObject({
      object_count: null,
      unreadable: [
        { member: 'object_count', action: 'cloudwatch:ListMetrics' },
        { member: 'total_size_bytes' },
      ],
    });
  });

  test('is by class as S3 names it; a class that is new keeps CloudWatch’s name', () => {
    const bytes = {
      StandardIAStorage: 1,
      StandardIASizeOverhead: 2,
      IntelligentTieringFAStorage: 3,
      IntAAObjectOverhead: 4,
      FutureStorage: 5,
    };
    expect(bytesByClass(bytes)).toEqual({ STANDARD_IA: 3, INTELLIGENT_TIERING: 7, FutureStorage: 5 });
    expect(Object.hasOwn(bytesByClass(JSON.parse('{"__proto__":1}')), '__proto__')).toBe(true);
  });
});

describe('public access is blocked', () => {
  const three = { ...ALL_BLOCKED, ignorePublicAcls: false };
  const one = { ...NO_BLOCK, ignorePublicAcls: true };
  test.each([
    ['by the bucket alone', ALL_BLOCKED, NO_BLOCK, true],
    ['by the account alone', NO_BLOCK, ALL_BLOCKED, true],
    ['by both together', three, one, true],
    ['not by three flags', three, NO_BLOCK, false],
    ['not without any', NO_BLOCK, NO_BLOCK, false],
  ])('%s', async (_, bucket, account, expected) => {
    const row = await rowOf({ publicAccessBlock: read(bucket) }, account);
    expect(row).toMatchObject({ public_access_blocked: expected });
  });

  test('or not known, unless what is known decides', async () => {
    const publicAccessBlock = unread(denied('s3:GetBucketPublicAccessBlock'));
    expect(await rowOf({ publicAccessBlock })).toMatchObject({
      public_access_blocked: null,
      unreadable: [{ member: 'public_access_blocked', action: 's3:GetBucketPublicAccessBlock' }],
    });
    expect(await rowOf({ publicAccessBlock }, ALL_BLOCKED)).toMatchObject({
      public_access_blocked: true,
      unreadable: [],
    });
  });
});

describe('the policy', () => {
  const PUBLIC = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}';

  test('is read where S3 does not say whether it is public, and that matters', async () => {
    const desk = new TestDesk({ buckets: [aBucket({ isPolicyPublic: read(null), policy: read(PUBLIC) })] });
    const document = await desk.document({ name: 'buckets' });
    expect(rowsOf(document, 'buckets')).toMatchObject([{ publicly_accessible: true }]);
    expect(desk.times('bucket')).toBe(2);
  });

  test('is not read where S3 says, and where it is of no effect', async () => {
    const said = new TestDesk({ buckets: [aBucket({ isPolicyPublic: read(false), policy: read(PUBLIC) })] });
    const blocked = new TestDesk({ block: ALL_BLOCKED, buckets: [aBucket({ isPolicyPublic: read(null) })] });
    for (const desk of [said, blocked]) {
      expect(rowsOf(await desk.document({ name: 'buckets' }), 'buckets')).toMatchObject([
        { publicly_accessible: false },
      ]);
      expect(desk.times('bucket')).toBe(1);
    }
  });

  test('is told of, never told', async () => {
    const document = await detailsOf({ policy: read(PUBLIC), isPolicyPublic: read(true) });
    expect(document).toMatchObject({ policy: { exists: true, public: true }, publicly_accessible: true });
    expect(JSON.stringify(document)).not.toContain('Statement');
  });
});

test('the versioning counts while it is on', async () => {
  for (const [status, expected] of [
    ['Enabled', true],
    ['Suspended', false],
    ['Never', false],
  ] as const) {
    const versioning = read({ status, isMfaDelete: false });
    expect(await rowOf({ versioning })).toMatchObject({ versioning_enabled: expected });
  }
});

test('buckets of all regions are listed, each with the figures of its own', async () => {
  const desk = new TestDesk({
    buckets: [aBucket(), aBucket({ name: 'far', region: 'ap-south-1', storage: stored() })],
  });
  const rows = rowsOf(await desk.document({ name: 'buckets' }), 'buckets');
  expect(rows).toMatchObject([
    { name: 'assets', region: 'eu-west-1' },
    { name: 'far', region: 'ap-south-1', object_count: 2 },
  ]);
  const asked = desk.readers
    .flatMap((reader) => reader.asked)
    .filter((one) => one.startsWith('bucketStorage'));
  expect(asked.sort()).toEqual(['bucketStorage ap-south-1', 'bucketStorage eu-west-1']);
});

test('a bucket whose place is not known is missing and told so; the others are listed', async () => {
  const desk = new TestDesk({ buckets: [aBucket(), aBucket({ name: 'somewhere' })] });
  desk.fail('bucketNames', 's3:GetBucketLocation');
  const document = await desk.document({ name: 'buckets' });
  expect(document).toMatchObject({
    buckets: [{ name: 'assets' }],
    unreadable: [{ member: 'buckets', action: 's3:GetBucketLocation' }],
  });
  expect(await desk.ask({ name: 'bucket', bucket: 'somewhere' })).toMatchObject({ kind: 'failed' });
  expect(await desk.document({ name: 'summary', region: 'eu-west-1' })).toMatchObject({
    summary: { s3: { total_buckets: null } },
  });
  const alone = new TestDesk({ buckets: [aBucket()] }).fail('bucketNames', 's3:GetBucketLocation');
  expect(await alone.ask({ name: 'buckets' })).toMatchObject({ kind: 'failed' });
});

test('a bucket that was deleted since it was listed is not listed, nor counted', async () => {
  const gone = unread({ ...denied('s3:GetBucketAcl'), kind: 'missing' as const });
  const desk = new TestDesk({ buckets: [aBucket(), aBucket({ name: 'deleted', acl: gone })] });
  expect(await desk.document({ name: 'buckets' })).toMatchObject({ total: 1 });
  expect(await desk.document({ name: 'summary', region: 'eu-west-1' })).toMatchObject({
    summary: { s3: { total_buckets: 1, publicly_accessible_buckets: 0 } },
  });
});

describe('a bucket’s details', () => {
  test('name every part that may not be read, and tell the others', async () => {
    const lifecycle = unread(denied('s3:GetLifecycleConfiguration'));
    const encryption = unread(denied('s3:GetEncryptionConfiguration'));
    expect(await detailsOf({ lifecycle, encryption, storage: stored() })).toMatchObject({
      lifecycle_rules: null,
      encryption: null,
      storage_class_summary: { STANDARD: 10 },
      access_logging: { enabled: false, bucket: null },
      object_ownership: 'BucketOwnerEnforced',
      unreadable: expect.arrayContaining([
        expect.objectContaining({ member: 'lifecycle_rules', action: 's3:GetLifecycleConfiguration' }),
        expect.objectContaining({ member: 'encryption', action: 's3:GetEncryptionConfiguration' }),
      ]),
    });
  });

  test('tell no encryption from one that is not known', async () => {
    expect(await detailsOf({ encryption: read(null) })).toMatchObject({
      encryption: { enabled: false, type: null },
      unreadable: [],
    });
  });

  test('tell whose the grants are, and how many are for the world', async () => {
    const document = await detailsOf({ acl: worldReads, ownership: read('ObjectWriter') });
    expect(document).toMatchObject({
      publicly_accessible: true,
      public_grants_count: 1,
      acl: [{ kind: 'group', permission: 'READ' }],
    });
    expect(await detailsOf({ acl: worldReads })).toMatchObject({ publicly_accessible: false });
  });

  test('of one that goes while it is asked about are not there', async () => {
    const gone = unread({ ...denied('s3:GetBucketAcl'), kind: 'missing' as const });
    const desk = new TestDesk({ buckets: [aBucket({ acl: gone })] });
    expect(await desk.ask({ name: 'bucket', bucket: 'assets' })).toMatchObject({
      kind: 'refused',
      status: 404,
    });
  });
});
