import type { NetworkInventory, SecurityGroup } from '../../inventory/network.ts';
import { defineRegionCheck, fail, notApplicable, pass, unknown } from '../check.ts';
import { usersOf } from './group-use.ts';
import { groupResource, groupsOf } from './security-group-check.ts';
import { isDefaultGroup } from './sg-default-restricts.ts';

export const sgUnused = defineRegionCheck<SecurityGroup>({
  id: 'net.sg-unused',
  service: 'net',
  title: 'Every security group is used by a network interface or named by another group',
  severity: 'low',
  why: 'Groups that nothing uses hide the ones that matter, and the next person to need a group takes one whose rules nobody remembers.',
  fix: {
    console:
      'VPC > Security groups > the group > Actions > Delete. Look first whether a launch template, an Auto Scaling group or a stopped ECS service still names it.',
    cli: 'aws ec2 delete-security-group --region <REGION> --group-id <GROUP_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
  ],
  controls: [],
  reads: ['securityGroups', 'networkInterfaces'],
  subjects: groupsOf,
  resource: groupResource,
  judge(group, { network }) {
    if (isDefaultGroup(group)) return notApplicable('A default group cannot be deleted.');
    const users = usersOf(group.id, network);
    if (users.length > 0) return pass(`${users[0]?.id ?? ''} has ${group.id}.`, { interfaces: users.length });
    const naming = groupsThatName(group.id, network);
    if (naming.length > 0) return pass(`A rule of ${naming[0] ?? ''} names ${group.id}.`);
    const failures = [...network.networkInterfaces.failures, ...network.securityGroups.failures];
    if (failures.length > 0) return unknown(failures);
    return fail(`No network interface has ${group.id}, and no other group names it.`);
  },
});

/** Other groups with a rule for this one; what it says of itself is no use. */
const groupsThatName = (groupId: string, network: NetworkInventory): readonly string[] =>
  (namesIn(network).get(groupId) ?? []).filter((id) => id !== groupId);

const known = new WeakMap<NetworkInventory, ReadonlyMap<string, readonly string[]>>();

/** By the group that is named those that name it; worked out once for an inventory. */
function namesIn(network: NetworkInventory): ReadonlyMap<string, readonly string[]> {
  const before = known.get(network);
  if (before) return before;
  const naming = new Map<string, string[]>();
  for (const { id, inbound, outbound } of network.securityGroups.items) {
    for (const { peer } of [...inbound, ...outbound]) {
      if (peer.kind !== 'group') continue;
      const others = naming.get(peer.groupId);
      if (others) others.push(id);
      else naming.set(peer.groupId, [id]);
    }
  }
  known.set(network, naming);
  return naming;
}
