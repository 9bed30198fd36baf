import type { Tags } from './ebs.ts';
import type { Listing } from './reading.ts';

export interface Vpc {
  readonly id: string;
  readonly cidrBlock: string;
  /** All that are associated, IPv4 and IPv6, the first IPv4 one included. */
  readonly cidrBlocks: readonly string[];
  readonly state: string;
  readonly isDefault: boolean;
  readonly dhcpOptionsId: string | null;
  readonly instanceTenancy: string;
  readonly tags: Tags;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly ipv6CidrBlocks: readonly string[];
  readonly availabilityZone: string;
  readonly state: string;
  readonly availableAddresses: number;
  readonly mapsPublicIp: boolean;
  readonly isDefaultForZone: boolean;
  readonly tags: Tags;
}

/** One protocol and port range to or from one peer: what AWS groups into a permission is taken apart. */
export interface SecurityGroupRule {
  /** As AWS says it: `tcp`, `udp`, `icmp`, `-1`, or a number (`6`). */
  readonly protocol: string;
  /** Null where the protocol has none, or all. For ICMP: type and code, -1 for all. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly peer: RulePeer;
  readonly description: string | null;
}
export type RulePeer =
  | { readonly kind: 'ipv4' | 'ipv6'; readonly cidr: string }
  | { readonly kind: 'group'; readonly groupId: string; readonly accountId: string | null }
  | { readonly kind: 'prefixList'; readonly prefixListId: string };

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string | null;
  readonly inbound: readonly SecurityGroupRule[];
  readonly outbound: readonly SecurityGroupRule[];
  readonly tags: Tags;
}

/** A managed prefix list that some rule or route names, with its entries. */
export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly cidrs: Listing<string>;
}

export interface NetworkAclEntry {
  readonly ruleNumber: number;
  readonly isEgress: boolean;
  readonly isAllow: boolean;
  /** `-1` for all, otherwise a number (`6`). */
  readonly protocol: string;
  readonly cidr: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}
export interface NetworkAcl {
  readonly id: string;
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  /** By rule number; the first that matches decides, and 32767 denies the rest. */
  readonly entries: readonly NetworkAclEntry[];
  readonly tags: Tags;
}

export interface Route {
  /** A CIDR or a prefix list's id. */
  readonly destination: string;
  /** `local`, `igw-…`, `nat-…`, `pcx-…`, `tgw-…`, `eni-…`, `vpce-…`, `eigw-…`. */
  readonly target: string;
  /** `active` or `blackhole`. */
  readonly state: string;
}
export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Of the subnets that name none. */
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
  readonly tags: Tags;
}

export interface FlowLog {
  readonly id: string;
  /** A VPC, a subnet or an interface. */
  readonly resourceId: string;
  /** `ACTIVE` is the only good one. */
  readonly status: string;
  /** `ACCEPT`, `REJECT`, `ALL`. */
  readonly trafficType: string;
  /** `SUCCESS` or `FAILED`; null before the first. */
  readonly deliverStatus: string | null;
  readonly destination: string | null;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly status: string;
  /** `interface`, `nat_gateway`, `network_load_balancer`, … */
  readonly type: string;
  readonly description: string;
  readonly instanceId: string | null;
  readonly privateAddresses: readonly string[];
  /** IPv4, of its own or an Elastic IP. */
  readonly publicAddresses: readonly string[];
  readonly ipv6Addresses: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export interface NetworkInventory {
  readonly vpcs: Listing<Vpc>;
  readonly subnets: Listing<Subnet>;
  readonly securityGroups: Listing<SecurityGroup>;
  readonly prefixLists: Listing<PrefixList>;
  readonly networkAcls: Listing<NetworkAcl>;
  readonly routeTables: Listing<RouteTable>;
  readonly flowLogs: Listing<FlowLog>;
  readonly networkInterfaces: Listing<NetworkInterface>;
}
