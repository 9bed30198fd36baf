import { expect, it } from 'vitest';
import { reads } from '../inventory/reads.ts';
import { allChecks } from './index.ts';
import { leastPrivilegePolicy } from './least-privilege.ts';
import { publicPolicy } from './s3/public-policy.ts';

const actionsOf = (policy = leastPrivilegePolicy()): readonly string[] =>
  policy.Statement.flatMap(({ Action }) => Action);

/** The published policy: whoever deployed it must not be asked for more. */
const PUBLISHED = {
  sts: ['GetCallerIdentity'],
  ec2: [
    'DescribeFlowLogs',
    'DescribeManagedPrefixLists',
    'DescribeNetworkAcls',
    'DescribeNetworkInterfaces',
    'DescribeRegions',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
    'DescribeSnapshots',
    'DescribeSubnets',
    'DescribeVolumeStatus',
    'DescribeVolumes',
    'DescribeVpcs',
    'GetEbsEncryptionByDefault',
    'GetManagedPrefixListEntries',
    'GetSnapshotBlockPublicAccessState',
  ],
  ecs: [
    'DescribeClusters',
    'DescribeContainerInstances',
    'DescribeServices',
    'DescribeTaskDefinition',
    'DescribeTasks',
    'ListClusters',
    'ListContainerInstances',
    'ListServices',
    'ListTaskDefinitionFamilies',
    'ListTasks',
  ],
  s3: [
    'GetAccountPublicAccessBlock',
    'GetBucketAcl',
    'GetBucketLocation',
    'GetBucketLogging',
    'GetBucketOwnershipControls',
    'GetBucketPolicy',
    'GetBucketPolicyStatus',
    'GetBucketPublicAccessBlock',
    'GetBucketVersioning',
    'GetEncryptionConfiguration',
    'GetLifecycleConfiguration',
    'ListAllMyBuckets',
  ],
  cloudwatch: ['GetMetricData', 'ListMetrics'],
};

it('is one statement of reads', () => {
  expect(leastPrivilegePolicy()).toEqual({
    Version: '2012-10-17',
    Statement: [{ Sid: 'TocsinReadOnly', Effect: 'Allow', Action: expect.any(Array), Resource: '*' }],
  });
  for (const action of actionsOf())
    expect(action).toMatch(/^(?:sts|ec2|ecs|s3|cloudwatch):(?:Get|List|Describe)/);
});

it('is the published forty actions for all that can be asked, by service and name', () => {
  const published = Object.entries(PUBLISHED).flatMap(([service, names]) =>
    names.map((name) => `${service}:${name}`),
  );
  expect(published).toHaveLength(40);
  expect(actionsOf()).toEqual(published);
});

it('reads no object, ever', () => {
  expect(actionsOf().filter((action) => /^s3:(?:\*|GetObject)/.test(action))).toEqual([]);
});

it('is less for fewer checks, and never more than all', () => {
  expect(actionsOf(leastPrivilegePolicy([publicPolicy]))).toEqual([
    'sts:GetCallerIdentity',
    'ec2:DescribeRegions',
    's3:GetAccountPublicAccessBlock',
    's3:GetBucketLocation',
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetBucketPublicAccessBlock',
    's3:ListAllMyBuckets',
  ]);
  const all = new Set(actionsOf());
  for (const action of actionsOf(leastPrivilegePolicy(allChecks))) expect(all).toContain(action);
});

it('holds each action that a failure can name', () => {
  expect(new Set(Object.values(reads).flat())).toEqual(new Set(actionsOf()));
});
