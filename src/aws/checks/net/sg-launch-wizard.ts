import type { SecurityGroup } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { groupResource, groupsOf } from './security-group-check.ts';

export const sgLaunchWizard = defineRegionCheck<SecurityGroup>({
  id: 'net.sg-launch-wizard',
  service: 'net',
  title: "No security group was made by the console's launch wizard",
  severity: 'low',
  why: 'The launch wizard proposes a group that lets in SSH from anywhere and names it after itself, so that nobody can tell what it is for.',
  fix: {
    console:
      'VPC > Security groups > Create: a group that is named after its purpose and has only the rules it needs. Change the interfaces to it, then delete the old one.',
    cli: 'aws ec2 modify-network-interface-attribute --region <REGION> --network-interface-id <INTERFACE_ID> --groups <NEW_GROUP_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-instance-wizard.html',
  ],
  controls: [],
  reads: ['securityGroups'],
  subjects: groupsOf,
  resource: groupResource,
  judge: ({ id, name }) =>
    /^launch-wizard-/i.test(name)
      ? fail(`${id} is named ${name}, as the launch wizard does.`)
      : pass(`${id} has a name of its own.`),
});
