import { expect, test } from 'vitest';
import {
  aBucket,
  aCluster,
  anAccount,
  aRegion,
  aService,
  aTaskDefinition,
  aVolume,
  aVpc,
  ecsArn,
  here,
  storageMetrics,
} from '../../../tests/support/aws/builders.ts';
import type { AccountInventory, Coverage } from '../inventory/account.ts';
import { type ReadName, reads } from '../inventory/reads.ts';
import { collectAccount, type CollectOptions } from './collect-account.ts';
import type { CollectProgress } from './ledger.ts';
import { aStage, many, REGION, type Stage } from './test-aws.ts';

const everything: ReadonlySet<ReadName> = new Set(readNames());
function readNames(): readonly ReadName[] {
  const isName = (name: string): name is ReadName => Object.hasOwn(reads, name);
  return Object.keys(reads).filter(isName);
}

async function collect(
  stage: Stage,
  options: Partial<CollectOptions> = {},
): Promise<{ readonly account: AccountInventory; readonly coverage: Coverage }> {
  const collected = await collectAccount(stage.reader(), {
    needed: everything,
    now: 1_700_000_000_000,
    signal: new AbortController().signal,
    ...options,
  });
  if (collected.kind === 'failed') throw new Error(collected.failure.code);
  return collected;
}

const twoRegions = () =>
  anAccount({
    regions: {
      [REGION]: aRegion({
        ebs: { volumes: many(3, (at) => aVolume(`w${at}`)) },
        network: { vpcs: [aVpc('west')] },
        ecs: {
          clusters: [aCluster('web')],
          services: [aService('web', 'front')],
          taskDefinitions: [aTaskDefinition('front')],
        },
        metrics: storageMetrics('one', { StandardStorage: 5 }, 1),
      }),
      'eu-west-1': aRegion({ ebs: { volumes: [aVolume('e')] } }),
    },
    s3: {
      publicAccessBlock: undefined,
      buckets: [aBucket('one'), aBucket('two', { region: 'eu-west-1' })],
    },
  });

test('reads all enabled regions and all buckets, and nothing was left out', async () => {
  const stage = await aStage(twoRegions());
  const { account, coverage } = await collect(stage);
  expect(account.identity.accountId).toBe(here.accountId);
  expect(account.takenAt).toBe(1_700_000_000_000);
  expect(account.regions.map(({ region }) => region)).toEqual(['eu-west-1', REGION]);
  const west = account.regions.find(({ region }) => region === REGION);
  expect(west?.ebs.volumes).toMatchObject({ items: { length: 3 }, failures: [] });
  expect(west?.ecs.taskDefinitions.items).toMatchObject([{ family: 'front', usedBy: ['service:front'] }]);
  expect(account.s3.buckets).toMatchObject({ items: [{ name: 'one' }, { name: 'two' }], failures: [] });
  expect(account.s3.buckets.items[0]?.storage).toMatchObject({
    value: { bytesByType: { StandardStorage: 5 } },
  });
  expect(account.s3.buckets.items[1]?.storage).toEqual({ kind: 'read', value: null });
  expect(coverage).toMatchObject({
    regions: ['eu-west-1', REGION],
    regionsLeftOut: [],
    calls: stage.aws.log.calls.length,
    denied: 0,
    throttled: 0,
    failed: 0,
    failures: [],
  });
});

test('what a scan collects is plain data that goes from thread to thread', async () => {
  const { account, coverage } = await collect(await aStage(twoRegions()));
  expect(structuredClone({ account, coverage })).toEqual({ account, coverage });
});

test('what no check looks at is not read, and does not count as unread', async () => {
  const stage = await aStage(twoRegions());
  const { account, coverage } = await collect(stage, { needed: new Set<ReadName>(['volumes']) });
  expect(Object.keys(stage.aws.log.count()).toSorted()).toEqual([
    'ec2:DescribeRegions',
    'ec2:DescribeVolumes',
    'sts:GetCallerIdentity',
  ]);
  expect(coverage).toMatchObject({ reads: 4, failed: 0, denied: 0, failures: [] });
  const [region] = account.regions;
  const failure = { kind: 'failed', code: 'NotAsked' };
  expect(region?.network.vpcs).toMatchObject({ items: [], failures: [failure] });
  expect(region?.ecs.services).toMatchObject({ items: [], failures: [failure] });
  expect(region?.ebs.encryptionByDefault).toMatchObject({ kind: 'unread', failure });
  expect(account.s3.buckets).toMatchObject({ items: [], failures: [failure] });
});

