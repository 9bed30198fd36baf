import type { RegionInventory } from '../../inventory/account.ts';
import type { Volume } from '../../inventory/ebs.ts';
import type { ContainerInstance } from '../../inventory/ecs.ts';
import { defineRegionCheck, fail, notApplicable, pass, unknown, type Verdict } from '../check.ts';
import { lastPart, withinClusters } from './within-clusters.ts';

export const instanceEncryption = defineRegionCheck<ContainerInstance>({
  id: 'ecs.instance-encryption',
  service: 'ecs',
  title: 'The volumes of the container instance are encrypted',
  severity: 'low',
  why: "Images, layers and local volumes of all tasks lie on the instance's volumes: a snapshot of one that is not encrypted can be read by whoever gets it.",
  fix: {
    console:
      'EC2 > Settings > EBS encryption: always encrypt new volumes. Then let the Auto Scaling group replace the instances (Instance refresh).',
    cli: 'aws ec2 enable-ebs-encryption-by-default --region <REGION> && aws autoscaling start-instance-refresh --auto-scaling-group-name <GROUP>',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-fargate.html',
  ],
  controls: [],
  reads: ['clusters', 'containerInstances', 'volumes'],
  subjects: ({ ecs }) => withinClusters(ecs, ecs.containerInstances),
  resource: ({ arn, clusterArn, instanceId }, { region }) => ({
    type: 'container-instance',
    arn,
    name: `${lastPart(clusterArn)}/${instanceId ?? lastPart(arn)}`,
    region,
  }),
  judge: ({ instanceId }, { ebs }) => {
    if (instanceId === null || !instanceId.startsWith('i-'))
      return notApplicable("It is no instance of EC2's.");
    return judgeVolumes(ebs.volumes, instanceId);
  },
});

function judgeVolumes({ items, failures }: RegionInventory['ebs']['volumes'], instanceId: string): Verdict {
  const attached = items.filter(({ attachments }) =>
    attachments.some((one) => one.instanceId === instanceId),
  );
  const plain = attached.filter(({ isEncrypted }) => !isEncrypted);
  if (plain.length > 0)
    return fail(`Not encrypted: ${idsOf(plain).slice(0, 5).join(', ')}.`, {
      evidence: { volumes: idsOf(plain).slice(0, 20) },
    });
  if (failures.length > 0) return unknown(failures);
  return attached.length > 0
    ? pass('All of its volumes are encrypted.')
    : notApplicable('It has no EBS volumes.');
}

const idsOf = (volumes: readonly Volume[]): readonly string[] => volumes.map(({ id }) => id);
