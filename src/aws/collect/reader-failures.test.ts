import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import {
  aBucket,
  aCluster,
  anAccount,
  aService,
  aVolume,
  ecsArn,
  here,
} from '../../../tests/support/aws/builders.ts';
import { aKey, aSessionKey } from '../../../tests/support/aws/keys.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { BucketName } from '../inventory/s3.ts';
import { ACCOUNT, aStage, atEnd, keysOf, many, REGION, withRegion } from './test-aws.ts';

const bucketIn = (region = REGION): BucketName => ({ name: 'b', region, createdAt: null });

test('a list that breaks in the middle keeps what it has and says why it is not whole', async () => {
  const volumes = many(2_500, (at) => aVolume(`v${at}`));
  const stage = await aStage(withRegion({ ebs: { volumes } }));
  const reader = stage.reader();
  const pages = stage.aws.log;
  const denyLater = setInterval(() => {
    if (pages.of('ec2:DescribeVolumes').length >= 1) stage.aws.faults.deny('ec2:DescribeVolumes');
  }, 0);
  atEnd(() => clearInterval(denyLater));
  const { items, failures } = await reader.volumes(REGION);
  expect(items.length).toBeGreaterThanOrEqual(1_000);
  expect(items.length).toBeLessThan(2_500);
  expect(failures).toEqual([
    { kind: 'denied', action: 'ec2:DescribeVolumes', region: REGION, code: 'UnauthorizedOperation' },
  ]);
});

test.each([
  ['ec2', 'ec2:DescribeVpcs', 'UnauthorizedOperation'],
  ['ecs', 'ecs:ListClusters', 'AccessDeniedException'],
  ['s3', 's3:ListAllMyBuckets', 'AccessDenied'],
  ['s3control', 's3:GetAccountPublicAccessBlock', 'AccessDenied'],
  ['cloudwatch', 'cloudwatch:ListMetrics', 'AccessDenied'],
] as const)('says which action the principal lacks: %s', async (service, action, code) => {
  const stage = await aStage();
  stage.aws.faults.deny(action);
  const reader = stage.reader();
  const failures = {
    ec2: async () => (await reader.vpcs(REGION)).failures[0],
    ecs: async () => (await reader.clusters(REGION)).failures[0],
    s3: async () => (await reader.bucketNames()).failures[0],
    s3control: async () => failureOf(await reader.accountPublicAccessBlock(ACCOUNT, REGION)),
    cloudwatch: async () => failureOf(await reader.bucketStorage(REGION)),
  };
  const region = service.startsWith('s3') ? 'global' : REGION;
  expect(await failures[service]()).toEqual({ kind: 'denied', action, region, code });
  // There is no use in asking again.
  expect(stage.aws.log.of(action)).toHaveLength(1);
});

const failureOf = (reading: { readonly kind: string; readonly failure?: unknown }): unknown =>
  reading.failure;

test('a bare 403 is a denial, whatever its body', async () => {
  const stage = await aStage();
  stage.aws.faults.add({ kind: 'answer', status: 403, body: '<html>no</html>' }, { action: 'ec2:*' });
  const { failures } = await stage.reader().vpcs(REGION);
  expect(failures).toMatchObject([{ kind: 'denied', action: 'ec2:DescribeVpcs' }]);
});

test('gets through where AWS throttles for a while, and counts it', async () => {
  const stage = await aStage(withRegion({ ebs: { volumes: many(5_500, (at) => aVolume(`v${at}`)) } }));
  stage.aws.faults.add({ kind: 'throttle' }, { action: 'ec2:DescribeVolumes' }, 8);
  const reader = stage.reader();
  const { items, failures } = await reader.volumes(REGION);
  expect(failures).toEqual([]);
  expect(items).toHaveLength(5_500);
  expect(reader.tally).toMatchObject({ calls: 14, throttled: 8 });
});

test.each(['ec2', 'ecs', 's3'] as const)('says that AWS throttles to the end: %s', async (service) => {
  const stage = await aStage();
  stage.aws.faults.add({ kind: 'throttle' });
  const reader = stage.reader();
  const asked = {
    ec2: () => reader.vpcs(REGION),
    ecs: () => reader.clusters(REGION),
    s3: () => reader.bucketNames(),
  };
  expect((await asked[service]()).failures).toMatchObject([{ kind: 'throttled' }]);
  expect(reader.tally).toMatchObject({ calls: 9, throttled: 9 });
});

