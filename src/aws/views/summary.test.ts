import { describe, expect, test } from 'vitest';
import {
  accountOf,
  allTraffic,
  anUnattachedVolume,
  aPrefixList,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aSubnet,
  aVolume,
  aVpc,
  denied,
  ipv4,
  ipv6,
  NOW,
  prefixList,
  REGION,
  regionOf,
  unlisted,
} from '../checks/test-inventory.ts';
import type { SecurityGroupRule } from '../inventory/network.ts';
import { read, unread } from '../inventory/reading.ts';
import { figuresOf } from './figures.ts';
import type { Question } from './question.ts';
import { TestDesk } from './test-desk.ts';
import type { TestRegion } from './test-reader.ts';
import { ALL_BLOCKED, aBucket, aCluster, aService } from './test-things.ts';

const SUMMARY: Question = { name: 'summary', region: REGION };
const summaryOf = (has: TestRegion) => new TestDesk({ regions: { [REGION]: has } }).document(SUMMARY);

describe('security groups with open SSH', () => {
  const count = async (rules: readonly SecurityGroupRule[], has: TestRegion = {}) =>
    summaryOf({ securityGroups: [aSecurityGroup({ inbound: rules })], ...has });
  test.each<[string, readonly SecurityGroupRule[], number]>([
    ['port 22 from 0.0.0.0/0', [aRule({ port: 22 })], 1],
    ['port 22 from ::/0', [aRule({ port: 22, peer: ipv6('::/0') })], 1],
    ['a range', [aRule({ fromPort: 0, toPort: 1_024 })], 1],
    ['protocol -1', [allTraffic()], 1],
    ['the number of TCP', [aRule({ port: 22, protocol: '6' })], 1],
    [
      'two halves',
      [aRule({ port: 22, peer: ipv4('0.0.0.0/1') }), aRule({ port: 22, peer: ipv4('128.0.0.0/1') })],
      1,
    ],
    ['a prefix list', [aRule({ port: 22, peer: prefixList('pl-1') })], 1],
    ['two rules, counted once', [aRule({ port: 22 }), allTraffic()], 1],
    ['not UDP', [aRule({ port: 22, protocol: 'udp' })], 0],
    ['not ICMP type 22', [aRule({ port: 22, protocol: 'icmp' })], 0],
    ['not another port', [aRule({ port: 2_222 })], 0],
    ['not one network', [aRule({ port: 22, peer: ipv4('10.0.0.0/8') })], 0],
  ])('%s', async (_, rules, expected) => {
    const document = await count(rules, { prefixLists: [aPrefixList(['0.0.0.0/0'])] });
    expect(document).toMatchObject({ summary: { network: { security_groups_with_open_ssh: expected } } });
  });

  test('are not known where a list that is not known could open it, but where it could not they are', async () => {
    const denying = async (port: number) => {
      const rules = [aRule({ port, peer: prefixList('pl-1') })];
      const desk = new TestDesk({
        regions: { [REGION]: { securityGroups: [aSecurityGroup({ inbound: rules })] } },
      });
      return desk.fail('prefixLists', 'ec2:GetManagedPrefixListEntries').document(SUMMARY);
    };
    expect(await denying(443)).toMatchObject({
      summary: { network: { security_groups_with_open_ssh: 0 } },
      unreadable: [],
    });
    expect(await denying(22)).toMatchObject({
      summary: { network: { security_groups_with_open_ssh: null } },
      unreadable: [
        { member: 'network.security_groups_with_open_ssh', action: 'ec2:GetManagedPrefixListEntries' },
      ],
    });
  });

  test('do not count outbound rules', async () => {
    expect(await summaryOf({ securityGroups: [aSecurityGroup({ outbound: [allTraffic()] })] })).toMatchObject(
      {
        summary: { network: { security_groups_with_open_ssh: 0 } },
      },
    );
  });
});

test('tasks are the running and the pending ones; volumes are in GiB', async () => {
  const volumes = [aVolume({ isEncrypted: false }), anUnattachedVolume({ id: 'vol-2', sizeGib: 7 })];
  expect(
    await summaryOf({ clusters: [aCluster({ runningTasks: 4, pendingTasks: 3 })], volumes }),
  ).toMatchObject({
    summary: {
      ecs: { total_tasks: 7 },
      ebs: { total_volumes: 2, total_storage_gb: 107, unattached_volumes: 1, unencrypted_volumes: 1 },
    },
  });
});

