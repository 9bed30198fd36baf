import { oneLine } from '../../../kernel/one-line.ts';
import type { Container, SuspectVariable, TaskDefinition } from '../../inventory/ecs.ts';
import { fail, pass, type Verdict } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineContainerCheck, usageEvidence, usageOf } from './task-definition-check.ts';

export const tdEnvSecrets = defineContainerCheck({
  id: 'ecs.td-env-secrets',
  title: 'No secret stands in the environment of the task definition',
  severity: 'high',
  why: 'Whoever may describe a task definition reads its environment, in every revision, for good: it is no place for keys and passwords.',
  fix: {
    console:
      'Put the value into Secrets Manager or the Parameter Store; ECS > Task definitions > the family > Create new revision: the variable with "ValueFrom" and the secret\'s ARN. Then change the secret, since the old revisions still hold it.',
    cli: 'aws secretsmanager create-secret --name <NAME> --secret-string file://secret.txt && aws ecs register-task-definition --cli-input-json file://task-definition.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8',
  ],
  controls: fsbp('ECS.8'),
  reads: [],
  isFault: ({ suspects }) => suspects.length > 0,
  pass: () => pass('No variable of its containers looks like a secret.'),
  fail: suspicion,
});

const SUSPECTS_MAX = 20;
const SAID_MAX = 3;

/** Names, and a few digits of a hash: no value came this far. */
function suspicion(containers: readonly Container[], definition: TaskDefinition): Verdict {
  const found = containers.flatMap(({ name, suspects }) => suspects.map((one) => suspectOf(name, one)));
  const said = found.slice(0, SAID_MAX).map(({ container, variable }) => `${variable} of ${container}`);
  const more = found.length > SAID_MAX ? ` and ${found.length - SAID_MAX} more` : '';
  return fail(`These variables look like secrets: ${said.join(', ')}${more}${usageOf(definition)}.`, {
    evidence: {
      variables: found.slice(0, SUSPECTS_MAX),
      variablesInAll: found.length,
      ...usageEvidence(definition),
    },
  });
}

const suspectOf = (container: string, { name, because, hashPrefix }: SuspectVariable) => ({
  container: oneLine(container, 40),
  variable: oneLine(name, 40),
  because,
  hashPrefix: hashPrefix.slice(0, 8),
});
