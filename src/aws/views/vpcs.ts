import type { FlowLog, SecurityGroup, Subnet, Vpc } from '../inventory/network.ts';
import type { Listing } from '../inventory/reading.ts';
import { worstOf } from './answer.ts';
import type { ListShape } from './list.ts';
import { UnreadMembers } from './unreadable.ts';

/** What rows of VPCs are made of: everything of their region. */
export interface VpcSurroundings {
  readonly subnets: Listing<Subnet>;
  readonly securityGroups: Listing<SecurityGroup>;
  readonly flowLogs: Listing<FlowLog>;
}

export interface VpcRow {
  readonly region: string;
  readonly vpc: Vpc;
  /** Null: could not be read. */
  readonly subnets: number | null;
  readonly securityGroups: number | null;
  readonly isLogged: boolean | null;
  readonly surroundings: VpcSurroundings;
}

/** A row for each, counted in one pass over what is in the region. */
export function vpcRows(
  region: string,
  vpcs: readonly Vpc[],
  surroundings: VpcSurroundings,
): readonly VpcRow[] {
  const subnets = perVpc(surroundings.subnets);
  const securityGroups = perVpc(surroundings.securityGroups);
  const { items: logs, failures } = surroundings.flowLogs;
  const logged = new Set(logs.filter(isDelivering).map(({ resourceId }) => resourceId));
  return vpcs.map((vpc) => ({
    region,
    vpc,
    subnets: subnets && (subnets.get(vpc.id) ?? 0),
    securityGroups: securityGroups && (securityGroups.get(vpc.id) ?? 0),
    isLogged: logged.has(vpc.id) || (failures.length === 0 ? false : null),
    surroundings,
  }));
}

/** Null where not all are known: a count of the others would be too low. */
function perVpc({
  items,
  failures,
}: Listing<{ readonly vpcId: string | null }>): ReadonlyMap<string, number> | null {
  if (failures.length > 0) return null;
  const counts = new Map<string, number>();
  for (const { vpcId } of items) if (vpcId !== null) counts.set(vpcId, (counts.get(vpcId) ?? 0) + 1);
  return counts;
}

const isDelivering = ({ status, deliverStatus }: FlowLog): boolean =>
  status === 'ACTIVE' && deliverStatus !== 'FAILED';

/** A VPC as the contract has it, and beyond. */
export function vpcWire({ region, vpc, subnets, securityGroups, isLogged, surroundings }: VpcRow) {
  const unread = new UnreadMembers();
  if (subnets === null) addWorst(unread, 'subnet_count', surroundings.subnets);
  if (securityGroups === null) addWorst(unread, 'security_group_count', surroundings.securityGroups);
  if (isLogged === null) addWorst(unread, 'flow_logs_active', surroundings.flowLogs);
  return {
    vpc_id: vpc.id,
    cidr_block: vpc.cidrBlock,
    state: vpc.state,
    is_default: vpc.isDefault,
    dhcp_options_id: vpc.dhcpOptionsId,
    instance_tenancy: vpc.instanceTenancy,
    subnet_count: subnets,
    security_group_count: securityGroups,
    region,
    name: vpc.tags['Name'] ?? null,
    cidr_blocks: vpc.cidrBlocks,
    flow_logs_active: isLogged,
    tags: vpc.tags,
    ...unread.member,
  };
}

function addWorst(unread: UnreadMembers, member: string, { failures }: Listing<unknown>): void {
  const worst = worstOf(failures);
  if (worst !== undefined) unread.add(member, [worst]);
}

export const vpcList: ListShape<VpcRow> = {
  member: 'vpcs',
  name: ({ vpc }) => vpc.id,
  id: ({ region }) => region,
  words: ({ vpc }) => [vpc.tags['Name'] ?? ''],
  wire: vpcWire,
};
