import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineTaskDefinitionCheck, usageEvidence, usageOf } from './task-definition-check.ts';

export const tdHostNetwork = defineTaskDefinitionCheck({
  id: 'ecs.td-host-network',
  title: "The task definition does not use the host's network",
  severity: 'medium',
  why: "On the host's network a container reaches what listens on the machine's loopback and its instance credentials, and no security group of its own stands before it.",
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision: network mode "awsvpc". Then update the services with subnets and security groups.',
    cli: 'aws ecs register-task-definition --network-mode awsvpc --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-17',
  ],
  controls: fsbp('ECS.17'),
  reads: [],
  judge: (definition) =>
    definition.networkMode === 'host'
      ? fail(`The network mode is host${usageOf(definition)}.`, {
          evidence: usageEvidence(definition),
        })
      : pass(`The network mode is ${definition.networkMode ?? 'not set'}.`),
});
