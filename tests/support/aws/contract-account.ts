import type { Account } from './account.ts';
import {
  aBucket,
  aCluster,
  allBlocked,
  anAccount,
  aRegion,
  aRouteTable,
  aSecurityGroup,
  aService,
  aSubnet,
  aVolume,
  aVpc,
  aWholeVpc,
  everything,
  from,
  joined,
  type Place,
  storageMetrics,
  unattached,
  unencrypted,
  volumeMetrics,
} from './builders.ts';
import { here } from './builders/place.ts';

const GIB = 2 ** 30;
const VPC = 'vpc-0a1b2c3d4e5f6g7h8';

/** How many of each: `length` things by their number. */
export const several = <T>(length: number, make: (number: number) => T): T[] =>
  Array.from({ length }, (_, number) => make(number));

/** Bytes in the sample bucket: the list's sample has one class, that of its details three. */
export const sampleStorage = {
  listed: { StandardStorage: GIB },
  inDetails: { StandardStorage: GIB, StandardIAStorage: GIB / 2, GlacierStorage: GIB / 4 },
} as const;

/** The account that the contract's samples are of, but for the summary's. */
export function sampleAccount(storage: Readonly<Record<string, number>> = sampleStorage.listed): Account {
  const volume = aVolume('sample', {
    VolumeId: 'vol-0a1b2c3d4e5f6g7h8',
    Attachments: [
      {
        InstanceId: 'i-0a1b2c3d4e5f6g7h8',
        Device: '/dev/sda1',
        State: 'attached',
        DeleteOnTermination: true,
      },
    ],
  });
  const counts = { registeredContainerInstancesCount: 10, runningTasksCount: 45, pendingTasksCount: 2 };
  return anAccount({
    regions: {
      [here.region]: aRegion({
        ebs: { volumes: [volume] },
        ecs: {
          clusters: [aCluster('production-api', counts)],
          services: [aService('production-api', 'web-frontend', { desiredCount: 5 })],
        },
        network: {
          vpcs: [aVpc('main', { VpcId: VPC, DhcpOptionsId: 'dopt-0a1b2c3d4e5f6g7h8' })],
          subnets: several(6, (n) => aSubnet(`s${n}`, VPC, { CidrBlock: `10.0.${n}.0/24` })),
          securityGroups: [webServers, ...several(11, (n) => aSecurityGroup(`group-${n}`, VPC))],
        },
        metrics: [
          ...storageMetrics('company-assets', storage, 15_420),
          ...volumeMetrics(volume).map((metric) => ({ ...metric, swing: 0 })),
        ],
      }),
    },
    s3: { publicAccessBlock: undefined, buckets: [companyAssets] },
  });
}

const webServers = aSecurityGroup('web-servers', VPC, {
  GroupId: 'sg-0a1b2c3d4e5f6g7h8',
  Description: 'Security group for web servers',
  IpPermissions: [
    from('0.0.0.0/0', 80, 80, 'tcp', 'HTTP from anywhere'),
    from('0.0.0.0/0', 443, 443, 'tcp', 'HTTPS from anywhere'),
  ],
  IpPermissionsEgress: [
    {
      ...everything('0.0.0.0/0'),
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'All traffic to anywhere' }],
    },
  ],
});

const companyAssets = aBucket('company-assets', {
  createdAt: new Date('2023-01-15T10:30:00Z'),
  publicAccessBlock: allBlocked,
  encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
  lifecycle: [
    {
      ID: 'archive-old-logs',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'GLACIER' },
      ],
    },
  ],
});

/** The account that the sample of the summary is of. */
export function summaryAccount(id: string): Account {
  const at: Place = { accountId: id, region: here.region };
  const names = several(8, (n) => `bucket-${n}`);
  const vpcs = several(4, (n) =>
    aWholeVpc(`v${n}`, { number: n, zones: ['a', 'b', 'c'], groups: ['web'] }, at),
  );
  const network = joined(vpcs);
  const isOpen = [from('0.0.0.0/0', 20, 25), from('::/0', 22)];
  return anAccount({
    id,
    regions: {
      [at.region]: aRegion({
        ecs: {
          clusters: [40, 0, 2].map((running, n) =>
            aCluster(
              `c${n}`,
              { runningTasksCount: running, pendingTasksCount: 1, activeServicesCount: 4 },
              at,
            ),
          ),
          services: several(12, (n) =>
            aService(`c${n % 3}`, `s${n}`, n === 7 ? { desiredCount: 3, runningCount: 2 } : {}, at),
          ),
        },
        ebs: {
          volumes: several(25, (n) =>
            aVolume(`v${n}`, { Size: 180, ...(n < 2 && unattached), ...(n > 21 && unencrypted) }, at),
          ),
        },
        network: {
          ...network,
          securityGroups: network.securityGroups
            .filter(({ GroupName }) => GroupName === 'web')
            .map((group, n) => ({ ...group, IpPermissions: isOpen.slice(n, n + 1) })),
          routeTables: [
            ...network.routeTables,
            ...vpcs.map((vpc, n) => aRouteTable(`spare-${n}`, vpc.id, { subnets: [] }, at)),
          ],
        },
        metrics: names.flatMap((name) => storageMetrics(name, { StandardStorage: 156_250_000_000 }, 1_000)),
      }),
    },
    s3: {
      publicAccessBlock: undefined,
      buckets: names.map((name, n) => aBucket(name, n === 3 ? { encryption: undefined } : {})),
    },
  });
}

/** More of everything than AWS gives in one answer, and a second region. */
export const manyCounts = { clusters: 205, services: 23, volumes: 1_203, volumesElsewhere: 7 } as const;
export function manyAccount(id: string): Account {
  const at: Place = { accountId: id, region: here.region };
  const there: Place = { accountId: id, region: 'eu-west-1' };
  return anAccount({
    id,
    regions: {
      [at.region]: aRegion({
        ecs: {
          clusters: several(manyCounts.clusters, (n) => aCluster(`cluster-${n}`, {}, at)),
          services: several(manyCounts.services, (n) => aService('cluster-0', `service-${n}`, {}, at)),
        },
        ebs: {
          volumes: several(manyCounts.volumes, (n) => aVolume(`v${n}`, n % 100 === 0 ? unencrypted : {}, at)),
        },
      }),
      [there.region]: aRegion({
        ebs: { volumes: several(manyCounts.volumesElsewhere, (n) => aVolume(`w${n}`, {}, there)) },
      }),
    },
  });
}
