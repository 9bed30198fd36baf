import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineTaskDefinitionCheck, usageEvidence, usageOf } from './task-definition-check.ts';

export const tdHostPid = defineTaskDefinitionCheck({
  id: 'ecs.td-host-pid',
  title: "The task definition does not share the host's processes",
  severity: 'high',
  why: "In the host's process namespace a container sees all processes of the machine, with their environment, and can end or trace those that run as its own user.",
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision with JSON: leave "pidMode" out, or "task". Then update the services.',
    cli: 'aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-3',
  ],
  controls: fsbp('ECS.3'),
  reads: [],
  judge: (definition) =>
    definition.pidMode === 'host'
      ? fail(`pidMode is host${usageOf(definition)}.`, {
          evidence: usageEvidence(definition),
        })
      : pass(`pidMode is ${definition.pidMode ?? 'not set'}.`),
});
