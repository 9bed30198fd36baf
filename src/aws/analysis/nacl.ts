import type { NetworkAcl, NetworkAclEntry } from '../inventory/network.ts';
import { decide, isAnywhere, rangeOf, type AddressRange, type Family } from './cidr.ts';
import { hasPort, mergePorts, portsFor, portStretches, type PortProtocol, type PortRange } from './ports.ts';

export interface AclQuestion {
  readonly direction: 'in' | 'out';
  readonly family: Family;
  readonly protocol: PortProtocol;
}

/**
 * The ports that an ACL leaves open to anywhere, as few ranges, ascending. Of the entries in the order of their numbers
 * the first that matches an address and a port decides; what none matches is denied.
 */
export function aclPorts(acl: NetworkAcl, question: AclQuestion): readonly PortRange[] {
  const rules = rulesFor(acl, question);
  const stretches = portStretches(rules.map(({ ports }) => ports));
  return mergePorts(stretches.filter(({ from }) => isOpen(question.family, rulesAt(rules, from))));
}

/** The entries that open a port to anywhere, for whoever has to change them. */
export function aclEntriesThatOpen(
  acl: NetworkAcl,
  question: AclQuestion,
  port: number,
): readonly NetworkAclEntry[] {
  const rules = rulesAt(rulesFor(acl, question), port);
  if (!isOpen(question.family, rules)) return [];
  const deciding = decide(question.family, rules).flatMap(({ by }) => (by?.entry.isAllow ? [by.entry] : []));
  return [...new Set(deciding)];
}

interface AclRule {
  readonly entry: NetworkAclEntry;
  readonly range: AddressRange;
  readonly ports: PortRange;
}

function rulesFor(acl: NetworkAcl, { direction, family, protocol }: AclQuestion): readonly AclRule[] {
  return acl.entries
    .filter(({ isEgress }) => isEgress === (direction === 'out'))
    .toSorted((a, b) => a.ruleNumber - b.ruleNumber)
    .flatMap((entry) => {
      const range = rangeOf(entry.cidr);
      const ports = portsFor(entry, protocol);
      return range?.family === family && ports ? [{ entry, range, ports }] : [];
    });
}

const rulesAt = (rules: readonly AclRule[], port: number): readonly AclRule[] =>
  rules.filter(({ ports }) => hasPort([ports], port));

/**
 * Open to anywhere: an entry for anywhere still decides for somebody, or what is let in is half of the internet. An
 * earlier deny for everybody hides it; one for a few networks does not.
 */
function isOpen(family: Family, rules: readonly AclRule[]): boolean {
  const allowed = decide(family, rules).filter(({ by }) => by?.entry.isAllow === true);
  return (
    allowed.some(({ by }) => by && isAnywhere(family, [by.range])) ||
    allowed.reduce((sum, { share }) => sum + share, 0) >= 0.5
  );
}
