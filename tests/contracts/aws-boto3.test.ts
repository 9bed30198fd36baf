import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bucket, Region } from '../support/aws/account.ts';
import { aService, aVolume, withRegion } from '../support/aws/builders.ts';
import { aDemoAccount } from '../support/aws/demo-account.ts';
import { DEMO_ACCOUNT_ID, home } from '../support/aws/demo/places.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import { aKey } from '../support/aws/keys.ts';
import { Parameters } from '../support/aws/parameters.ts';
import { debianPython, describeWith } from '../support/needs.ts';

const script = fileURLToPath(new URL('../../../tests/contracts/aws-boto3.py', import.meta.url));
const key = aKey(DEMO_ACCOUNT_ID);
const account = withRegion(aDemoAccount(), home.region, (region) => ({
  ...region,
  ebs: { ...region.ebs, volumes: [...region.ebs.volumes, ...manyVolumes()] },
  ecs: { ...region.ecs, services: [...region.ecs.services, ...manyServices()] },
}));

function manyVolumes(): Region['ebs']['volumes'] {
  return Array.from({ length: 1_205 }, (_, number) => aVolume(`v${number}`, {}, home));
}

function manyServices(): Region['ecs']['services'] {
  return Array.from({ length: 23 }, (_, number) => aService('background', `svc-${number}`, {}, home));
}

const region = account.regions[home.region];
if (region === undefined) throw new Error('the demo has no home');

/** As JSON has it: instants as text, and nothing that is undefined. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/**
 * Two clients that share no code with each other must read the same of the fake: it is then AWS's protocols that it
 * speaks, and not only an echo of the SDK that our collector uses.
 */
await describeWith('boto3', 'a second client reads the same account', () => {
  let aws: FakeAws;
  let told: Parameters;

  const read = async (more: object = {}): Promise<Parameters> => {
    const asked = {
      url: aws.url,
      region: home.region,
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      roleArn: `arn:aws:iam::${DEMO_ACCOUNT_ID}:role/TocsinReadOnly`,
      externalId: 'harbour',
      until: new Date().setUTCHours(0, 0, 0, 0),
      ...more,
    };
    const running = promisify(execFile)(debianPython, [script], { maxBuffer: 64 * 2 ** 20 });
    running.child.stdin?.end(JSON.stringify(asked));
    const { stdout } = await running;
    const answer: unknown = JSON.parse(stdout);
    return new Parameters(answer);
  };
  const part = (service: string): Readonly<Record<string, unknown>> => told.below(service)?.all ?? {};

  beforeAll(async () => {
    aws = await FakeAws.start({ accounts: [account], keys: [key] });
    told = await read();
  });
  afterAll(() => aws.close());

  test('who asks, with keys and as a role', () => {
    expect(part('sts')).toEqual({
      GetCallerIdentity: { UserId: key.userId, Account: key.accountId, Arn: key.principalArn },
      AssumeRole: `arn:aws:sts::${DEMO_ACCOUNT_ID}:assumed-role/TocsinReadOnly/boto`,
    });
  });

  test('volumes and snapshots', () => {
    const { ebs } = region;
    const isPublic = ({ SnapshotId = '' }): boolean => ebs.publicSnapshotIds.includes(SnapshotId);
    expect(part('ec2')).toMatchObject({
      DescribeVolumes: json(ebs.volumes),
      DescribeSnapshots: json(ebs.snapshots),
      PublicSnapshots: json(ebs.snapshots.filter(isPublic)),
      GetEbsEncryptionByDefault: { EbsEncryptionByDefault: true },
      GetSnapshotBlockPublicAccessState: 'unblocked',
    });
    const statuses = new Parameters(part('ec2')).list('DescribeVolumeStatus');
    const words = statuses.map((status) => status.below('VolumeStatus')?.text('Status'));
    expect([words.length, words.filter((word) => word === 'impaired').length]).toEqual([
      ebs.volumes.length,
      1,
    ]);
  });

  test('the network', () => {
    const { network } = region;
    expect(
      new Set(new Parameters(part('ec2')).list('DescribeRegions').map((one) => one.text('RegionName'))),
    ).toEqual(new Set(Object.keys(account.regions)));
    expect(part('ec2')).toMatchObject({
      DescribeVpcs: json(network.vpcs),
      DescribeSubnets: json(network.subnets),
      DescribeSecurityGroups: json(network.securityGroups),
      DescribeNetworkAcls: json(network.networkAcls),
      DescribeRouteTables: json(network.routeTables),
      DescribeFlowLogs: json(network.flowLogs),
      DescribeNetworkInterfaces: json(network.networkInterfaces),
      DescribeManagedPrefixLists: json(network.prefixLists.map(({ entries: _, ...list }) => list)),
      GetManagedPrefixListEntries: json(
        Object.fromEntries(
          network.prefixLists.map(({ PrefixListId = '', entries }) => [PrefixListId, entries]),
        ),
      ),
    });
  });

  test('clusters with all their services, tasks and instances, and the newest task definitions', () => {
    const { ecs } = region;
    const of = <T extends { readonly clusterArn?: string | undefined }>(
      all: readonly T[],
      arn: string,
    ): T[] => all.filter(({ clusterArn }) => clusterArn === arn);
    const clusters = ecs.clusters.map(({ clusterArn = '', clusterName }) => [
      clusterArn,
      {
        services: of(ecs.services, clusterArn),
        tasks: of(ecs.tasks, clusterArn),
        containerInstances: ecs.containerInstances.filter(({ containerInstanceArn }) =>
          containerInstanceArn?.includes(`/${clusterName}/`),
        ),
      },
    ]);
    expect(part('ecs')).toMatchObject({
      DescribeClusters: json(ecs.clusters),
      clusters: json(Object.fromEntries(clusters)),
      DescribeTaskDefinition: json(
        ecs.taskDefinitions.toSorted((a, b) => ((a.family ?? '') < (b.family ?? '') ? -1 : 1)),
      ),
    });
  });

  test('buckets of all regions with their parts, or what S3 says of what is not configured', () => {
    const { buckets } = account.s3;
    const names = buckets.map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt }));
    expect(part('s3')['ListBuckets']).toEqual(json(names));
    expect(part('s3')['buckets']).toEqual(
      json(Object.fromEntries(buckets.map((bucket) => [bucket.name, partsOf(bucket)]))),
    );
    expect(part('s3')['accountBlock']).toEqual({
      BlockPublicAcls: 'true',
      IgnorePublicAcls: 'false',
      BlockPublicPolicy: 'false',
      RestrictPublicBuckets: 'false',
    });
  });

  test("CloudWatch's daily figures, over the older of its protocols", () => {
    const storage = region.metrics.filter(({ namespace }) => namespace === 'AWS/S3');
    const results = new Parameters(part('cloudwatch')).list('GetMetricData');
    expect(new Parameters(part('cloudwatch')).list('ListMetrics')).toHaveLength(storage.length);
    expect(results.map((result) => result.all['Values'])).toEqual(
      storage.map(({ mean }) => [mean, mean, mean]),
    );
    expect(aws.log.of('GetMetricData').every(({ status }) => status === 200)).toBe(true);
  });

  test('no call was refused that should not have been, and each action was made', () => {
    const actions = new Set(aws.log.calls.map(({ action }) => action));
    expect(aws.log.calls.filter(({ status }) => status >= 500)).toEqual([]);
    expect(actions.size).toBe(42);
  });

  test("denials by each service's own name", async () => {
    aws.faults.add({ kind: 'deny' });
    const refused = await read({ refused: true });
    aws.faults.clear();
    expect(refused.all).toEqual({
      sts: { refused: 'AccessDenied' },
      ec2: { refused: 'UnauthorizedOperation' },
      ecs: { refused: 'AccessDeniedException' },
      s3: { refused: 'AccessDenied' },
      cloudwatch: { refused: 'AccessDenied' },
    });
  });
});

