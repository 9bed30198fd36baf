import { expect, test } from 'vitest';
import {
  allTraffic,
  anAttachment,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aSubnet,
  aVolume,
  aVpc,
} from '../checks/test-inventory.ts';
import type { MetricPoint } from '../inventory/ebs.ts';
import { read } from '../inventory/reading.ts';
import type { BucketStorage } from '../inventory/s3.ts';
import type { Question } from './question.ts';
import { TestDesk } from './test-desk.ts';
import type { TestRegion } from './test-reader.ts';
import { ALL_BLOCKED, aBucket, aCluster, aService } from './test-things.ts';

const REGION = 'us-west-2';
const CLUSTER_ARN = `arn:aws:ecs:${REGION}:123456789012:cluster/production-api`;
const VPC = 'vpc-0a1b2c3d4e5f6g7h8';

const stored = (bytesByType: Record<string, number>, objects: number): BucketStorage => ({
  bytesByType,
  objects,
  at: Date.UTC(2025, 2, 5),
});
const points = (...values: readonly number[]): readonly MetricPoint[] =>
  values.map((value, index) => ({ at: Date.UTC(2025, 2, 5, 12 + index), value }));
const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

async function expectSample(question: Question, desk: TestDesk, sample: object): Promise<void> {
  expect(await desk.document(question)).toMatchObject(sample);
}
const inRegion = (has: TestRegion): TestDesk => new TestDesk({ regions: { [REGION]: has } });

/** What follows each is the contract's sample of the route, as it is. */
test('clusters', () =>
  expectSample(
    { name: 'clusters', region: REGION },
    inRegion({
      clusters: [
        aCluster({
          name: 'production-api',
          arn: CLUSTER_ARN,
          containerInstances: 10,
          runningTasks: 45,
          pendingTasks: 2,
        }),
      ],
    }),
    {
      clusters: [
        {
          cluster_name: 'production-api',
          cluster_arn: 'arn:aws:ecs:us-west-2:123456789012:cluster/production-api',
          status: 'ACTIVE',
          registered_container_instances_count: 10,
          running_tasks_count: 45,
          pending_tasks_count: 2,
        },
      ],
    },
  ));

test('services', () =>
  expectSample(
    { name: 'services', region: REGION, cluster: 'production-api' },
    inRegion({
      clusters: [aCluster({ name: 'production-api', arn: CLUSTER_ARN })],
      services: [
        aService({
          name: 'web-frontend',
          arn: `arn:aws:ecs:${REGION}:123456789012:service/production-api/web-frontend`,
          clusterArn: CLUSTER_ARN,
          desired: 5,
          running: 5,
        }),
      ],
    }),
    {
      services: [
        {
          service_name: 'web-frontend',
          service_arn: 'arn:aws:ecs:us-west-2:123456789012:service/production-api/web-frontend',
          status: 'ACTIVE',
          desired_count: 5,
          running_count: 5,
          pending_count: 0,
          deployment_status: 'PRIMARY',
        },
      ],
    },
  ));

test('buckets', () =>
  expectSample(
    { name: 'buckets' },
    new TestDesk({
      block: ALL_BLOCKED,
      buckets: [
        aBucket({
          name: 'company-assets',
          region: REGION,
          storage: read(stored({ StandardStorage: 1_073_741_824 }, 15_420)),
        }),
      ],
    }),
    {
      buckets: [
        {
          name: 'company-assets',
          creation_date: '2023-01-15T10:30:00Z',
          region: 'us-west-2',
          object_count: 15420,
          total_size_bytes: 1073741824,
          versioning_enabled: true,
          public_access_blocked: true,
        },
      ],
    },
  ));

