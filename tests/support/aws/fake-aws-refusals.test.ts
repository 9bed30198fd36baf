import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, ListClustersCommand, ListServicesCommand } from '@aws-sdk/client-ecs';
import { GetBucketAclCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandOutput,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { aBucket, aCluster, anAccount, aRegion, here } from './builders.ts';
import { FakeAws } from './fake-aws.ts';
import { type AccessKey, aKey, aSessionKey } from './keys.ts';
import { refusalOfCall, type SdkClients, sdkClients } from './sdk-clients.ts';

const ROLE = `arn:aws:iam::${here.accountId}:role/Reader`;
const key = aKey(here.accountId);
const reader = aKey(here.accountId, 'reader', { allows: ['ec2:Describe*'] });
const expired = aSessionKey(here.accountId, 'Reader', 'old', 0, { expiresAt: Date.now() - 1_000 });
const live = aSessionKey(here.accountId, 'Reader', 'live', 0);
const stranger = aKey('999999999999');
const ours = anAccount({
  regions: {
    [here.region]: aRegion({ ecs: { clusters: [aCluster('web'), aCluster('secret')] } }),
    'eu-west-1': aRegion(),
  },
  roles: [{ name: 'Reader', trusts: [here.accountId], externalId: 'agreed', allows: ['ec2:DescribeVpcs'] }],
  s3: { publicAccessBlock: undefined, buckets: [aBucket('ours'), aBucket('sealed')] },
});
const theirs = anAccount({
  id: stranger.accountId,
  s3: { publicAccessBlock: undefined, buckets: [aBucket('theirs')] },
});

let aws: FakeAws;
beforeAll(async () => {
  aws = await FakeAws.start({ accounts: [ours, theirs], keys: [key, reader, expired, live, stranger] });
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.close());

/** One call of each service: what each says. */
async function refusals(sdk: SdkClients): Promise<Record<string, string | undefined>> {
  return {
    sts: await refusalOfCall(sdk.sts.send(new GetCallerIdentityCommand({}))),
    ec2: await refusalOfCall(sdk.ec2.send(new DescribeVpcsCommand({}))),
    ecs: await refusalOfCall(sdk.ecs.send(new ListClustersCommand({}))),
    s3: await refusalOfCall(sdk.s3.send(new ListBucketsCommand({}))),
    cloudwatch: await refusalOfCall(sdk.cloudwatch.send(new ListMetricsCommand({}))),
  };
}

const refusalsOf = (one: AccessKey, region?: string): Promise<Record<string, string | undefined>> =>
  refusals(sdkClients(aws, one, region === undefined ? {} : { region }));

const NOT_KNOWN = {
  sts: 'InvalidClientTokenId 403',
  ec2: 'AuthFailure 401',
  ecs: 'UnrecognizedClientException 400',
  s3: 'InvalidAccessKeyId 403',
  cloudwatch: 'InvalidClientTokenId 403',
};

describe("whose request it is, in each service's own words", () => {
  test('keys that are known are taken, temporary ones with their token', async () => {
    const taken = { sts: undefined, ec2: undefined, ecs: undefined, s3: undefined, cloudwatch: undefined };
    expect(await refusalsOf(key)).toEqual(taken);
    expect(await refusalsOf(live)).toEqual(taken);
  });

  test('unknown keys, a token that is not theirs and a region that is not enabled are not known', async () => {
    const { sessionToken: _, ...bare } = live;
    expect(await refusalsOf(aKey(here.accountId, 'nobody'))).toEqual(NOT_KNOWN);
    expect(await refusalsOf(bare)).toEqual(NOT_KNOWN);
    expect(await refusalsOf({ ...live, sessionToken: 'another' })).toEqual(NOT_KNOWN);
    expect(await refusalsOf(key, 'af-south-1')).toEqual(NOT_KNOWN);
  });

  test('a wrong secret is a wrong signature', async () => {
    expect(await refusalsOf({ ...key, secret: 'another' })).toEqual({
      sts: 'SignatureDoesNotMatch 403',
      ec2: 'AuthFailure 401',
      ecs: 'InvalidSignatureException 400',
      s3: 'SignatureDoesNotMatch 403',
      cloudwatch: 'SignatureDoesNotMatch 403',
    });
  });

  test('keys end', async () => {
    expect(await refusalsOf(expired)).toEqual({
      sts: 'ExpiredToken 403',
      ec2: 'RequestExpired 400',
      ecs: 'ExpiredTokenException 400',
      s3: 'ExpiredToken 400',
      cloudwatch: 'ExpiredToken 403',
    });
  });

  test('a signature of another time is too old', async () => {
    const later = await FakeAws.start({ accounts: [ours], keys: [key], now: () => Date.now() + 900_000 });
    expect(await refusals(sdkClients(later, key))).toMatchObject({
      sts: 'SignatureDoesNotMatch 403',
      s3: 'RequestTimeTooSkewed 403',
    });
    await later.close();
  });

  test('a request that was changed on its way is refused, and so is one without a signature', async () => {
    const { sts } = sdkClients(aws, key);
    sts.middlewareStack.add(
      (next) => (args) => {
        Reflect.set(args.request ?? {}, 'body', 'Action=GetCallerIdentity&Version=2011-06-16');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const bare = await fetch(aws.url, {
      method: 'POST',
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    expect(await refusalOfCall(sts.send(new GetCallerIdentityCommand({})))).toBe('SignatureDoesNotMatch 403');
    expect([bare.status, await bare.text()]).toEqual([
      403,
      expect.stringContaining('MissingAuthenticationToken'),
    ]);
  });
});

describe('a role', () => {
  const assume = (sts: STSClient, ExternalId?: string): Promise<AssumeRoleCommandOutput> =>
    sts.send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'scan', ...(ExternalId && { ExternalId }) }),
    );

  test('is given to whom it trusts, with the external id', async () => {
    const { Credentials, AssumedRoleUser } = await assume(sdkClients(aws, key).sts, 'agreed');
    const own = sdkClients(aws, {
      ...key,
      id: Credentials?.AccessKeyId ?? '',
      secret: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
    const { Arn } = await own.sts.send(new GetCallerIdentityCommand({}));
    expect([Arn, AssumedRoleUser?.Arn]).toEqual(
      Array(2).fill(`arn:aws:sts::${here.accountId}:assumed-role/Reader/scan`),
    );
    expect(await refusalOfCall(own.ec2.send(new DescribeVpcsCommand({})))).toBeUndefined();
    expect(await refusalOfCall(own.s3.send(new ListBucketsCommand({})))).toBe('AccessDenied 403');
  });

  test('is refused to others, and without the external id', async () => {
    expect(await refusalOfCall(assume(sdkClients(aws, key).sts))).toBe('AccessDenied 403');
    expect(await refusalOfCall(assume(sdkClients(aws, stranger).sts, 'agreed'))).toBe('AccessDenied 403');
  });
});

describe('what may not be', () => {
  test('is what the principal has no right to', async () => {
    expect(await refusalsOf(reader)).toEqual({
      sts: undefined,
      ec2: undefined,
      ecs: 'AccessDeniedException 400',
      s3: 'AccessDenied 403',
      cloudwatch: 'AccessDenied 403',
    });
  });

  test('is what was denied, of all or of one thing, in all regions or in one', async () => {
    const sdk = sdkClients(aws, key);
    const abroad = sdkClients(aws, key, { region: 'eu-west-1' });
    aws.faults.deny('ec2:DescribeVpcs', { region: here.region });
    aws.faults.deny('s3:GetBucketAcl', { resource: 'sealed' });
    aws.faults.deny('ecs:*', { resource: 'secret' });
    const acl = (Bucket: string): Promise<unknown> => sdk.s3.send(new GetBucketAclCommand({ Bucket }));
    const cluster = (name: string): Promise<unknown> =>
      sdk.ecs.send(new ListServicesCommand({ cluster: name }));
    expect(await refusalOfCall(sdk.ec2.send(new DescribeVpcsCommand({})))).toBe('UnauthorizedOperation 403');
    expect(await refusalOfCall(abroad.ec2.send(new DescribeVpcsCommand({})))).toBeUndefined();
    expect(await refusalOfCall(acl('sealed'))).toBe('AccessDenied 403');
    expect(await refusalOfCall(acl('ours'))).toBeUndefined();
    expect(await refusalOfCall(cluster('secret'))).toBe('AccessDeniedException 400');
    expect(await refusalOfCall(cluster('web'))).toBeUndefined();
    const byArn = new DescribeServicesCommand({
      cluster: ours.regions[here.region]?.ecs.clusters[1]?.clusterArn,
      services: ['x'],
    });
    expect(await refusalOfCall(sdk.ecs.send(byArn))).toBe('AccessDeniedException 400');
  });

  test("is another account's: its buckets, its block", async () => {
    const sdk = sdkClients(aws, key);
    const block = new GetPublicAccessBlockCommand({ AccountId: stranger.accountId });
    expect(await refusalOfCall(sdk.s3.send(new GetBucketAclCommand({ Bucket: 'theirs' })))).toBe(
      'AccessDenied 403',
    );
    expect(await refusalOfCall(sdk.s3control.send(block))).toBe('AccessDenied 403');
  });

  test('goes by the name of the right in the log', async () => {
    aws.log.clear();
    const sdk = sdkClients(aws, key);
    const block = new GetPublicAccessBlockCommand({ AccountId: here.accountId });
    expect(await refusalOfCall(sdk.s3control.send(block))).toBe('NoSuchPublicAccessBlockConfiguration 404');
    expect(aws.log.calls).toEqual([
      {
        service: 's3control',
        operation: 'GetPublicAccessBlock',
        action: 's3:GetAccountPublicAccessBlock',
        region: here.region,
        accessKeyId: key.id,
        parameters: { AccountId: here.accountId },
        status: 404,
        code: 'NoSuchPublicAccessBlockConfiguration',
      },
    ]);
  });
});