test('only what is needed of a bucket is asked for', async () => {
  const stage = await aStage(twoRegions());
  const { account } = await collect(stage, { needed: new Set<ReadName>(['bucketVersioning']) });
  expect(stage.aws.log.of('s3:GetBucketVersioning')).toHaveLength(2);
  expect(stage.aws.log.of('s3:GetBucketAcl')).toEqual([]);
  expect(account.s3.buckets.items[0]).toMatchObject({
    versioning: { kind: 'read' },
    acl: { kind: 'unread', failure: { code: 'NotAsked', action: 's3:GetBucketAcl' } },
  });
});

test('a region that is not wanted is left out and said so; one that is not enabled is a failure', async () => {
  const stage = await aStage(twoRegions());
  const { account, coverage } = await collect(stage, { regions: [REGION, 'ap-south-1'] });
  expect(account.regions.map(({ region }) => region)).toEqual([REGION]);
  expect(coverage).toMatchObject({ regions: [REGION], regionsLeftOut: ['eu-west-1'] });
  expect(coverage.failures).toMatchObject([{ kind: 'missing', region: 'ap-south-1', code: 'NotEnabled' }]);
  // Buckets are of no region.
  expect(account.s3.buckets.items).toHaveLength(2);
});

test("where the regions may not be listed the principal's own is read, and it is said", async () => {
  const stage = await aStage(twoRegions());
  stage.aws.faults.deny('ec2:DescribeRegions');
  const { account, coverage } = await collect(stage);
  expect(account.regions.map(({ region }) => region)).toEqual([REGION]);
  expect(coverage).toMatchObject({ regions: [REGION], denied: 1 });
  expect(coverage.failures).toMatchObject([{ kind: 'denied', action: 'ec2:DescribeRegions', times: 1 }]);
});

test('denied reads are counted and told once for action and region, with how often', async () => {
  const stage = await aStage(twoRegions());
  stage.aws.faults.deny('s3:GetBucketLogging');
  stage.aws.faults.deny('ec2:DescribeVolumes', { region: REGION });
  const { account, coverage } = await collect(stage);
  expect(coverage.denied).toBe(3);
  expect(coverage.failures).toEqual(
    expect.arrayContaining([
      { kind: 'denied', action: 's3:GetBucketLogging', region: REGION, code: 'AccessDenied', times: 1 },
      { kind: 'denied', action: 's3:GetBucketLogging', region: 'eu-west-1', code: 'AccessDenied', times: 1 },
      {
        kind: 'denied',
        action: 'ec2:DescribeVolumes',
        region: REGION,
        code: 'UnauthorizedOperation',
        times: 1,
      },
    ]),
  );
  const west = account.regions.find(({ region }) => region === REGION);
  expect(west?.ebs.volumes.failures).toHaveLength(1);
  expect(west?.network.vpcs).toMatchObject({ items: { length: 1 }, failures: [] });
});

test('task definitions are not whole where what uses them could not be read', async () => {
  const stage = await aStage(twoRegions());
  stage.aws.faults.deny('ecs:ListServices');
  const { account } = await collect(stage);
  const west = account.regions.find(({ region }) => region === REGION);
  expect(west?.ecs.services.failures).toMatchObject([{ action: 'ecs:ListServices' }]);
  expect(west?.ecs.taskDefinitions).toMatchObject({
    items: [{ family: 'front' }],
    failures: [{ action: 'ecs:ListServices' }],
  });
});

test('where the clusters could not be listed, nothing below them is whole', async () => {
  const stage = await aStage(twoRegions());
  stage.aws.faults.deny('ecs:ListClusters');
  const { account, coverage } = await collect(stage);
  const west = account.regions.find(({ region }) => region === REGION);
  for (const part of ['services', 'tasks', 'containerInstances', 'taskDefinitions'] as const)
    expect(west?.ecs[part].failures).toMatchObject([{ kind: 'denied', action: 'ecs:ListClusters' }]);
  // One denied read in each region, however much it leaves open.
  expect(coverage.denied).toBe(2);
});

