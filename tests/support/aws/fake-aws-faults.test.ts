import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeVolumesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../manual-clock.ts';
import { anAccount, aRegion, aVolume, aWholeVpc, here } from './builders.ts';
import { FakeAws } from './fake-aws.ts';
import { aKey } from './keys.ts';
import { refusalOfCall, type SdkClients, sdkClients } from './sdk-clients.ts';

const key = aKey(here.accountId);
const volumes = Array.from({ length: 50 }, (_, number) => aVolume(`v${number}`));
const account = anAccount({
  regions: { [here.region]: aRegion({ ebs: { volumes }, network: aWholeVpc('production') }) },
});

let aws: FakeAws;
let sdk: SdkClients;
beforeEach(async () => {
  aws = await FakeAws.start({ accounts: [account], keys: [key] });
  sdk = sdkClients(aws, key);
});
afterEach(() => aws.close());

const vpcs = (): Promise<unknown> => sdk.ec2.send(new DescribeVpcsCommand({}));
const statuses = (): number[] => aws.log.calls.map(({ status }) => status);

test("throttling and failures are each service's own", async () => {
  const ask = async (): Promise<(string | undefined)[]> => [
    await refusalOfCall(sdk.sts.send(new GetCallerIdentityCommand({}))),
    await refusalOfCall(vpcs()),
    await refusalOfCall(sdk.ecs.send(new ListClustersCommand({}))),
    await refusalOfCall(sdk.s3.send(new ListBucketsCommand({}))),
    await refusalOfCall(sdk.cloudwatch.send(new ListMetricsCommand({}))),
  ];
  const stop = aws.faults.add({ kind: 'throttle' });
  expect(await ask()).toEqual([
    'Throttling 400',
    'RequestLimitExceeded 503',
    'ThrottlingException 400',
    'SlowDown 503',
    'Throttling 400',
  ]);
  stop();
  aws.faults.add({ kind: 'internal' });
  expect(await ask()).toEqual([
    'InternalFailure 500',
    'InternalError 500',
    'ServerException 500',
    'InternalError 500',
    'InternalFailure 500',
  ]);
});

test('the first calls are throttled and the next answered: an SDK that tries again gets through', async () => {
  aws.faults.add({ kind: 'throttle' }, { action: 'ec2:DescribeVpcs' }, 2);
  const patient = sdkClients(aws, key, { maxAttempts: 4 });
  const { Vpcs } = await patient.ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs).toHaveLength(1);
  expect(statuses()).toEqual([503, 503, 200]);
});

test('what is over a rate is throttled, by action, until time has passed', async () => {
  const clock = new ManualClock(undefined, Date.now());
  const own = await FakeAws.start({ accounts: [account], keys: [key], now: () => clock.now() });
  const { ec2 } = sdkClients(own, key);
  own.faults.add({ kind: 'rate', perSecond: 1, burst: 2 }, { action: 'ec2:*' });
  const ask = (): Promise<string | undefined> => refusalOfCall(ec2.send(new DescribeVpcsCommand({})));
  expect([await ask(), await ask(), await ask()]).toEqual([undefined, undefined, 'RequestLimitExceeded 503']);
  expect(await refusalOfCall(ec2.send(new DescribeVolumesCommand({})))).toBeUndefined();
  await clock.advance(1_000);
  expect([await ask(), await ask()]).toEqual([undefined, 'RequestLimitExceeded 503']);
  await own.close();
});

test('a connection is cut before the answer, or in the midst of it', async () => {
  aws.faults.add({ kind: 'cut' }, { action: 'ec2:DescribeVpcs' }, 1);
  aws.faults.add({ kind: 'truncate' }, { action: 'ec2:DescribeVolumes' }, 1);
  expect(await refusalOfCall(vpcs())).toMatch(/ECONNRESET$/);
  expect(await refusalOfCall(sdk.ec2.send(new DescribeVolumesCommand({})))).toBe('Error 200');
  expect(await refusalOfCall(vpcs())).toBeUndefined();
});

test('a call hangs for as long as the caller waits', async () => {
  aws.faults.add({ kind: 'hang' }, { action: 'ec2:DescribeVpcs' });
  const waiting = sdk.ec2.send(new DescribeVpcsCommand({}), { abortSignal: AbortSignal.timeout(100) });
  expect(await refusalOfCall(waiting)).toMatch(/^AbortError/);
});

test('an answer of anybody else, such as a proxy', async () => {
  const body = '<html>Forbidden</html>';
  aws.faults.add({ kind: 'answer', status: 403, headers: { 'content-type': 'text/html' }, body });
  expect(await refusalOfCall(sdk.ecs.send(new ListClustersCommand({})))).toMatch(/ 403$/);
});

test('each call takes as long as was said, and how many were under way at once is known', async () => {
  aws.faults.latencyMs = 50;
  const before = performance.now();
  await Promise.all([vpcs(), vpcs(), vpcs()]);
  expect(performance.now() - before).toBeGreaterThanOrEqual(49);
  expect([aws.log.mostInFlight, aws.log.inFlight]).toEqual([3, 0]);
});
