import {
  GetMetricDataCommand,
  ListMetricsCommand,
  paginateGetMetricData,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeRegionsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServicesCommand,
  paginateListServices,
} from '@aws-sdk/client-ecs';
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  paginateListBuckets,
} from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand as GetAccountBlockCommand } from '@aws-sdk/client-s3-control';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aBucket,
  aCluster,
  allBlocked,
  anAccount,
  aPrefixList,
  aRegion,
  aService,
  aSnapshot,
  aTaskDefinition,
  aVolume,
  aWholeVpc,
  everybody,
  here,
  joined,
  publicByAcl,
  storageMetrics,
  unencrypted,
  untouched,
  withRegion,
} from './builders.ts';
import { FakeAws } from './fake-aws.ts';
import { aKey } from './keys.ts';
import { refusalOfCall, type SdkClients, sdkClients } from './sdk-clients.ts';

const key = aKey(here.accountId);
const volumes = Array.from({ length: 2_345 }, (_, number) =>
  aVolume(`v${number}`, number % 5 === 0 ? unencrypted : {}),
);
const services = Array.from({ length: 123 }, (_, number) => aService('web', `svc-${number}`));
const buckets = [
  aBucket('good'),
  aBucket('listed', publicByAcl),
  aBucket('plain', {
    ...untouched,
    publicAccessBlock: undefined,
    ownership: undefined,
    encryption: undefined,
  }),
  aBucket('elsewhere', { region: 'eu-west-1' }),
];
const metrics = Array.from({ length: 700 }, (_, number) =>
  storageMetrics(`b-${number}`, { StandardStorage: number }, number),
).flat();
const production = aWholeVpc('production', { groups: ['web'] });
const shared = aSnapshot('shared', { Encrypted: false });
const prefixes = aPrefixList(
  'partners',
  Array.from({ length: 130 }, (_, number) => `10.${number}.0.0/16`),
);
const account = anAccount({
  regions: {
    [here.region]: aRegion({
      ebs: { volumes, snapshots: [aSnapshot('own'), shared], publicSnapshotIds: [shared.SnapshotId ?? ''] },
      network: joined([production, aWholeVpc('staging', { number: 1 }), { prefixLists: [prefixes] }]),
      ecs: {
        clusters: [aCluster('web'), aCluster('empty')],
        services,
        taskDefinitions: [
          aTaskDefinition('svc', 1),
          aTaskDefinition('svc', 2),
          aTaskDefinition('svc', 3, { status: 'INACTIVE' }),
        ],
      },
      metrics,
    }),
    'eu-west-1': aRegion(),
  },
  s3: { publicAccessBlock: allBlocked, buckets },
});

let aws: FakeAws;
let sdk: SdkClients;
beforeAll(async () => {
  aws = await FakeAws.start({ accounts: [account], keys: [key], metricPointsMax: 700 });
  sdk = sdkClients(aws, key);
});
afterAll(() => aws.close());

