import { oneLine } from '../../../kernel/one-line.ts';
import { fail, notApplicable, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineTaskDefinitionCheck, namesOf, usageEvidence, usageOf } from './task-definition-check.ts';

export const tdEfsTls = defineTaskDefinitionCheck({
  id: 'ecs.td-efs-tls',
  title: 'EFS volumes of the task definition are encrypted in transit',
  severity: 'medium',
  why: "Without encryption in transit, files go over the network as they are, and EFS cannot ask for the task's own IAM role.",
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision > Storage > the EFS volume: "Transit encryption". Then update the services.',
    cli: 'aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-18',
  ],
  controls: fsbp('ECS.18'),
  reads: [],
  judge: (definition) => {
    const { efsVolumes } = definition;
    if (efsVolumes.length === 0) return notApplicable('It has no EFS volumes.');
    const plain = efsVolumes.filter(({ isEncryptedInTransit }) => !isEncryptedInTransit);
    if (plain.length === 0) return pass('All of its EFS volumes are encrypted in transit.');
    return fail(`Not encrypted in transit: ${namesOf(plain)}${usageOf(definition)}.`, {
      evidence: {
        volumes: plain.slice(0, 20).map(({ name }) => oneLine(name, 100)),
        ...usageEvidence(definition),
      },
    });
  },
});