test('a bucket’s details', () =>
  expectSample(
    { name: 'bucket', bucket: 'company-assets' },
    new TestDesk({
      buckets: [
        aBucket({
          name: 'company-assets',
          region: REGION,
          storage: read(
            stored(
              {
                StandardStorage: 1_073_741_824,
                StandardIAStorage: 536_870_000,
                StandardIASizeOverhead: 912,
                GlacierStorage: 268_435_000,
                GlacierObjectOverhead: 400,
                GlacierS3ObjectOverhead: 56,
              },
              9,
            ),
          ),
          lifecycle: read([
            {
              id: 'archive-old-logs',
              isEnabled: true,
              transitions: [
                { days: 30, date: null, storageClass: 'STANDARD_IA' },
                { days: 90, date: null, storageClass: 'GLACIER' },
              ],
              noncurrentTransitions: [],
              expirationDays: null,
              noncurrentExpirationDays: null,
              abortsIncompleteUploadsAfterDays: null,
              prefix: null,
            },
          ]),
        }),
      ],
    }),
    {
      name: 'company-assets',
      creation_date: '2023-01-15T10:30:00Z',
      region: 'us-west-2',
      storage_class_summary: { STANDARD: 1073741824, STANDARD_IA: 536870912, GLACIER: 268435456 },
      lifecycle_rules: [
        {
          id: 'archive-old-logs',
          status: 'Enabled',
          transitions: [
            { days: 30, storage_class: 'STANDARD_IA' },
            { days: 90, storage_class: 'GLACIER' },
          ],
        },
      ],
      encryption: { enabled: true, type: 'AES256' },
    },
  ));

test('volumes', () =>
  expectSample(
    { name: 'volumes', region: REGION },
    inRegion({
      volumes: [
        aVolume({
          id: 'vol-0a1b2c3d4e5f6g7h8',
          availabilityZone: 'us-west-2a',
          attachments: [anAttachment({ instanceId: 'i-0a1b2c3d4e5f6g7h8', device: '/dev/sda1' })],
        }),
      ],
    }),
    {
      volumes: [
        {
          volume_id: 'vol-0a1b2c3d4e5f6g7h8',
          size: 100,
          volume_type: 'gp3',
          state: 'in-use',
          iops: 3000,
          throughput: 125,
          attached_instance: 'i-0a1b2c3d4e5f6g7h8',
          device: '/dev/sda1',
          availability_zone: 'us-west-2a',
          encrypted: true,
        },
      ],
    },
  ));

test('a volume’s metrics', () => {
  const desk = inRegion({ volumes: [aVolume({ id: 'vol-0a1b2c3d4e5f6g7h8' })] });
  desk.account.volumeMetrics = {
    readOps: points(1245.6, 1356.2),
    writeOps: points(2341.8, 2567.3),
    readBytes: points(45_678_912, 51_234_567),
    writeBytes: points(78_912_345, 85_678_912),
    queueLength: points(0.25, 0.31),
  };
  const until = desk.clock.now();
  const window = { since: until - 86_400_000, until, periodSeconds: 3_600 };
  const series = (a: number, b: number) => [
    { timestamp: '2025-03-05T12:00:00Z', value: a },
    { timestamp: '2025-03-05T13:00:00Z', value: b },
  ];
  return expectSample(
    { name: 'volumeMetrics', region: REGION, volume: 'vol-0a1b2c3d4e5f6g7h8', window },
    desk,
    {
      volume_id: 'vol-0a1b2c3d4e5f6g7h8',
      metrics: {
        read_ops: series(1245.6, 1356.2),
        write_ops: series(2341.8, 2567.3),
        read_bytes: series(45678912, 51234567),
        write_bytes: series(78912345, 85678912),
        queue_length: series(0.25, 0.31),
      },
    },
  );
});

