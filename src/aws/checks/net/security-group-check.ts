import { anywhereRules, anywhereText, openPorts, type AnywhereRule } from '../../analysis/anywhere.ts';
import { portProtocols, portText, type PortProtocol } from '../../analysis/ports.ts';
import type { OpenPort } from '../../analysis/reachability.ts';
import type { RegionInventory } from '../../inventory/account.ts';
import type { SecurityGroup } from '../../inventory/network.ts';
import type { ReadName } from '../../inventory/reads.ts';
import {
  defineRegionCheck,
  fail,
  pass,
  unknown,
  type Check,
  type CheckContext,
  type CheckFacts,
  type CheckParameters,
  type Resource,
  type Verdict,
} from '../check.ts';
import { ec2Resource } from '../ec2-resource.ts';
import { groupUse } from './group-use.ts';

/** What a group's own rules take, and what tells how much they matter. */
export const groupReads = [
  'securityGroups',
  'prefixLists',
  'networkInterfaces',
  'routeTables',
  'networkAcls',
] as const satisfies readonly ReadName[];

export const groupsOf = (region: RegionInventory) => region.network.securityGroups;

export const groupResource = (
  group: SecurityGroup,
  { region }: RegionInventory,
  context: CheckContext,
): Resource => ec2Resource('security-group', group, region, context);

/** A check of the ports that a security group opens to everybody. */
export interface OpenPortCheck extends Omit<CheckFacts, 'service' | 'reads'> {
  /** Which of the ports that are open to everybody should not be. */
  forbidden(rules: readonly AnywhereRule[], parameters: CheckParameters): readonly OpenPort[];
  /** What it does not do where it passes: `lets in SSH from anywhere`. */
  readonly deed: string;
}

export function defineOpenPortCheck({ forbidden, deed, ...facts }: OpenPortCheck): Check {
  return defineRegionCheck<SecurityGroup>({
    ...facts,
    service: 'net',
    reads: groupReads,
    subjects: groupsOf,
    resource: groupResource,
    judge(group, { network }, { parameters }) {
      const { rules, unread, failures } = anywhereRules(group.inbound, network.prefixLists);
      const ports = forbidden(rules, parameters);
      if (ports.length > 0) return openVerdict(group, rules, ports, facts.severity, network);
      // What a prefix list that could not be read may let in, alone or together with the rest.
      if (forbidden([...rules, ...unread], parameters).length > 0) return unknown(failures);
      return pass(`No rule of ${group.id} ${deed}.`);
    },
  });
}

function openVerdict(
  group: SecurityGroup,
  rules: readonly AnywhereRule[],
  ports: readonly OpenPort[],
  severity: CheckFacts['severity'],
  network: RegionInventory['network'],
): Verdict {
  const opening = rules.filter((rule) => opensAny(rule, ports));
  const use = groupUse(group, ports, severity, network);
  return fail(`${group.id} lets in ${listed(opening.map(anywhereText))}. ${use.said}`, {
    severity: use.severity,
    isSeverityOpen: use.isSeverityOpen,
    evidence: {
      rules: opening.slice(0, 10).map(({ protocol, ports: range, peers }) => ({
        protocol,
        ports: range && portText(range),
        peers: peers.slice(0, 10),
      })),
      ports: ports.slice(0, 30).map(({ protocol, ...range }) => `${protocol} ${portText(range)}`),
      ...use.evidence,
    },
  });
}

const opensAny = (rule: AnywhereRule, ports: readonly OpenPort[]): boolean =>
  ports.some(
    ({ protocol, from, to }) =>
      (rule.protocol === 'all' || rule.protocol === protocol) &&
      rule.ports !== null &&
      rule.ports.from <= to &&
      from <= rule.ports.to,
  );

/** At most three, so that a reason stays a line. */
export const listed = (texts: readonly string[]): string => {
  const once = [...new Set(texts)];
  return once.length > 3 ? `${once.slice(0, 3).join(', ')} and ${once.length - 3} more` : once.join(', ');
};

/** Of some ports of a protocol those that are open to everybody. */
export function openAmong(
  rules: readonly AnywhereRule[],
  protocol: PortProtocol,
  ports: readonly number[],
): readonly OpenPort[] {
  const open = openPorts(rules, protocol);
  return ports
    .filter((port) => open.some(({ from, to }) => from <= port && port <= to))
    .map((port) => ({ protocol, from: port, to: port }));
}

/** All that is open to everybody but for some ports. */
export function openExcept(rules: readonly AnywhereRule[], allowed: readonly number[]): readonly OpenPort[] {
  const sorted = [...new Set(allowed)].sort((a, b) => a - b);
  return portProtocols.flatMap((protocol) =>
    openPorts(rules, protocol).flatMap((range) => cut({ protocol, ...range }, sorted)),
  );
}

/** What is left of a range without some ports, which ascend. */
function cut(range: OpenPort, without: readonly number[]): readonly OpenPort[] {
  const left: OpenPort[] = [];
  let { from } = range;
  for (const port of without) {
    if (port < from || port > range.to) continue;
    if (port > from) left.push({ ...range, from, to: port - 1 });
    from = port + 1;
  }
  return from <= range.to ? [...left, { ...range, from }] : left;
}
