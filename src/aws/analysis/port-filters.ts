import type { NetworkAcl, NetworkInterface, NetworkInventory, SecurityGroup } from '../inventory/network.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import { anywhereRules, openPorts } from './anywhere.ts';
import type { Family } from './cidr.ts';
import { aclPorts } from './nacl.ts';
import {
  ALL_PORTS,
  commonPorts,
  mergePorts,
  portProtocols,
  portText,
  type PortProtocol,
  type PortRange,
} from './ports.ts';
import { no, yes, type Step } from './subnet-routes.ts';

export interface OpenPort extends PortRange {
  readonly protocol: PortProtocol;
}

/** What gets through the ACL and the security groups of an interface. */
export interface PortStep extends Step {
  /** TCP and UDP ports that get in from anywhere, as far as is known. */
  readonly open: readonly OpenPort[];
}

/** An ACL or a group, or several of them. */
interface Filter {
  /** Certainly open. */
  readonly open: readonly OpenPort[];
  /** Open if what could not be read opens it. */
  readonly perhaps: readonly OpenPort[];
  readonly why: string;
  readonly failures: readonly ReadFailure[];
}

/**
 * What gets through the filters of an interface, as a question. Each ACL and each group is looked at once, and so is each
 * of their combinations: there are thousands of interfaces, but few ways to set one up.
 */
export function portFilters(network: NetworkInventory): (one: NetworkInterface, family: Family) => PortStep {
  const aclOf = aclFilters(network);
  const groupOf = groupFilters(network);
  const known = new Map<string, PortStep>();
  return (one, family) => {
    const groupIds = one.securityGroupIds.toSorted();
    const key = [family, one.subnetId, ...groupIds].join(' ');
    const before = known.get(key);
    if (before) return before;
    const groups = groupIds.map((id) => groupOf(id, family));
    // Without any group nothing is filtered: a network load balancer may have none.
    const step = bothOf(aclOf(one.subnetId, family), groups.length === 0 ? [ungrouped] : groups);
    known.set(key, step);
    return step;
  };
}

type FilterOf = (id: string, family: Family) => Filter;

function aclFilters({ networkAcls: { items, failures } }: NetworkInventory): FilterOf {
  const acls = new Map(items.map((acl) => [acl.id, acl] as const));
  const ids = new Map(items.flatMap((acl) => acl.subnetIds.map((id) => [id, acl.id] as const)));
  const filterOf = remembered((id, family) => {
    const acl = acls.get(id);
    return acl
      ? aclFilter(acl, family)
      : unreadFilter('The network ACL of its subnet could not be read.', failures);
  });
  return (subnetId, family) => filterOf(ids.get(subnetId) ?? '', family);
}

function groupFilters(network: NetworkInventory): FilterOf {
  const { items, failures } = network.securityGroups;
  const groups = new Map(items.map((group) => [group.id, group] as const));
  return remembered((id, family) => {
    const group = groups.get(id);
    return group
      ? groupFilter(group, family, network)
      : unreadFilter(`Security group ${id} could not be read.`, failures);
  });
}

function remembered(make: FilterOf): FilterOf {
  const made = new Map<string, Filter>();
  return (id, family) => {
    const key = `${family} ${id}`;
    const filter = made.get(key) ?? make(id, family);
    made.set(key, filter);
    return filter;
  };
}

function aclFilter(acl: NetworkAcl, family: Family): Filter {
  const open = portProtocols.flatMap((protocol) => {
    // Whoever comes from outside chooses the port that is answered to: any that may go out will do.
    const answers = aclPorts(acl, { direction: 'out', family, protocol }).length > 0;
    return answers ? ofProtocol(protocol, aclPorts(acl, { direction: 'in', family, protocol })) : [];
  });
  const what = open.length > 0 ? portsText(open) : 'nothing that could be answered';
  return { open, perhaps: [], why: `Network ACL ${acl.id} lets in ${what} from anywhere.`, failures: [] };
}

function groupFilter(group: SecurityGroup, family: Family, { prefixLists }: NetworkInventory): Filter {
  const { rules, unread, failures } = anywhereRules(group.inbound, prefixLists);
  const open = portProtocols.flatMap((protocol) => ofProtocol(protocol, openPorts(rules, protocol, family)));
  const perhaps = portProtocols.flatMap((protocol) =>
    ofProtocol(protocol, openPorts(unread, protocol, family)),
  );
  const what = open.length > 0 ? portsText(open) : 'no port';
  const rest = perhaps.length > 0 ? ', and names a prefix list that could not be read' : '';
  const why = `Security group ${group.id} (${group.name}) lets in ${what} from anywhere${rest}.`;
  return { open, perhaps, why, failures };
}

const unreadFilter = (why: string, failures: readonly ReadFailure[]): Filter => ({
  open: [],
  perhaps: everyPort,
  why,
  failures,
});

/** A port must get through the ACL and through any of the groups. */
function bothOf(acl: Filter, groups: readonly Filter[]): PortStep {
  const certain = mergeOpen(groups.flatMap(({ open }) => open));
  const possible = mergeOpen(groups.flatMap(({ open, perhaps }) => [...open, ...perhaps]));
  const open = common(acl.open, certain);
  const why = [acl, ...telling(groups)].map((filter) => filter.why).join(' ');
  if (open.length > 0) return { ...yes(`${why} Open to anywhere: ${portsText(open)}.`), open };
  if (common([...acl.open, ...acl.perhaps], possible).length === 0) return { ...no(why), open };
  return { holds: 'unknown', why, failures: [acl, ...groups].flatMap(({ failures }) => failures), open };
}

/** Of several groups those that open something, if any does. */
function telling(groups: readonly Filter[]): readonly Filter[] {
  const opening = groups.filter(({ open, perhaps }) => open.length > 0 || perhaps.length > 0);
  return (opening.length > 0 ? opening : groups).slice(0, 3);
}

const ofProtocol = (protocol: PortProtocol, ranges: readonly PortRange[]): readonly OpenPort[] =>
  ranges.map(({ from, to }) => ({ protocol, from, to }));
const ofOne = (ports: readonly OpenPort[], protocol: PortProtocol): readonly PortRange[] =>
  ports.filter((port) => port.protocol === protocol);

/** The same ports as few ranges. */
export const mergeOpen = (ports: readonly OpenPort[]): readonly OpenPort[] =>
  portProtocols.flatMap((protocol) => ofProtocol(protocol, mergePorts(ofOne(ports, protocol))));

const common = (a: readonly OpenPort[], b: readonly OpenPort[]): readonly OpenPort[] =>
  portProtocols.flatMap((protocol) =>
    ofProtocol(protocol, commonPorts(ofOne(a, protocol), ofOne(b, protocol))),
  );

const everyPort = portProtocols.flatMap((protocol) => ofProtocol(protocol, [ALL_PORTS]));
const ungrouped: Filter = { open: everyPort, perhaps: [], why: 'It has no security group.', failures: [] };

function portsText(ports: readonly OpenPort[]): string {
  const texts = ports.slice(0, 6).map(({ protocol, from, to }) => `${protocol} ${portText({ from, to })}`);
  return `${texts.join(', ')}${ports.length > 6 ? `, and ${ports.length - 6} more` : ''}`;
}
