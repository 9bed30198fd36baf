import type { SubnetRouting } from '../analysis/subnet-routes.ts';
import type { Subnet } from '../inventory/network.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import type { ListShape } from './list.ts';
import { UnreadMembers } from './unreadable.ts';

export interface SubnetRow {
  readonly region: string;
  readonly subnet: Subnet;
  readonly routing: SubnetRouting;
  /** Why route tables are not all known. */
  readonly failures: readonly ReadFailure[];
}

const families = ['ipv4', 'ipv6'] as const;

/** Whether the internet's packets come and go; null: not known. */
export function isSubnetPublic({ id, vpcId }: Subnet, routing: SubnetRouting): boolean | null {
  const steps = families.map((family) => routing.toInternet(id, vpcId, family).holds);
  if (steps.includes('yes')) return true;
  return steps.includes('unknown') ? null : false;
}

export function subnetWire({ region, subnet, routing, failures }: SubnetRow) {
  const unread = new UnreadMembers();
  const table = routing.tableOf(subnet.id, subnet.vpcId);
  const isPublic = isSubnetPublic(subnet, routing);
  if (table === undefined) unread.add('route_table_id', failures);
  if (isPublic === null) unread.add('public', failures);
  return {
    subnet_id: subnet.id,
    vpc_id: subnet.vpcId,
    cidr_block: subnet.cidrBlock,
    ipv6_cidr_blocks: subnet.ipv6CidrBlocks,
    availability_zone: subnet.availabilityZone,
    state: subnet.state,
    available_addresses: subnet.availableAddresses,
    maps_public_ip: subnet.mapsPublicIp,
    default_for_zone: subnet.isDefaultForZone,
    route_table_id: table?.id ?? null,
    public: isPublic,
    region,
    name: subnet.tags['Name'] ?? null,
    tags: subnet.tags,
    ...unread.member,
  };
}

export const subnetList: ListShape<SubnetRow> = {
  member: 'subnets',
  name: ({ subnet }) => subnet.id,
  id: ({ region }) => region,
  words: ({ subnet }) => [subnet.tags['Name'] ?? '', subnet.cidrBlock],
  wire: subnetWire,
};
