import {
  aFlowLog,
  allTraffic,
  anAttachment,
  anInterface,
  anUnattachedVolume,
  aNetworkAcl,
  aPrefixList,
  aPublicRouteTable,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aSnapshot,
  aSubnet,
  aVolume,
  aVolumeStatus,
  aVpc,
  group,
  ipv6,
  NOW,
  prefixList,
  REGION,
} from '../checks/test-inventory.ts';
import { read } from '../inventory/reading.ts';
import type { Question, QuestionName } from './question.ts';
import { anAccount, type TestAccount } from './test-reader.ts';
import { aBucket, aCluster, aContainerInstance, aService, aTask } from './test-things.ts';

/** An account with something of everything, and odd things among it. */
export const fullAccount = (): TestAccount =>
  anAccount({
    regions: { [REGION]: fullRegion, 'us-east-1': {} },
    buckets: [
      aBucket({
        storage: read({ bytesByType: { StandardStorage: 5, NewStorage: 2 }, objects: 3, at: NOW }),
        lifecycle: read([
          {
            id: null,
            isEnabled: false,
            transitions: [{ days: null, date: NOW, storageClass: 'GLACIER' }],
            noncurrentTransitions: [{ days: 3, storageClass: 'GLACIER_IR' }],
            expirationDays: 365,
            noncurrentExpirationDays: null,
            abortsIncompleteUploadsAfterDays: 7,
            prefix: 'logs/',
          },
        ]),
      }),
      aBucket({ name: 'bare', region: 'us-east-1', createdAt: null, encryption: read(null) }),
    ],
    volumeMetrics: { readOps: [{ at: NOW, value: 3 }], writeOps: [{ at: NOW, value: 1 }] },
    utilisation: { cpuUtilisation: [{ at: NOW, value: 12.5 }] },
  });

const fullRegion = {
  volumes: [
    aVolume({ tags: { Name: 'data' } }),
    anUnattachedVolume({ id: 'vol-2', iops: null, throughput: null, createdAt: null }),
    aVolume({
      id: 'vol-3',
      isMultiAttach: true,
      attachments: [
        anAttachment({ device: '/dev/xvdg' }),
        anAttachment({ device: '/dev/xvdf', instanceId: 'i-9' }),
      ],
    }),
  ],
  volumeStatuses: [aVolumeStatus()],
  snapshots: [aSnapshot(), aSnapshot({ id: 'snap-2', volumeId: null, startedAt: null })],
  publicSnapshotIds: ['snap-2'],
  vpcs: [aVpc()],
  subnets: [aSubnet()],
  securityGroups: [
    aSecurityGroup({
      inbound: [
        aRule({ port: 22, peer: ipv6('::/0') }),
        aRule({ protocol: 'icmp', fromPort: 8, toPort: -1 }),
        aRule({ peer: group('sg-2') }),
        aRule({ port: 5_432, peer: prefixList('pl-1') }),
      ],
      outbound: [allTraffic()],
    }),
  ],
  prefixLists: [aPrefixList(['0.0.0.0/0'])],
  networkAcls: [aNetworkAcl()],
  routeTables: [aPublicRouteTable(), aRouteTable({ id: 'rtb-2', isMain: false })],
  flowLogs: [
    aFlowLog(),
    aFlowLog({ id: 'fl-2', resourceId: 'vpc-other', deliverStatus: null, destination: null }),
  ],
  networkInterfaces: [anInterface({ publicAddresses: ['198.51.100.7'] })],
  clusters: [aCluster()],
  services: [
    aService(),
    aService({ arn: 'service/2', name: 'worker', deployments: [], taskDefinition: null }),
  ],
  tasks: [aTask(), aTask({ arn: 'task/2', group: null, healthStatus: null, containerInstanceArn: null })],
  containerInstances: [aContainerInstance()],
};

const window = { since: NOW - 3_600_000, until: NOW, periodSeconds: 300 };
const inVpc = { region: REGION, vpc: 'vpc-1' };
const inCluster = { region: REGION, cluster: 'live' };

/** One of each, all of which that account answers. */
export const everyQuestion: { readonly [Name in QuestionName]: Question } = {
  clusters: { name: 'clusters', region: 'all' },
  cluster: { name: 'cluster', ...inCluster },
  services: { name: 'services', ...inCluster },
  service: { name: 'service', ...inCluster, service: 'web' },
  tasks: { name: 'tasks', ...inCluster },
  containerInstances: { name: 'containerInstances', ...inCluster },
  ecsMetrics: { name: 'ecsMetrics', ...inCluster, service: 'web', window },
  buckets: { name: 'buckets' },
  bucket: { name: 'bucket', bucket: 'assets' },
  volumes: { name: 'volumes', region: 'all' },
  volumeMetrics: { name: 'volumeMetrics', region: REGION, volume: 'vol-1', window },
  snapshots: { name: 'snapshots', region: 'all' },
  vpcs: { name: 'vpcs', region: 'all' },
  securityGroups: { name: 'securityGroups', ...inVpc },
  subnets: { name: 'subnets', ...inVpc },
  routeTables: { name: 'routeTables', ...inVpc },
  networkAcls: { name: 'networkAcls', ...inVpc },
  flowLogs: { name: 'flowLogs', ...inVpc },
  topology: { name: 'topology', ...inVpc },
  regions: { name: 'regions' },
  summary: { name: 'summary', region: REGION },
};