test('a bucket that answers from elsewhere is a failure, and its redirect is not followed', async () => {
  const buckets = [aBucket('b', { region: 'eu-west-1' })];
  const stage = await aStage(anAccount({ s3: { publicAccessBlock: undefined, buckets } }));
  const { acl } = await stage.reader().bucket(bucketIn(), ['acl']);
  expect(acl).toMatchObject({ kind: 'unread', failure: { kind: 'failed', code: 'PermanentRedirect' } });
  expect(stage.aws.log.calls).toHaveLength(1);
});

test('a deleted bucket is missing, not empty', async () => {
  const stage = await aStage();
  const { policy, lifecycle } = await stage.reader().bucket(bucketIn(), ['policy', 'lifecycle']);
  for (const part of [policy, lifecycle])
    expect(part).toMatchObject({ kind: 'unread', failure: { kind: 'missing', code: 'NoSuchBucket' } });
});

test.each(['truncate', 'cut'] as const)('gets over an answer that breaks off: %s', async (kind) => {
  const stage = await aStage(withRegion({ ebs: { volumes: many(50, (at) => aVolume(`v${at}`)) } }));
  stage.aws.faults.add({ kind }, {}, 2);
  const { items, failures } = await stage.reader().volumes(REGION);
  expect(failures).toEqual([]);
  expect(items).toHaveLength(50);
});

test('half an answer is never taken for all of it', async () => {
  const stage = await aStage(withRegion({ ebs: { volumes: many(50, (at) => aVolume(`v${at}`)) } }));
  stage.aws.faults.add({ kind: 'truncate' });
  const { items, failures } = await stage.reader().volumes(REGION);
  expect(items).toEqual([]);
  expect(failures).toMatchObject([{ kind: 'unreachable', action: 'ec2:DescribeVolumes' }]);
});

test('gives up on a call that hangs', async () => {
  const stage = await aStage();
  stage.aws.faults.add({ kind: 'hang' });
  const reader = stage.reader({}, { attemptTimeoutMs: 5_000 });
  expect(await reader.identity()).toEqual({
    kind: 'unread',
    failure: { kind: 'unreachable', action: 'sts:GetCallerIdentity', region: 'global', code: 'TimeoutError' },
  });
  expect(reader.tally.calls).toBe(2);
});

test('says that nothing answers where nothing listens', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  const stage = await aStage();
  const endpoints = { all: `http://127.0.0.1:${port}`, pathStyle: true };
  const reader = stage.reader({}, { endpoints });
  expect((await reader.vpcs(REGION)).failures).toMatchObject([{ kind: 'unreachable', code: 'ECONNREFUSED' }]);
});

test('a cancelled reader answers soon, whatever it is waiting for', async () => {
  const stage = await aStage();
  stage.aws.faults.add({ kind: 'hang' });
  const cancel = new AbortController();
  const reader = stage.reader({}, { signal: cancel.signal, clock: systemClock });
  const asked = Promise.all([reader.vpcs(REGION), reader.volumes(REGION), reader.subnets(REGION)]);
  while (stage.aws.log.calls.length < 3) await new Promise((resolve) => setImmediate(resolve));
  cancel.abort();
  for (const { failures } of await asked)
    expect(failures).toMatchObject([{ kind: 'unreachable', code: 'Aborted' }]);
  expect((await reader.vpcs(REGION)).failures).toMatchObject([{ code: 'Aborted' }]);
});

test.each([
  ['of nobody', (id: string) => aKey(id, 'stranger'), 'InvalidClientTokenId'],
  ['with a wrong secret', (id: string) => aKey(id, 'auditor', { secret: 'wrong' }), 'SignatureDoesNotMatch'],
] as const)('says that keys %s are refused', async (_, keyOf, code) => {
  const stage = await aStage();
  const reader = stage.reader({ keys: keysOf(keyOf(ACCOUNT)) });
  expect(await reader.identity()).toMatchObject({ kind: 'unread', failure: { kind: 'refused', code } });
});

test('says that a session has ended', async () => {
  const stage = await aStage();
  const key = aSessionKey(ACCOUNT, 'reader', 'me', 1, { expiresAt: Date.now() - 1_000 });
  stage.aws.keys.add(key);
  const reader = stage.reader({ keys: keysOf(key) });
  expect(await reader.identity()).toMatchObject({ failure: { kind: 'refused', code: 'ExpiredToken' } });
  expect((await reader.vpcs(REGION)).failures).toMatchObject([{ kind: 'refused' }]);
  expect((await reader.bucketNames()).failures).toMatchObject([{ kind: 'refused', code: 'ExpiredToken' }]);
});

