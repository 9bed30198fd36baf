import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, at, listAt } from '../support/ask.ts';
import { aVpc, withRegion } from '../support/aws/builders.ts';
import {
  manyAccount,
  manyCounts,
  sampleAccount,
  sampleStorage,
  summaryAccount,
} from '../support/aws/contract-account.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import { aKey } from '../support/aws/keys.ts';
import { AwsUser } from '../support/aws-login.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const SAMPLES: unknown = JSON.parse(
  readFileSync(new URL('../../../tests/fixtures/aws-contract/samples.json', import.meta.url), 'utf8'),
);
const sampleOf = (path: string): object => Object(at(SAMPLES, `GET /api/v1${path}`, 'response'));

const SAMPLE = sampleAccount().id;
const SUMMARY = '222233334444';
const MANY = '333344445555';
const HOME = 'us-west-2';
const VOLUME = 'vol-0a1b2c3d4e5f6g7h8';
const VPC = 'vpc-0a1b2c3d4e5f6g7h8';
const FRESH_MS = 61_000;
/** Asked at the start, and a minute later; nobody else asks AWS about it. */
const LEFT_ALONE = '/network/vpcs?region=eu-west-1';

const keys = {
  sample: aKey(SAMPLE),
  bystander: aKey(SAMPLE, 'bystander', { allows: ['s3:*'] }),
  summary: aKey(SUMMARY),
  many: aKey(MANY),
};
for (const key of Object.values(keys)) secret(key.secret);

/** The contracted lists, the call that each stands on, and IAM's name of it. */
const lists = [
  ['/ecs/clusters', 'ecs:ListClusters'],
  ['/ecs/clusters/production-api/services', 'ecs:ListServices'],
  ['/s3/buckets', 's3:ListAllMyBuckets'],
  ['/ebs/volumes', 'ec2:DescribeVolumes'],
  [`/ebs/volumes/${VOLUME}/metrics`, 'cloudwatch:GetMetricData'],
  ['/network/vpcs', 'ec2:DescribeVpcs'],
  [`/network/vpcs/${VPC}/security-groups`, 'ec2:DescribeSecurityGroups'],
] as const;

/** Every member that is an instant, wherever it is. */
function* instantsIn(value: unknown): Generator<string> {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) yield value;
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* instantsIn(member);
}

