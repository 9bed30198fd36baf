import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { containersEvidence, defineContainerCheck, namesOf, usageOf } from './task-definition-check.ts';

export const tdPrivileged = defineContainerCheck({
  id: 'ecs.td-privileged',
  title: 'No container of the task definition is privileged',
  severity: 'high',
  why: "A privileged container has root's rights on the machine under it: who breaks into the container has the machine, and every other task on it.",
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision with JSON: "privileged": false, and single capabilities under linuxParameters where they are needed. Then update the services.',
    cli: 'aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-4',
  ],
  controls: fsbp('ECS.4'),
  reads: [],
  isFault: ({ isPrivileged }) => isPrivileged,
  pass: () => pass('No container is privileged.'),
  fail: (containers, definition) =>
    fail(`Privileged: ${namesOf(containers)}${usageOf(definition)}.`, {
      evidence: containersEvidence(containers, definition),
    }),
});