/** What boto3 should tell of a bucket. */
function partsOf(bucket: Bucket): object {
  const { publicAccessBlock, policy, isPolicyPublic, ownership, encryption, lifecycle, logging } = bucket;
  const or = (what: object | undefined, code: string): object => what ?? { refused: code };
  return {
    GetBucketLocation: { LocationConstraint: bucket.region === 'us-east-1' ? null : bucket.region },
    HeadBucket: {},
    GetPublicAccessBlock: or(
      publicAccessBlock && { PublicAccessBlockConfiguration: publicAccessBlock },
      'NoSuchPublicAccessBlockConfiguration',
    ),
    GetBucketPolicy: or(policy === undefined ? undefined : { Policy: policy }, 'NoSuchBucketPolicy'),
    GetBucketPolicyStatus: or(
      policy === undefined ? undefined : { PolicyStatus: { IsPublic: isPolicyPublic } },
      'NoSuchBucketPolicy',
    ),
    GetBucketAcl: { Owner: { ID: account.canonicalId }, Grants: bucket.grants },
    GetBucketOwnershipControls: or(
      ownership && { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } },
      'OwnershipControlsNotFoundError',
    ),
    GetBucketVersioning: bucket.versioning === undefined ? {} : { Status: bucket.versioning },
    GetBucketEncryption: or(
      encryption && { ServerSideEncryptionConfiguration: { Rules: [encryption] } },
      'ServerSideEncryptionConfigurationNotFoundError',
    ),
    GetBucketLifecycleConfiguration: or(lifecycle && { Rules: lifecycle }, 'NoSuchLifecycleConfiguration'),
    GetBucketLogging: logging === undefined ? {} : { LoggingEnabled: logging },
  };
}