test('a list whose next page is one it has seen is a failure, not an endless loop', async () => {
  const stage = await aStage();
  const body = JSON.stringify({
    clusterArns: ['arn:aws:ecs:us-west-2:123456789012:cluster/a'],
    nextToken: 'again',
  });
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  stage.aws.faults.add({ kind: 'answer', status: 200, headers, body }, { action: 'ecs:ListClusters' });
  const { failures } = await stage.reader().clusters(REGION);
  expect(failures).toMatchObject([{ kind: 'failed', action: 'ecs:ListClusters', code: 'TokenRepeated' }]);
});

test('what ECS could not describe is a failure; what went away meanwhile is not', async () => {
  const services = many(2, (at) => aService('web', `s${at}`));
  const stage = await aStage(withRegion({ ecs: { clusters: [aCluster('web')], services } }));
  const body = JSON.stringify({
    services: [],
    failures: [
      { arn: 'arn:gone', reason: 'MISSING' },
      { arn: 'arn:other', reason: 'INTERNAL' },
      { arn: 'arn:secret', reason: 'free text with password=hunter2' },
    ],
  });
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  stage.aws.faults.add({ kind: 'answer', status: 200, headers, body }, { action: 'ecs:DescribeServices' });
  const { failures } = await stage.reader().services(REGION, ecsArn(here, 'cluster/web'));
  expect(failures.map(({ kind, code }) => [kind, code])).toEqual([
    ['failed', 'INTERNAL'],
    ['failed', 'Unknown'],
  ]);
});

test('never has more calls under way than it may', async () => {
  const clusters = many(60, (at) => aCluster(`c${at}`));
  const stage = await aStage(withRegion({ ecs: { clusters } }));
  stage.aws.faults.latencyMs = 5;
  const reader = stage.reader({}, { callsAtOnce: 4 });
  await Promise.all(many(60, (at) => reader.tasks(REGION, ecsArn(here, `cluster/c${at}`))));
  expect(stage.aws.log.calls).toHaveLength(60);
  expect(stage.aws.log.mostInFlight).toBe(4);
});

test.each([
  ['nothing', ''],
  ['blanks', ' \r\n'],
  ['a page of a proxy', '<html><body>Sign in to the network</body></html>'],
  ['a page with a document type', '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html></html>'],
  ['entities', '<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><DescribeVpcsResponse>&a;</DescribeVpcsResponse>'],
])('never takes %s for an account that has nothing', async (_, body) => {
  const stage = await aStage();
  stage.aws.faults.add({ kind: 'answer', status: 200, body });
  const reader = stage.reader();
  for (const { items, failures } of [await reader.vpcs(REGION), await reader.bucketNames()]) {
    expect(items).toEqual([]);
    expect(failures).toMatchObject([{ kind: 'failed', code: 'NotAnAnswer' }]);
  }
  const parts = ['encryption', 'policy', 'publicAccessBlock'] as const;
  const { encryption, policy, publicAccessBlock } = await reader.bucket(bucketIn(), parts);
  for (const part of [encryption, policy, publicAccessBlock])
    expect(part).toMatchObject({ kind: 'unread', failure: { code: 'NotAnAnswer' } });
});

test('never takes the answer to something else for a list that is empty', async () => {
  const stage = await aStage();
  const body = '<?xml version="1.0"?><ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>';
  stage.aws.faults.add({ kind: 'answer', status: 200, body });
  expect((await stage.reader().vpcs(REGION)).failures).toMatchObject([{ code: 'NotAnAnswer' }]);
  expect(await stage.reader().identity()).toMatchObject({ failure: { code: 'NotAnAnswer' } });
});

test('a null where a thing should be is none, and no fault of the reader', async () => {
  const clusters = [aCluster('web')];
  const stage = await aStage(withRegion({ ecs: { clusters } }));
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  const body = JSON.stringify({ clusters: [null, { clusterArn: 'a', tags: [null] }], failures: [null] });
  stage.aws.faults.add({ kind: 'answer', status: 200, headers, body }, { action: 'ecs:DescribeClusters' });
  const { items, failures } = await stage.reader().clusters(REGION);
  expect(items).toMatchObject([{ arn: 'a' }]);
  expect(failures).toEqual([]);
});

test('does not wait for ever where a server wants to speak another protocol', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n'),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(() => server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('no address');
  const stage = await aStage();
  const endpoints = { all: `http://127.0.0.1:${address.port}`, pathStyle: true };
  const { failures } = await stage.reader({}, { endpoints }).vpcs(REGION);
  expect(failures).toMatchObject([{ kind: 'unreachable', code: 'ECONNRESET' }]);
});
