import { fail, pass } from '../check.ts';
import type { TaskDefinition } from '../../inventory/ecs.ts';
import { fsbp } from '../controls.ts';
import { containersEvidence, defineContainerCheck, namesOf, usageOf } from './task-definition-check.ts';

export const tdLogging = defineContainerCheck({
  id: 'ecs.td-logging',
  title: 'Each container of the task definition logs',
  severity: 'high',
  why: 'Without a log driver, what a container says is on the machine at best and gone with the task: neither a fault nor an intrusion can be looked into.',
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision: "Use log collection" for each container. Then update the services.',
    cli: 'aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-9',
  ],
  controls: fsbp('ECS.9'),
  reads: [],
  isFault: ({ logDriver }) => logDriver === null || logDriver === '' || logDriver === 'none',
  pass: (definition) => pass(`Each container has a log driver.${blockingSaid(definition)}`),
  fail: (containers, definition) =>
    fail(`Without a log driver: ${namesOf(containers)}${usageOf(definition)}.`, {
      evidence: containersEvidence(containers, definition),
    }),
});

/** No failure: some want their logs whole more than their service up. */
function blockingSaid({ containers }: TaskDefinition): string {
  const blocking = containers.filter(({ logMode }) => logMode === 'blocking');
  return blocking.length === 0
    ? ''
    : ` ${namesOf(blocking)} would stand still while its logs cannot be sent.`;
}
