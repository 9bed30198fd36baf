import type { AccountInventory, CallerIdentity, RegionInventory } from '../inventory/account.ts';
import type { EbsInventory, Snapshot, Volume, VolumeAttachment, VolumeStatus } from '../inventory/ebs.ts';
import type { EcsInventory } from '../inventory/ecs.ts';
import type {
  FlowLog,
  NetworkAcl,
  NetworkAclEntry,
  NetworkInterface,
  NetworkInventory,
  PrefixList,
  Route,
  RouteTable,
  RulePeer,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from '../inventory/network.ts';
import { read, unread, whole, type Listing, type ReadFailure, type Reading } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import { NO_BLOCK, type S3Inventory } from '../inventory/s3.ts';
import type { Check, CheckContext, CheckParameters, CheckResult } from './check.ts';

/** Unix ms: the time of every test's scan. */
export const NOW = Date.UTC(2026, 0, 31, 12);
export const DAY_MS = 86_400_000;
export const REGION = 'eu-west-1';

export const identity: CallerIdentity = {
  accountId: '123456789012',
  arn: 'arn:aws:iam::123456789012:user/auditor',
  partition: 'aws',
};

export const parameters: CheckParameters = {
  authorizedPorts: [80, 443],
  unattachedDays: 30,
  oldSnapshotDays: 365,
  stuckDeploymentMinutes: 15,
};

/** Lists may be given as plain arrays: they are then complete. */
type Given<T> = {
  readonly [K in keyof T]?: T[K] | (T[K] extends Listing<infer Item> ? readonly Item[] : never);
};

/** A region that has what is given, was read to the end, and is otherwise empty and well set up. */
export function regionOf(
  given: Given<EbsInventory> &
    Given<NetworkInventory> &
    Given<EcsInventory> & { readonly region?: string } = {},
): RegionInventory {
  return {
    region: given.region ?? REGION,
    ebs: ebsOf(given),
    network: networkOf(given),
    ecs: {
      clusters: listed(given.clusters),
      services: listed(given.services),
      tasks: listed(given.tasks),
      containerInstances: listed(given.containerInstances),
      taskDefinitions: listed(given.taskDefinitions),
    },
  };
}

const ebsOf = (given: Given<EbsInventory>): EbsInventory => ({
  volumes: listed(given.volumes),
  volumeStatuses: listed(given.volumeStatuses),
  snapshots: listed(given.snapshots),
  publicSnapshotIds: listed(given.publicSnapshotIds),
  encryptionByDefault: given.encryptionByDefault ?? read(true),
  snapshotSharing: given.snapshotSharing ?? read('block-all-sharing'),
});

export const networkOf = (given: Given<NetworkInventory>): NetworkInventory => ({
  vpcs: listed(given.vpcs),
  subnets: listed(given.subnets),
  securityGroups: listed(given.securityGroups),
  prefixLists: listed(given.prefixLists),
  networkAcls: listed(given.networkAcls),
  routeTables: listed(given.routeTables),
  flowLogs: listed(given.flowLogs),
  networkInterfaces: listed(given.networkInterfaces),
});

function listed<T>(given: Listing<T> | readonly T[] | undefined): Listing<T> {
  if (given === undefined) return whole([]);
  return 'failures' in given ? given : whole(given);
}

export function accountOf(
  given: { readonly regions?: readonly RegionInventory[] } & Given<S3Inventory> = {},
): AccountInventory {
  return {
    identity,
    takenAt: NOW,
    regions: given.regions ?? [],
    s3: {
      accountPublicAccessBlock: given.accountPublicAccessBlock ?? read(NO_BLOCK),
      buckets: listed(given.buckets),
    },
  };
}

export const contextOf = (account: AccountInventory, over: Partial<CheckParameters> = {}): CheckContext => ({
  account,
  parameters: { ...parameters, ...over },
  now: NOW,
});

/** What a check says of a region alone. */
export const resultsIn = (
  check: Check,
  region: RegionInventory,
  over: Partial<CheckParameters> = {},
): readonly CheckResult[] =>
  check.run(contextOf(accountOf({ regions: [region] }), over)).flatMap(({ results }) => results);

/** The only result of a check in a region. */
export function resultIn(
  check: Check,
  region: RegionInventory,
  over: Partial<CheckParameters> = {},
): CheckResult {
  const [only, ...others] = resultsIn(check, region, over);
  if (only === undefined || others.length > 0) throw new Error(`${check.id} has not one result`);
  return only;
}

export const denied = (action: Action, region = REGION): ReadFailure => ({
  kind: 'denied',
  action,
  region,
  code: 'UnauthorizedOperation',
});

/** A list of which nothing could be read, or only `items`. */
export const unlisted = <T>(action: Action, items: readonly T[] = []): Listing<T> => ({
  items,
  failures: [denied(action)],
});

export const unreadable = (action: Action): Reading<never> => unread(denied(action));

export const aVolume = (over: Partial<Volume> = {}): Volume => ({
  id: 'vol-1',
  sizeGib: 100,
  type: 'gp3',
  state: 'in-use',
  iops: 3_000,
  throughput: 125,
  availabilityZone: 'eu-west-1a',
  isEncrypted: true,
  kmsKeyId: null,
  createdAt: NOW - 90 * DAY_MS,
  snapshotId: null,
  isMultiAttach: false,
  attachments: [anAttachment()],
  tags: {},
  ...over,
});

export const anAttachment = (over: Partial<VolumeAttachment> = {}): VolumeAttachment => ({
  instanceId: 'i-1',
  device: '/dev/xvda',
  state: 'attached',
  attachedAt: NOW - 90 * DAY_MS,
  deleteOnTermination: true,
  ...over,
});

/** In no use since its creation 90 days ago. */
export const anUnattachedVolume = (over: Partial<Volume> = {}): Volume =>
  aVolume({ state: 'available', attachments: [], ...over });

export const aVolumeStatus = (over: Partial<VolumeStatus> = {}): VolumeStatus => ({
  volumeId: 'vol-1',
  status: 'ok',
  details: { 'io-enabled': 'passed', 'io-performance': 'not-applicable' },
  events: [],
  actions: [],
  ...over,
});

export const aSnapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  id: 'snap-1',
  volumeId: 'vol-1',
  sizeGib: 100,
  state: 'completed',
  isEncrypted: true,
  startedAt: NOW - DAY_MS,
  tier: 'standard',
  description: '',
  tags: {},
  ...over,
});

