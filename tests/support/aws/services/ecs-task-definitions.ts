import {
  DescribeTaskDefinition$,
  ListTaskDefinitionFamilies$,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Ecs } from '../account.ts';
import { indexed } from '../indexed.ts';
import type { Operation } from '../operation.ts';
import { Refusal } from '../refusal.ts';
import { ecsOperation, ecsPage, invalid } from './ecs-operation.ts';

const ofFamily = indexed<Ecs['taskDefinitions'][number]>(({ family }) => family);

const LISTED: Readonly<Record<string, readonly string[]>> = {
  ACTIVE: ['ACTIVE'],
  INACTIVE: ['INACTIVE'],
  ALL: ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'],
};

export const taskDefinitionOperations: readonly Operation[] = [
  ecsOperation(ListTaskDefinitionFamilies$, (asked, { region }) => {
    const status = asked.text('status') ?? 'ALL';
    const listed = LISTED[status];
    if (listed === undefined) throw invalid(`Invalid status: ${status}`);
    const prefix = asked.text('familyPrefix') ?? '';
    const found = region.ecs.taskDefinitions
      .filter((one) => listed.includes(one.status ?? '') && (one.family ?? '').startsWith(prefix))
      .map(({ family }) => family ?? '');
    const { items, next } = ecsPage([...new Set(found)].toSorted(), asked);
    return { families: items, nextToken: next };
  }),
  ecsOperation(DescribeTaskDefinition$, (asked, { region }) => {
    const found = definitionOf(region.ecs, asked.text('taskDefinition') ?? '');
    if (found === undefined) throw new Refusal('ClientException', 400, 'Unable to describe task definition.');
    const { tags, ...taskDefinition } = found;
    const isAsked = (asked.texts('include') ?? []).includes('TAGS');
    return { taskDefinition, tags: isAsked ? (tags ?? []) : undefined };
  }),
];

/** By ARN, by `family:revision`, or the newest active one of a family. */
function definitionOf({ taskDefinitions }: Ecs, wanted: string): Ecs['taskDefinitions'][number] | undefined {
  const [family = '', revision] = (wanted.split('/').at(-1) ?? '').split(':');
  const revisions = ofFamily(taskDefinitions, family);
  if (revision !== undefined) {
    const found = revisions.find((one) => String(one.revision) === revision);
    return wanted.startsWith('arn:') && found?.taskDefinitionArn !== wanted ? undefined : found;
  }
  return revisions
    .filter(({ status }) => status === 'ACTIVE')
    .toSorted((a: TaskDefinition, b: TaskDefinition) => (b.revision ?? 0) - (a.revision ?? 0))[0];
}
