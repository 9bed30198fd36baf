import type { Container } from '../../inventory/ecs.ts';
import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { containersEvidence, defineContainerCheck, namesOf, usageOf } from './task-definition-check.ts';

export const tdRootUser = defineContainerCheck({
  id: 'ecs.td-root-user',
  title: 'Containers run as a user of few rights',
  severity: 'medium',
  why: 'Most images run as root where nothing else is said. Root in a container is one fault of the kernel away from root on the machine.',
  fix: {
    console:
      'ECS > Task definitions > the family > Create new revision with JSON: "user": "1000:1000" for each container (on Windows "ContainerUser"). Then update the services.',
    cli: 'aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_security',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-20',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-21',
  ],
  controls: fsbp('ECS.20', 'ECS.21'),
  reads: [],
  isFault: (container, { isWindows }) => (isWindows ? isAdministrator(container) : isRoot(container)),
  pass: () => pass('Each container names a user of few rights.'),
  fail: (containers, definition) =>
    fail(`With no user, or one of all rights: ${namesOf(containers)}${usageOf(definition)}.`, {
      evidence: containersEvidence(containers, definition),
    }),
});

/** `user`, `uid`, each with an optional `:group`. A number is one however many zeros it has. */
function isRoot({ user }: Container): boolean {
  const name = userOf(user);
  return name === '' || name === 'root' || /^[+-]?0+$/.test(name);
}

function isAdministrator({ user }: Container): boolean {
  const name = userOf(user).toLowerCase();
  return name === '' || name.endsWith('containeradministrator');
}

const userOf = (user: string | null): string => (user ?? '').split(':')[0]?.trim() ?? '';