export const aVpc = (over: Partial<Vpc> = {}): Vpc => ({
  id: 'vpc-1',
  cidrBlock: '10.0.0.0/16',
  cidrBlocks: ['10.0.0.0/16'],
  state: 'available',
  isDefault: false,
  dhcpOptionsId: null,
  instanceTenancy: 'default',
  tags: {},
  ...over,
});

export const aSubnet = (over: Partial<Subnet> = {}): Subnet => ({
  id: 'subnet-1',
  vpcId: 'vpc-1',
  cidrBlock: '10.0.1.0/24',
  ipv6CidrBlocks: [],
  availabilityZone: 'eu-west-1a',
  state: 'available',
  availableAddresses: 200,
  mapsPublicIp: false,
  isDefaultForZone: false,
  tags: {},
  ...over,
});

export const aSecurityGroup = (over: Partial<SecurityGroup> = {}): SecurityGroup => ({
  id: 'sg-1',
  name: 'web',
  description: 'Web servers',
  vpcId: 'vpc-1',
  inbound: [],
  outbound: [],
  tags: {},
  ...over,
});

/** `tcp` from everybody unless said otherwise; one port, or a range. */
export const aRule = (
  over: Partial<SecurityGroupRule> & { readonly port?: number } = {},
): SecurityGroupRule => {
  const { port = 443, ...rest } = over;
  return {
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    peer: ipv4('0.0.0.0/0'),
    description: null,
    ...rest,
  };
};
/** Protocol -1: no ports. */
export const allTraffic = (peer: RulePeer = ipv4('0.0.0.0/0')): SecurityGroupRule =>
  aRule({ protocol: '-1', fromPort: null, toPort: null, peer });

