import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { containersEvidence, defineContainerCheck, namesOf, usageOf } from './task-definition-check.ts';

export const tdReadonlyRoot = defineContainerCheck({
  id: 'ecs.td-readonly-root',
  title: 'Containers cannot write to their root file system',
  severity: 'high',
  why: 'Where the root file system can be written to, an intruder can change the program that runs and leave tools behind.',
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision: "Read only root file system" for each container, with volumes for what must be written. Then update the services.',
    cli: 'aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5',
  ],
  controls: fsbp('ECS.5'),
  reads: [],
  exempt: ({ isWindows }) => (isWindows ? 'Windows containers know no read-only root.' : undefined),
  isFault: ({ isRootReadonly }) => isRootReadonly !== true,
  pass: () => pass('The root file system of each container is read-only.'),
  fail: (containers, definition) =>
    fail(`With a root file system that can be written to: ${namesOf(containers)}${usageOf(definition)}.`, {
      evidence: containersEvidence(containers, definition),
    }),
});