describe('the contract of AWS, to somebody who is logged in', () => {
  let aws: FakeAws;
  let there: Visit;
  let sample: AwsUser;
  let summary: AwsUser;
  let many: AwsUser;
  let firstAt: number;

  beforeAll(async () => {
    const accounts = [sampleAccount(), summaryAccount(SUMMARY), manyAccount(MANY)];
    aws = await FakeAws.start({ accounts, keys: Object.values(keys) });
    there = await visit({ env: { TOCSIN_AWS_ENDPOINT: aws.url } });
    sample = await AwsUser.logIn(there, keys.sample);
    summary = await AwsUser.logIn(there, keys.summary);
    many = await AwsUser.logIn(there, keys.many);
    firstAt = Date.now();
    await many.get(LEFT_ALONE);
  });
  afterAll(async () => {
    await endOfVisits();
    await aws.close();
  });

  const isAnswered = (answer: Answer): unknown => {
    expect(answer.status, answer.text).toBe(200);
    const instants = [...instantsIn(answer.json)];
    expect(instants.filter((text) => !text.endsWith('Z'))).toEqual([]);
    return answer.json;
  };

  it.each([
    ['/ecs/clusters', '/ecs/clusters'],
    ['/ecs/clusters/production-api/services', '/ecs/clusters/{cluster_name}/services'],
    ['/s3/buckets', '/s3/buckets'],
    ['/ebs/volumes', '/ebs/volumes'],
    [`/network/vpcs/${VPC}/security-groups?q=web-servers`, '/network/vpcs/{vpc_id}/security-groups'],
    ['/network/vpcs', '/network/vpcs'],
  ])('GET %s is what the sample is', async (path, name) => {
    expect(isAnswered(await sample.get(path))).toMatchObject(sampleOf(name));
  });

  it('the details of a bucket are what the sample is', async () => {
    aws.change(SAMPLE, () => sampleAccount(sampleStorage.inDetails));
    const details = isAnswered(await sample.fresh('/s3/buckets/company-assets/details'));
    expect(details).toMatchObject(sampleOf('/s3/buckets/{bucket_name}/details'));
    aws.change(SAMPLE, () => sampleAccount());
  });

  it('the summary is what the sample is', async () => {
    expect(isAnswered(await summary.get('/dashboard/summary'))).toMatchObject(sampleOf('/dashboard/summary'));
  });

  it('figures of a volume have the sample’s members, sums of an hour and the mean of the queue, in the order of time', async () => {
    const path = `/ebs/volumes/${VOLUME}/metrics`;
    const told = isAnswered(await sample.get(path));
    const contracted = Object(at(sampleOf('/ebs/volumes/{volume_id}/metrics'), 'metrics'));
    expect(at(told, 'volume_id')).toBe(VOLUME);
    // A point each five minutes.
    const means: Record<string, number> = {
      read_ops: 12 * 1_200,
      write_ops: 12 * 2_400,
      read_bytes: 12 * 45_000_000,
      write_bytes: 12 * 78_000_000,
      queue_length: 0.25,
    };
    expect(Object.keys(means).sort()).toEqual(Object.keys(contracted).sort());
    for (const [name, mean] of Object.entries(means)) {
      const points = listAt(told, 'metrics', name);
      const times = points.map((point) => Date.parse(String(at(point, 'timestamp'))));
      expect(times.length, name).toBeGreaterThanOrEqual(23);
      expect(times, name).toEqual(times.toSorted((one, other) => one - other));
      // The first and the last hour may not be whole.
      for (const point of points.slice(1, -1)) expect(at(point, 'value'), name).toBeCloseTo(mean, 6);
    }
    const fine = isAnswered(await sample.get(`${path}?period=300&start_time=${minutesAgo(60)}`));
    expect(at(fine, 'metrics', 'read_ops', 1, 'value')).toBeCloseTo(1_200, 6);
  });

  it.each(['0', '-60', '61', 'x', '60.5'])('a period of %s is 400', async (period) => {
    expect((await sample.get(`/ebs/volumes/${VOLUME}/metrics?period=${period}`)).status).toBe(400);
  });

  it('more than 1,440 points are 400, and so is a window that ends before it begins', async () => {
    const path = `/ebs/volumes/${VOLUME}/metrics?period=60&start_time`;
    expect((await sample.get(`${path}=${minutesAgo(1_442)}`)).status).toBe(400);
    expect((await sample.get(`${path}=${minutesAgo(1_439)}`)).status).toBe(200);
    expect((await sample.get(`${path}=${minutesAgo(5)}&end_time=${minutesAgo(6)}`)).status).toBe(400);
  });

  it('what there is more of than AWS gives at once is all there, and in pages the same', async () => {
    const whole = async (path: string, member: string) => listAt(isAnswered(await many.get(path)), member);
    const clusters = await whole('/ecs/clusters', 'clusters');
    expect(new Set(clusters.map((one) => at(one, 'cluster_arn'))).size).toBe(manyCounts.clusters);
    expect(await whole('/ecs/clusters/cluster-0/services', 'services')).toHaveLength(manyCounts.services);
    const volumes = await whole('/ebs/volumes', 'volumes');
    expect(new Set(volumes.map((one) => at(one, 'volume_id'))).size).toBe(manyCounts.volumes);
    expect(await many.all('/ecs/clusters', 'clusters', 40)).toEqual(clusters);
    expect(await many.all('/ebs/volumes', 'volumes', 500)).toEqual(volumes);
  });

  it('one region, all regions, and filters', async () => {
    const { volumes, volumesElsewhere } = manyCounts;
    const of = async (query: string) => isAnswered(await many.get(`/ebs/volumes?${query}`));
    expect(at(await of('limit=1'), 'total')).toBe(volumes);
    expect(at(await of('limit=1&region=eu-west-1'), 'total')).toBe(volumesElsewhere);
    const everywhere = await of('region=all');
    const regions = listAt(everywhere, 'volumes').map((volume) => at(volume, 'region'));
    expect(regions.filter((region) => region === 'eu-west-1')).toHaveLength(volumesElsewhere);
    expect(regions.filter((region) => region === HOME)).toHaveLength(volumes);
    const plain = listAt(await of('encrypted=false'), 'volumes');
    expect(plain.map((volume) => at(volume, 'encrypted'))).toEqual(Array(13).fill(false));
    expect(listAt(await of('region=eu-west-1&encrypted=false'), 'volumes')).toEqual([]);
    for (const query of ['region=nowhere-1', 'region=', 'encrypted=perhaps', 'limit=0'])
      expect((await many.get(`/ebs/volumes?${query}`)).status, query).toBe(400);
    expect((await many.get('/ecs/clusters/cluster-0/services?region=all')).status).toBe(400);
  });

  it.each([
    '/ecs/clusters/nobody/services',
    '/s3/buckets/nobody/details',
    '/ebs/volumes/vol-0123456789abcdef0/metrics',
    '/network/vpcs/vpc-0123456789abcdef0/security-groups',
  ])('GET %s is 404', async (path) => expect((await sample.get(path)).status).toBe(404));

  it.each([...lists.map(([path]) => path), '/s3/buckets/company-assets/details', '/dashboard/summary'])(
    'GET %s is 401 to nobody, and to a cookie that is none',
    async (path) => {
      for (const cookie of ['', `tocsin_aws_session=${'A'.repeat(43)}`])
        expect((await sample.get(path, { cookie })).status).toBe(401);
    },
  );

  it.each(lists)(
    'GET %s, denied, is 403 and names the action, however it was answered before',
    async (path, action) => {
      const heal = aws.faults.deny(action);
      const answer = await sample.fresh(path);
      heal();
      expect([answer.status, at(answer.json, 'action')]).toEqual([403, action]);
      expect(at(answer.json, 'detail')).toContain(action);
      expect(isAnswered(await sample.fresh(path))).toBeTruthy();
    },
  );

  it.each(lists)('GET %s, of an AWS that fails or is away, is 502 and never empty', async (path, action) => {
    for (const kind of ['internal', 'cut', 'truncate'] as const) {
      const heal = aws.faults.add({ kind }, { action });
      const answer = await sample.fresh(path);
      heal();
      expect([answer.status, at(answer.json, 'action')], kind).toEqual([502, action]);
    }
  });

  it('what AWS throttles to the end is 503, and says when to come again', async () => {
    const heal = aws.faults.add({ kind: 'throttle' }, { action: 'ec2:DescribeVpcs' });
    const answer = await sample.fresh('/network/vpcs');
    heal();
    expect([answer.status, at(answer.json, 'action')]).toEqual([503, 'ec2:DescribeVpcs']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  }, 120_000);

  it('what cannot be read of one member is null and said, and of the summary too', async () => {
    const heals = [aws.faults.deny('s3:GetBucketVersioning'), aws.faults.deny('ec2:DescribeVolumes')];
    const buckets = isAnswered(await sample.fresh('/s3/buckets'));
    const figures = isAnswered(await sample.fresh('/dashboard/summary'));
    for (const heal of heals) heal();
    expect(at(buckets, 'buckets', 0)).toMatchObject({
      versioning_enabled: null,
      unreadable: [{ member: 'versioning_enabled', action: 's3:GetBucketVersioning' }],
    });
    expect(at(figures, 'summary', 'ebs', 'total_volumes')).toBeNull();
    expect(at(figures, 'summary', 'ecs', 'total_clusters')).toBe(1);
    const said = [...listAt(figures, 'unreadable')];
    expect(said.map((one) => at(one, 'action'))).toContain('ec2:DescribeVolumes');
  });

  it('what was just read is not asked for again, unless somebody insists', async () => {
    await sample.fresh('/ecs/clusters');
    aws.log.clear();
    const kept = await sample.get('/ecs/clusters');
    expect(aws.log.calls).toEqual([]);
    const headers = { cookie: sample.cookie, 'if-none-match': kept.headers.etag };
    const known = await ask(there.url, { path: '/api/v1/ecs/clusters', headers });
    expect([known.status, known.text]).toEqual([304, '']);
    await sample.fresh('/ecs/clusters');
    expect(aws.log.of('ecs:ListClusters')).toHaveLength(1);
  });

  it('sessions share no answer: neither of two accounts, nor of two users with other rights', async () => {
    const bystander = await AwsUser.logIn(there, keys.bystander);
    for (const [path, action] of lists) {
      const own = await sample.get(path);
      expect(own.status).toBe(200);
      const others = await bystander.get(path);
      if (action.startsWith('s3:')) expect(others.status).toBe(200);
      else expect(others.status, path).toBe(403);
    }
    const names = async (user: AwsUser) =>
      listAt((await user.get('/ecs/clusters')).json, 'clusters').map((one) => at(one, 'cluster_name'));
    expect(await names(sample)).toEqual(['production-api']);
    expect((await names(summary)).toSorted()).toEqual(['c0', 'c1', 'c2']);
  });

  it('what is older than a minute is given at once, and a new answer is fetched behind it', async () => {
    await until('a minute to pass', () => Date.now() > firstAt + FRESH_MS, FRESH_MS);
    aws.change(MANY, (account) =>
      withRegion(account, 'eu-west-1', (region) => ({
        ...region,
        network: { ...region.network, vpcs: [aVpc('new')] },
      })),
    );
    aws.log.clear();
    aws.faults.latencyMs = 1_000;
    const old = await many.get(LEFT_ALONE);
    expect(at(old.json, 'total')).toBe(0);
    expect(Number(old.headers['age'])).toBeGreaterThanOrEqual(60);
    expect(aws.log.calls).toEqual([]);
    await until('the new answer', async () => at((await many.get(LEFT_ALONE)).json, 'total') === 1);
    expect(aws.log.of('ec2:DescribeVpcs')).toHaveLength(1);
  }, 120_000);
});

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