export const ipv4 = (cidr: string): RulePeer => ({ kind: 'ipv4', cidr });
export const ipv6 = (cidr: string): RulePeer => ({ kind: 'ipv6', cidr });
export const prefixList = (prefixListId: string): RulePeer => ({ kind: 'prefixList', prefixListId });
export const group = (groupId: string): RulePeer => ({
  kind: 'group',
  groupId,
  accountId: identity.accountId,
});

export const aPrefixList = (cidrs: readonly string[], over: Partial<PrefixList> = {}): PrefixList => ({
  id: 'pl-1',
  name: 'offices',
  cidrs: whole(cidrs),
  ...over,
});

/** As AWS makes the default one: all in, all out. */
export const aNetworkAcl = (over: Partial<NetworkAcl> = {}): NetworkAcl => ({
  id: 'acl-1',
  vpcId: 'vpc-1',
  isDefault: true,
  subnetIds: ['subnet-1'],
  entries: [anAclEntry(), lastAclEntry(), anAclEntry({ isEgress: true }), lastAclEntry({ isEgress: true })],
  tags: {},
  ...over,
});

/** Everything from everybody is let in, as rule 100. */
export const anAclEntry = (over: Partial<NetworkAclEntry> = {}): NetworkAclEntry => ({
  ruleNumber: 100,
  isEgress: false,
  isAllow: true,
  protocol: '-1',
  cidr: '0.0.0.0/0',
  fromPort: null,
  toPort: null,
  ...over,
});

/** The one behind all others. */
export const lastAclEntry = (over: Partial<NetworkAclEntry> = {}): NetworkAclEntry =>
  anAclEntry({ ruleNumber: 32_767, isAllow: false, ...over });

/** The VPC's main table, with nothing but the VPC itself. */
export const aRouteTable = (over: Partial<RouteTable> = {}): RouteTable => ({
  id: 'rtb-1',
  vpcId: 'vpc-1',
  isMain: true,
  subnetIds: [],
  routes: [aRoute()],
  tags: {},
  ...over,
});

export const aRoute = (destination = '10.0.0.0/16', target = 'local', state = 'active'): Route => ({
  destination,
  target,
  state,
});

/** The main table of a public VPC. */
export const aPublicRouteTable = (over: Partial<RouteTable> = {}): RouteTable =>
  aRouteTable({ routes: [aRoute(), aRoute('0.0.0.0/0', 'igw-1'), aRoute('::/0', 'igw-1')], ...over });

export const aFlowLog = (over: Partial<FlowLog> = {}): FlowLog => ({
  id: 'fl-1',
  resourceId: 'vpc-1',
  status: 'ACTIVE',
  trafficType: 'ALL',
  deliverStatus: 'SUCCESS',
  destination: 'arn:aws:logs:eu-west-1:123456789012:log-group:flows',
  ...over,
});

/** Of an instance, with the group `sg-1` and no public address. */
export const anInterface = (over: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id: 'eni-1',
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  availabilityZone: 'eu-west-1a',
  status: 'in-use',
  type: 'interface',
  description: '',
  instanceId: 'i-1',
  privateAddresses: ['10.0.1.10'],
  publicAddresses: [],
  ipv6Addresses: [],
  securityGroupIds: ['sg-1'],
  ...over,
});

/** A VPC with an instance of which only its security group keeps the internet away. */
export const publicNetwork = (given: Given<NetworkInventory> = {}): Given<NetworkInventory> => ({
  vpcs: [aVpc()],
  subnets: [aSubnet()],
  routeTables: [aPublicRouteTable()],
  networkAcls: [aNetworkAcl()],
  networkInterfaces: [anInterface({ publicAddresses: ['198.51.100.7'] })],
  ...given,
});