test('VPCs', () =>
  expectSample(
    { name: 'vpcs', region: REGION },
    inRegion({
      vpcs: [aVpc({ id: VPC, dhcpOptionsId: 'dopt-0a1b2c3d4e5f6g7h8' })],
      subnets: times(6, (index) => aSubnet({ id: `subnet-${index}`, vpcId: VPC })),
      securityGroups: times(12, (index) => aSecurityGroup({ id: `sg-${index}`, vpcId: VPC })),
    }),
    {
      vpcs: [
        {
          vpc_id: 'vpc-0a1b2c3d4e5f6g7h8',
          cidr_block: '10.0.0.0/16',
          state: 'available',
          is_default: false,
          dhcp_options_id: 'dopt-0a1b2c3d4e5f6g7h8',
          instance_tenancy: 'default',
          subnet_count: 6,
          security_group_count: 12,
        },
      ],
    },
  ));

test('security groups', () =>
  expectSample(
    { name: 'securityGroups', region: REGION, vpc: VPC },
    inRegion({
      vpcs: [aVpc({ id: VPC })],
      securityGroups: [
        aSecurityGroup({
          id: 'sg-0a1b2c3d4e5f6g7h8',
          name: 'web-servers',
          description: 'Security group for web servers',
          vpcId: VPC,
          inbound: [
            aRule({ port: 80, description: 'HTTP from anywhere' }),
            aRule({ port: 443, description: 'HTTPS from anywhere' }),
          ],
          outbound: [{ ...allTraffic(), description: 'All traffic to anywhere' }],
        }),
      ],
    }),
    {
      security_groups: [
        {
          group_id: 'sg-0a1b2c3d4e5f6g7h8',
          group_name: 'web-servers',
          description: 'Security group for web servers',
          inbound_rules: [
            { protocol: 'tcp', port_range: '80-80', source: '0.0.0.0/0', description: 'HTTP from anywhere' },
            {
              protocol: 'tcp',
              port_range: '443-443',
              source: '0.0.0.0/0',
              description: 'HTTPS from anywhere',
            },
          ],
          outbound_rules: [
            {
              protocol: '-1',
              port_range: '0-65535',
              destination: '0.0.0.0/0',
              description: 'All traffic to anywhere',
            },
          ],
        },
      ],
    },
  ));

test('the summary', () => {
  const desk = inRegion({
    clusters: times(3, (index) =>
      aCluster({ name: `c${index}`, arn: `${CLUSTER_ARN}-${index}`, runningTasks: 14, pendingTasks: 1 }),
    ),
    services: times(12, (index) =>
      aService({
        arn: `service-${index}`,
        clusterArn: `${CLUSTER_ARN}-${index % 3}`,
        running: index === 7 ? 1 : 2,
      }),
    ),
    volumes: times(25, (index) =>
      aVolume({
        id: `vol-${index}`,
        sizeGib: 180,
        state: index < 2 ? 'available' : 'in-use',
        isEncrypted: index >= 3,
      }),
    ),
    vpcs: times(4, (index) => aVpc({ id: `vpc-${index}` })),
    subnets: times(24, (index) => aSubnet({ id: `subnet-${index}` })),
    routeTables: times(12, (index) => aRouteTable({ id: `rtb-${index}` })),
    securityGroups: times(5, (index) =>
      aSecurityGroup({ id: `sg-${index}`, inbound: [aRule({ port: index < 2 ? 22 : 443 })] }),
    ),
  });
  desk.account.buckets = times(8, (index) =>
    aBucket({
      name: `bucket-${index}`,
      storage: read(stored({ StandardStorage: 156_250_000_000 }, 1)),
      ...(index === 0 && { encryption: read(null) }),
    }),
  );
  return expectSample({ name: 'summary', region: REGION }, desk, {
    summary: {
      ecs: { total_clusters: 3, total_services: 12, total_tasks: 45, unhealthy_services: 1 },
      s3: {
        total_buckets: 8,
        total_storage_gb: 1250,
        buckets_without_encryption: 1,
        publicly_accessible_buckets: 0,
      },
      ebs: { total_volumes: 25, total_storage_gb: 4500, unattached_volumes: 2, unencrypted_volumes: 3 },
      network: {
        total_vpcs: 4,
        total_subnets: 24,
        security_groups_with_open_ssh: 2,
        route_tables: 12,
      },
    },
    unreadable: [],
  });
});
