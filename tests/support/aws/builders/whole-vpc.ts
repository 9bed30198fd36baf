import type { SecurityGroup, Subnet } from '@aws-sdk/client-ec2';
import type { Network } from '../account.ts';
import { aFlowLog, aNetworkAcl, aRouteTable, aSecurityGroup, aSubnet, aVpc } from './network.ts';
import { here, idOf, type Place } from './place.ts';

export interface VpcWishes {
  /** The second number of its addresses: 10.N.0.0/16. */
  readonly number?: number;
  /** Zones it has a private and a public subnet in. */
  readonly zones?: readonly string[];
  /** Whether its public subnets give addresses to whatever starts in them. */
  readonly mapsPublicIp?: boolean;
  readonly isLogged?: boolean;
  /** The name of its security groups, but for the default one, which lets nothing through. */
  readonly groups?: readonly string[];
  readonly acl?: Parameters<typeof aNetworkAcl>[2];
}

export interface WholeVpc extends Partial<Network> {
  readonly id: string;
  readonly privateSubnets: readonly Subnet[];
  readonly publicSubnets: readonly Subnet[];
  /** By name. */
  readonly group: (name: string) => SecurityGroup;
}

/** A VPC with all that belongs to it: subnets, an internet gateway's route, tables, an ACL, groups and a flow log. */
export function aWholeVpc(name: string, wishes: VpcWishes = {}, at: Place = here): WholeVpc {
  const { number = 0, zones = ['a', 'b'], mapsPublicIp = false, isLogged = true } = wishes;
  const vpc = aVpc(name, { CidrBlock: `10.${number}.0.0/16` }, at);
  const subnetsOf = (kind: string, first: number, MapPublicIpOnLaunch: boolean): Subnet[] =>
    zones.map((zone, index) =>
      aSubnet(
        `${name}-${kind}-${zone}`,
        vpc.VpcId,
        {
          CidrBlock: `10.${number}.${first + index}.0/24`,
          AvailabilityZone: at.region + zone,
          MapPublicIpOnLaunch,
        },
        at,
      ),
    );
  const privateSubnets = subnetsOf('private', 0, false);
  const publicSubnets = subnetsOf('public', 100, mapsPublicIp);
  const subnets = [...privateSubnets, ...publicSubnets];
  const securityGroups = [
    aSecurityGroup('default', vpc.VpcId, { IpPermissionsEgress: [] }, at),
    ...(wishes.groups ?? []).map((group) => aSecurityGroup(group, vpc.VpcId, {}, at)),
  ];
  const ids = publicSubnets.map(({ SubnetId }) => SubnetId);
  const Associations = subnets.map(({ SubnetId }) => ({ SubnetId }));
  return {
    id: vpc.VpcId ?? '',
    privateSubnets,
    publicSubnets,
    group: (wanted) => groupNamed(securityGroups, wanted),
    vpcs: [vpc],
    subnets,
    securityGroups,
    networkAcls: [aNetworkAcl(name, vpc.VpcId, { Associations, ...wishes.acl }, at)],
    routeTables: [
      aRouteTable(`${name}-main`, vpc.VpcId, {}, at),
      aRouteTable(`${name}-public`, vpc.VpcId, { gateway: idOf('igw', at, name), subnets: ids }, at),
    ],
    flowLogs: isLogged ? [aFlowLog(vpc.VpcId, {}, at)] : [],
  };
}

function groupNamed(groups: readonly SecurityGroup[], name: string): SecurityGroup {
  const found = groups.find(({ GroupName }) => GroupName === name);
  if (found === undefined) throw new Error(`there is no group ${name}`);
  return found;
}