describe('buckets', () => {
  const bytes = (count: number) => read({ bytesByType: { StandardStorage: count }, objects: 1, at: NOW });
  const s3 = async (desk: TestDesk) => {
    const { summary, unreadable } = await desk.document(SUMMARY);
    return { summary, unreadable };
  };

  test('of all regions count, and their size is in 10^9 bytes', async () => {
    const buckets = [
      aBucket({ storage: bytes(1_500_000_000) }),
      aBucket({ name: 'far', region: 'ap-south-1', storage: bytes(250_000_000) }),
      aBucket({ name: 'new' }),
    ];
    expect(await s3(new TestDesk({ buckets }))).toMatchObject({
      summary: { s3: { total_buckets: 3, total_storage_gb: 1.75 } },
    });
  });

  test('without any figures have no size; no buckets have none to have', async () => {
    expect(await s3(new TestDesk({ buckets: [aBucket()] }))).toMatchObject({
      summary: { s3: { total_storage_gb: null } },
      unreadable: [],
    });
    expect(await s3(new TestDesk())).toMatchObject({
      summary: { s3: { total_buckets: 0, total_storage_gb: 0 } },
    });
  });

  test('are public as far as it has an effect', async () => {
    const isPolicyPublic = read(true);
    expect(await s3(new TestDesk({ buckets: [aBucket({ isPolicyPublic })] }))).toMatchObject({
      summary: { s3: { publicly_accessible_buckets: 1 } },
    });
    expect(
      await s3(new TestDesk({ block: ALL_BLOCKED, buckets: [aBucket({ isPolicyPublic })] })),
    ).toMatchObject({
      summary: { s3: { publicly_accessible_buckets: 0 } },
    });
  });

  test('of which one is not known make the figure unknown, and no other', async () => {
    const encryption = unread(denied('s3:GetEncryptionConfiguration'));
    const desk = new TestDesk({
      buckets: [aBucket({ encryption }), aBucket({ name: 'b', encryption: read(null) })],
    });
    expect(await s3(desk)).toMatchObject({
      summary: { s3: { total_buckets: 2, buckets_without_encryption: null, publicly_accessible_buckets: 0 } },
      unreadable: [{ member: 's3.buckets_without_encryption', action: 's3:GetEncryptionConfiguration' }],
    });
  });
});

test('what could not be read is null and named, section by section, and the rest is told', async () => {
  const has = {
    clusters: [aCluster()],
    services: [aService()],
    vpcs: [aVpc()],
    subnets: [aSubnet()],
    routeTables: [aRouteTable()],
  };
  const desk = new TestDesk({ regions: { [REGION]: has } });
  desk
    .fail('services', 'ecs:ListServices')
    .fail('volumes', 'ec2:DescribeVolumes', 'throttled')
    .fail('bucketNames', 's3:ListAllMyBuckets');
  const document = await desk.document(SUMMARY);
  expect(document).toMatchObject({
    summary: {
      ecs: { total_clusters: 1, total_services: null, total_tasks: 3, unhealthy_services: null },
      s3: { total_buckets: null, total_storage_gb: null, publicly_accessible_buckets: null },
      ebs: {
        total_volumes: null,
        total_storage_gb: null,
        unattached_volumes: null,
        unencrypted_volumes: null,
      },
      network: { total_vpcs: 1, total_subnets: 1, route_tables: 1 },
    },
  });
  const unreadable = document['unreadable'];
  expect(unreadable).toHaveLength(10);
  expect(unreadable).toContainEqual({
    member: 'ebs.total_volumes',
    action: 'ec2:DescribeVolumes',
    reason: 'throttled',
    region: REGION,
  });
});

test('a cluster that was deleted since it was listed has no services', async () => {
  const desk = new TestDesk({ regions: { [REGION]: { clusters: [aCluster()] } } });
  desk.fail('services', 'ecs:ListServices', 'missing');
  expect(await desk.document(SUMMARY)).toMatchObject({
    summary: { ecs: { total_services: 0 } },
    unreadable: [],
  });
});

test('without clusters there are no services that could be counted', async () => {
  const desk = new TestDesk({ regions: { [REGION]: {} } }).fail('clusters', 'ecs:ListClusters');
  expect(await desk.document(SUMMARY)).toMatchObject({
    summary: {
      ecs: { total_clusters: null, total_services: null, total_tasks: null, unhealthy_services: null },
    },
  });
});

describe('the figures of a scan', () => {
  const oneRegion = regionOf({
    clusters: [aCluster()],
    services: [aService({ running: 0 })],
    volumes: [aVolume({ isEncrypted: false })],
    securityGroups: [aSecurityGroup({ inbound: [aRule({ port: 22 })] })],
    vpcs: [aVpc()],
  });

  test('are those of the summary, over all regions', async () => {
    const account = accountOf({
      regions: [oneRegion, { ...oneRegion, region: 'us-east-1' }],
      buckets: [aBucket({ encryption: read(null), isPolicyPublic: read(true) })],
    });
    expect(figuresOf(account, NOW)).toMatchObject({
      clusters: 2,
      services: 2,
      tasks: 6,
      unhealthyServices: 2,
      buckets: 1,
      bucketBytes: null,
      bucketsWithoutEncryption: 1,
      publicBuckets: 1,
      volumes: 2,
      volumeGib: 200,
      unattachedVolumes: 0,
      unencryptedVolumes: 2,
      vpcs: 2,
      subnets: 0,
      securityGroupsWithOpenSsh: 2,
      routeTables: 0,
    });
  });

  test('that could not be read in one region are not known', () => {
    const partly = regionOf({ region: 'us-east-1', volumes: unlisted('ec2:DescribeVolumes', [aVolume()]) });
    const figures = figuresOf(accountOf({ regions: [oneRegion, partly] }), NOW);
    expect(figures).toMatchObject({ volumes: null, volumeGib: null, clusters: 1, vpcs: 1 });
  });

  test('of an account without anything are none', () => {
    const figures = figuresOf(accountOf({ regions: [regionOf()] }), NOW);
    expect(new Set(Object.values(figures))).toEqual(new Set([0]));
  });
});