test('a bucket or cluster that is deleted meanwhile is left out', async () => {
  const stage = await aStage(twoRegions());
  const gone = '<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>';
  stage.aws.faults.add({ kind: 'answer', status: 404, body: gone }, { resource: 'two' });
  const body = JSON.stringify({ __type: 'ClusterNotFoundException', message: 'gone' });
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  stage.aws.faults.add({ kind: 'answer', status: 400, headers, body }, { action: 'ecs:ListTasks' });
  const { account, coverage } = await collect(stage);
  expect(account.s3.buckets).toMatchObject({ items: [{ name: 'one' }], failures: [] });
  const west = account.regions.find(({ region }) => region === REGION);
  expect(west?.ecs.tasks).toEqual({ items: [], failures: [] });
  expect(coverage.failures).toEqual([]);
});

test('reads the prefix lists that rules name, and no others', async () => {
  const stage = await aStage(anAccount({ regions: { [REGION]: withLists() } }));
  const { account } = await collect(stage);
  expect(account.regions[0]?.network.prefixLists).toMatchObject({
    items: [{ id: 'pl-0a', name: 'offices', cidrs: { items: ['0.0.0.0/0'], failures: [] } }],
    failures: [],
  });
  expect(stage.aws.log.of('ec2:GetManagedPrefixListEntries')).toHaveLength(1);
});

const withLists = () =>
  aRegion({
    network: {
      securityGroups: [
        {
          GroupId: 'sg-1',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: 'pl-0a' }] },
          ],
        },
      ],
      prefixLists: ['pl-0a', 'pl-0b'].map((PrefixListId) => ({
        PrefixListId,
        PrefixListName: 'offices',
        entries: [{ Cidr: '0.0.0.0/0' }],
      })),
    },
  });

test('fails where it cannot be said whose account it is', async () => {
  const stage = await aStage();
  stage.aws.keys.remove(stage.key.id);
  const options = { needed: everything, now: 0, signal: new AbortController().signal };
  expect(await collectAccount(stage.reader(), options)).toMatchObject({
    kind: 'failed',
    failure: { kind: 'refused', action: 'sts:GetCallerIdentity', code: 'InvalidClientTokenId' },
  });
});

test('a cancelled scan ends soon', async () => {
  const stage = await aStage(twoRegions());
  const cancel = new AbortController();
  const onProgress = ({ done }: CollectProgress) => {
    if (done >= 5) cancel.abort();
  };
  const reader = stage.reader({}, { signal: cancel.signal });
  const options = { needed: everything, now: 0, signal: cancel.signal, onProgress };
  expect(await collectAccount(reader, options)).toMatchObject({
    kind: 'failed',
    failure: { code: 'Aborted' },
  });
  expect(stage.aws.log.calls.length).toBeLessThan(60);
});

test('tells how far it is, to the end', async () => {
  const told: CollectProgress[] = [];
  await collect(await aStage(twoRegions()), { onProgress: (progress) => told.push(progress) });
  const last = told.at(-1);
  expect(last?.done).toBe(last?.steps);
  expect(told.every(({ done, steps }) => done <= steps)).toBe(true);
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b));
});

test('one cluster of two that may not be read leaves a gap, and what the other has', async () => {
  const clusters = ['web', 'jobs'].map((name) => aCluster(name));
  const services = [aService('web', 'front'), aService('jobs', 'night')];
  const account = anAccount({ regions: { [REGION]: aRegion({ ecs: { clusters, services } }) } });
  const stage = await aStage(account);
  stage.aws.faults.deny('ecs:ListServices', { resource: ecsArn(here, 'cluster/jobs') });
  const { account: found } = await collect(stage);
  expect(found.regions[0]?.ecs.services).toMatchObject({
    items: [{ name: 'front' }],
    failures: [{ kind: 'denied', action: 'ecs:ListServices' }],
  });
});