async function all<P, T>(
  pages: AsyncIterable<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

describe('every protocol tells what the account has', () => {
  test('the query protocol: who asks', async () => {
    const { UserId, Account, Arn } = await sdk.sts.send(new GetCallerIdentityCommand({}));
    expect([UserId, Account, Arn]).toEqual([key.userId, key.accountId, key.principalArn]);
  });

  test("EC2's own: a volume as it is, with its instants, numbers and switches", async () => {
    const [one = {}] = volumes;
    const { Volumes } = await sdk.ec2.send(new DescribeVolumesCommand({ VolumeIds: [one.VolumeId ?? ''] }));
    const { KmsKeyId: _, ...told } = one;
    expect(Volumes).toEqual([told]);
  });

  test('JSON: a service as it is, with its tags only where they are asked for', async () => {
    const [one = {}] = services;
    const asked = { cluster: 'web', services: ['svc-0'] };
    const plain = await sdk.ecs.send(new DescribeServicesCommand(asked));
    const full = await sdk.ecs.send(new DescribeServicesCommand({ ...asked, include: ['TAGS'] }));
    expect(full.services).toEqual([one]);
    expect(plain.services?.[0]?.tags).toBeUndefined();
  });

  test('XML over REST: the parts of a bucket', async () => {
    const [good] = buckets;
    const Bucket = 'good';
    const lifecycle = await sdk.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const acl = await sdk.s3.send(new GetBucketAclCommand({ Bucket: 'listed' }));
    expect((await sdk.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(good?.policy);
    expect((await sdk.s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus).toEqual({
      IsPublic: false,
    });
    expect(lifecycle.Rules).toEqual(good?.lifecycle);
    expect([acl.Owner?.ID, acl.Grants]).toEqual([account.canonicalId, [everybody('READ')]]);
    expect((await sdk.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    expect((await sdk.s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toEqual(
      good?.logging,
    );
    expect((await sdk.s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe(here.region);
  });

  test("S3 Control: the account's block", async () => {
    const asked = new GetAccountBlockCommand({ AccountId: account.id });
    expect((await sdk.s3control.send(asked)).PublicAccessBlockConfiguration).toEqual(allBlocked);
  });

  test('CloudWatch: which series there are of a bucket', async () => {
    const Dimensions = [{ Name: 'BucketName', Value: 'b-7' }];
    const { Metrics } = await sdk.cloudwatch.send(
      new ListMetricsCommand({ Namespace: 'AWS/S3', Dimensions }),
    );
    expect(Metrics?.map(({ MetricName }) => MetricName)).toEqual(['BucketSizeBytes', 'NumberOfObjects']);
  });
});

describe('lists are paged to the end', () => {
  test('thousand volumes a page', async () => {
    const pages = paginateDescribeVolumes({ client: sdk.ec2, pageSize: 1_000 }, {});
    const told = await all(pages, ({ Volumes }) => Volumes);
    expect(told.map(({ VolumeId }) => VolumeId)).toEqual(volumes.map(({ VolumeId }) => VolumeId));
    expect(aws.log.of('DescribeVolumes').filter(({ parameters }) => parameters['MaxResults'])).toHaveLength(
      3,
    );
  });

  test('ten services a page to who does not say how many', async () => {
    const { serviceArns } = await sdk.ecs.send(new ListServicesCommand({ cluster: 'web' }));
    const told = await all(
      paginateListServices({ client: sdk.ecs }, { cluster: 'web' }),
      (page) => page.serviceArns,
    );
    expect(serviceArns).toHaveLength(10);
    expect(told).toEqual(services.map(({ serviceArn }) => serviceArn));
  });

  test('buckets, whose region is told only to who asks with a parameter', async () => {
    const { Buckets: bare } = await sdk.s3.send(new ListBucketsCommand({}));
    const told = await all(
      paginateListBuckets({ client: sdk.s3, pageSize: 3 }, {}),
      ({ Buckets }) => Buckets,
    );
    expect(told.map(({ Name, BucketRegion }) => `${Name} ${BucketRegion}`)).toEqual(
      buckets.map(({ name, region }) => `${name} ${region}`),
    );
    expect(bare?.map(({ BucketRegion }) => BucketRegion)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('five hundred metrics a page', async () => {
    const pages = paginateListMetrics({ client: sdk.cloudwatch }, { MetricName: 'BucketSizeBytes' });
    expect(await all(pages, ({ Metrics }) => Metrics)).toHaveLength(700);
  });

  test('figures in pages of so many points, a series that is cut as partial', async () => {
    const asked = figuresOf(['b-1', 'b-2', 'b-3', 'b-4'], 365);
    const parts = await all(
      paginateGetMetricData({ client: sdk.cloudwatch }, asked),
      ({ MetricDataResults }) => MetricDataResults,
    );
    const first = parts.find(({ StatusCode }) => StatusCode === 'PartialData');
    const points = parts.reduce((sum, { Values = [] }) => sum + Values.length, 0);
    expect(first?.Id).toBe('q1');
    expect(points).toBe(4 * 365);
  });
});

/** Daily sizes of buckets over so many days until yesterday. */
function figuresOf(
  names: readonly string[],
  days: number,
): ConstructorParameters<typeof GetMetricDataCommand>[0] {
  const today = new Date().setUTCHours(0, 0, 0, 0);
  return {
    StartTime: new Date(today - days * 86_400_000),
    EndTime: new Date(today),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: names.map((name, index) => ({
      Id: `q${index}`,
      MetricStat: {
        Period: 86_400,
        Stat: 'Average',
        Metric: {
          Namespace: 'AWS/S3',
          MetricName: 'BucketSizeBytes',
          Dimensions: [
            { Name: 'StorageType', Value: 'StandardStorage' },
            { Name: 'BucketName', Value: name },
          ],
        },
      },
    })),
  };
}

describe('what is asked is what is told', () => {
  test('filters, ids and what the account shares', async () => {
    const Filters = [{ Name: 'encrypted', Values: ['false'] }];
    const open = await sdk.ec2.send(new DescribeVolumesCommand({ Filters }));
    const own = await sdk.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    const world = await sdk.ec2.send(
      new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'] }),
    );
    expect(open.Volumes).toHaveLength(469);
    expect(own.Snapshots).toHaveLength(2);
    expect(world.Snapshots?.map(({ SnapshotId }) => SnapshotId)).toEqual([shared.SnapshotId]);
  });

  test('the enabled regions, and the others where they are asked for', async () => {
    const enabled = await sdk.ec2.send(new DescribeRegionsCommand({}));
    const everyone = await sdk.ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(enabled.Regions?.map(({ RegionName }) => RegionName)).toEqual([here.region, 'eu-west-1']);
    expect(everyone.Regions?.map(({ OptInStatus }) => OptInStatus)).toContain('not-opted-in');
  });

  test("a cluster's settings where they are included, what there is not as missing", async () => {
    const { clusters, failures } = await sdk.ecs.send(
      new DescribeClustersCommand({ clusters: ['web', 'nowhere'], include: ['SETTINGS'] }),
    );
    expect(clusters?.[0]?.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
    expect(failures).toEqual([{ arn: 'nowhere', reason: 'MISSING' }]);
  });

  test('the newest active revision of a family', async () => {
    const { taskDefinition } = await sdk.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'svc' }),
    );
    expect(taskDefinition?.revision).toBe(2);
  });

  test("a bucket's location from us-east-1's point of view too, a redirect from elsewhere", async () => {
    const ask = (Bucket: string): Promise<unknown> => sdk.s3.send(new GetBucketAclCommand({ Bucket }));
    expect((await sdk.s3.send(new GetBucketLocationCommand({ Bucket: 'good' }))).LocationConstraint).toBe(
      here.region,
    );
    expect(await refusalOfCall(ask('elsewhere'))).toBe('PermanentRedirect 301');
    expect(await refusalOfCall(ask('nowhere'))).toBe('NoSuchBucket 404');
  });

  test("S3's answers for what is not configured", async () => {
    const Bucket = 'plain';
    const asked = [
      sdk.s3.send(new GetBucketPolicyCommand({ Bucket })),
      sdk.s3.send(new GetBucketPolicyStatusCommand({ Bucket })),
      sdk.s3.send(new GetPublicAccessBlockCommand({ Bucket })),
      sdk.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      sdk.s3.send(new GetBucketEncryptionCommand({ Bucket })),
      sdk.s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
    ];
    expect(await Promise.all(asked.map(refusalOfCall))).toEqual([
      'NoSuchBucketPolicy 404',
      'NoSuchBucketPolicy 404',
      'NoSuchPublicAccessBlockConfiguration 404',
      'NoSuchLifecycleConfiguration 404',
      'ServerSideEncryptionConfigurationNotFoundError 404',
      'OwnershipControlsNotFoundError 404',
    ]);
    expect((await sdk.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  });

  test('what the account has become', async () => {
    const own = await FakeAws.start({ accounts: [account], keys: [key] });
    const { ec2 } = sdkClients(own, key);
    const count = async (): Promise<number | undefined> =>
      (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.length;
    expect(await count()).toBe(2);
    own.change(account.id, (was) => withRegion(was, here.region, () => aRegion({ network: production })));
    expect(await count()).toBe(1);
    await own.close();
  });
});

describe('bounds are those of AWS', () => {
  test.each([
    [
      'more than a thousand a page',
      () => new DescribeVpcsCommand({ MaxResults: 1_001 }),
      'InvalidParameterValue 400',
    ],
    ['fewer than five', () => new DescribeVpcsCommand({ MaxResults: 4 }), 'InvalidParameterValue 400'],
    ['a token of nobody', () => new DescribeVpcsCommand({ NextToken: 'x' }), 'InvalidNextToken 400'],
    ['an id of nothing', () => new DescribeVpcsCommand({ VpcIds: ['vpc-0'] }), 'InvalidVpcID.NotFound 400'],
    [
      'a filter of nothing',
      () => new DescribeVpcsCommand({ Filters: [{ Name: 'x', Values: [] }] }),
      'InvalidParameterValue 400',
    ],
    ['a dry run', () => new DescribeVpcsCommand({ DryRun: true }), 'DryRunOperation 412'],
  ])('EC2: %s', async (_, command, refusal) => {
    expect(await refusalOfCall(sdk.ec2.send(command()))).toBe(refusal);
  });

  test('EC2: ids are not paged, and a prefix list has a hundred entries a page', async () => {
    const VolumeIds = [volumes[0]?.VolumeId ?? ''];
    const both = sdk.ec2.send(new DescribeVolumesCommand({ VolumeIds, MaxResults: 5 }));
    expect(await refusalOfCall(both)).toBe('InvalidParameterCombination 400');
    const { PrefixListId } = prefixes;
    const entries = await sdk.ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }));
    expect(entries.Entries).toHaveLength(100);
  });

  test('ECS: ten services in one call, a hundred in one page, a cluster that there is', async () => {
    const eleven = new DescribeServicesCommand({
      cluster: 'web',
      services: Array.from({ length: 11 }, (_, n) => `svc-${n}`),
    });
    const many = new ListServicesCommand({ cluster: 'web', maxResults: 101 });
    const nowhere = new ListServicesCommand({ cluster: 'nowhere' });
    expect(await refusalOfCall(sdk.ecs.send(eleven))).toBe('InvalidParameterException 400');
    expect(await refusalOfCall(sdk.ecs.send(many))).toBe('InvalidParameterException 400');
    expect(await refusalOfCall(sdk.ecs.send(nowhere))).toBe('ClusterNotFoundException 400');
  });

  test('CloudWatch: five hundred queries in one call', async () => {
    const names = Array.from({ length: 501 }, (_, number) => `b-${number}`);
    const { MetricDataResults } = await sdk.cloudwatch.send(
      new GetMetricDataCommand(figuresOf(names.slice(1), 1)),
    );
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual(
      names.slice(1).map((_, number) => [number + 1]),
    );
    expect(await refusalOfCall(sdk.cloudwatch.send(new GetMetricDataCommand(figuresOf(names, 1))))).toMatch(
      /^Validation.* 400$/,
    );
  });
});
