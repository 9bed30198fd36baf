import { reachability, type Exposure, type OpenPort } from '../../analysis/reachability.ts';
import type { NetworkInterface, NetworkInventory, SecurityGroup } from '../../inventory/network.ts';
import { severities, type CheckSeverity } from '../check.ts';

/** How much a fault of a security group matters, by what uses it. */
export interface GroupUse {
  readonly severity: CheckSeverity;
  /** What decides it could not all be read. */
  readonly isSeverityOpen: boolean;
  /** A sentence. */
  readonly said: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/**
 * The severity of open ports of a group: low where nothing uses it, a step up where the internet gets to one of the
 * ports on something that does. What could not be read changes nothing.
 */
export function groupUse(
  group: SecurityGroup,
  ports: readonly OpenPort[],
  severity: CheckSeverity,
  network: NetworkInventory,
): GroupUse {
  const users = usersOf(group.id, network);
  const evidence = { interfaces: users.length };
  if (users.length === 0) return unused(severity, network);
  const exposures = users.map(({ id }) => reachability(network).get(id)).filter((one) => one !== undefined);
  const reached = exposures.filter((one) =>
    one.ports.some((port) => ports.some((other) => overlap(port, other))),
  );
  if (reached.length > 0) return reachable(severity, reached, evidence);
  const isWhole = network.networkInterfaces.failures.length === 0;
  const isKnown = isWhole && exposures.every(({ internet }) => internet !== 'unknown');
  const said = isKnown
    ? `The internet reaches it on none of its ${counted(users.length, 'interface')}.`
    : 'Whether the internet reaches what uses it is not known.';
  const isSeverityOpen = !isWhole || exposures.some(isLeftOpen);
  return { severity, isSeverityOpen, said, evidence };
}

/** Not for what nobody can tell from the outside, which the next scan cannot either. */
const isLeftOpen = ({ internet, failures }: Exposure): boolean =>
  internet === 'unknown' && failures.length > 0;

function unused(severity: CheckSeverity, { networkInterfaces }: NetworkInventory): GroupUse {
  if (networkInterfaces.failures.length > 0) {
    return { severity, isSeverityOpen: true, said: 'What uses it could not be read.', evidence: {} };
  }
  return {
    severity: lower(severity),
    isSeverityOpen: false,
    said: 'Nothing uses it.',
    evidence: { interfaces: 0 },
  };
}

function reachable(
  severity: CheckSeverity,
  reached: readonly Exposure[],
  evidence: Readonly<Record<string, unknown>>,
): GroupUse {
  const [first] = reached;
  const more = reached.length > 1 ? ` and ${counted(reached.length - 1, 'other interface')}` : '';
  return {
    severity: raised(severity),
    isSeverityOpen: false,
    said: `The internet reaches ${first?.interfaceId}${more} by it.`,
    evidence: {
      ...evidence,
      reached: reached.slice(0, 10).map(({ interfaceId }) => interfaceId),
      path: first?.why ?? [],
    },
  };
}

const known = new WeakMap<NetworkInventory, ReadonlyMap<string, readonly NetworkInterface[]>>();

/** The interfaces that have a group, of those that were read. Indexed once for an inventory. */
export function usersOf(groupId: string, network: NetworkInventory): readonly NetworkInterface[] {
  const users = known.get(network) ?? indexUsers(network);
  known.set(network, users);
  return users.get(groupId) ?? [];
}

function indexUsers({
  networkInterfaces,
}: NetworkInventory): ReadonlyMap<string, readonly NetworkInterface[]> {
  const users = new Map<string, NetworkInterface[]>();
  for (const one of networkInterfaces.items) {
    for (const id of one.securityGroupIds) {
      const before = users.get(id);
      if (before) before.push(one);
      else users.set(id, [one]);
    }
  }
  return users;
}

const overlap = (a: OpenPort, b: OpenPort): boolean =>
  a.protocol === b.protocol && a.from <= b.to && b.from <= a.to;

const raised = (severity: CheckSeverity): CheckSeverity =>
  severities[severities.indexOf(severity) + 1] ?? severity;

const lower = (severity: CheckSeverity): CheckSeverity => (severity === 'informational' ? severity : 'low');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
