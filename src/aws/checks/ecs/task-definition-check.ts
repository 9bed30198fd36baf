import { oneLine } from '../../../kernel/one-line.ts';
import type { Container, EcsInventory, TaskDefinition } from '../../inventory/ecs.ts';
import type { Listing } from '../../inventory/reading.ts';
import {
  type Check,
  type CheckFacts,
  defineRegionCheck,
  notApplicable,
  unknown,
  type Verdict,
} from '../check.ts';
import { wholeWith } from './within-clusters.ts';

interface TaskDefinitionCheck extends Omit<CheckFacts, 'service'> {
  judge(definition: TaskDefinition): Verdict;
}

/**
 * A check of each task definition: the revisions that services and tasks use, and the latest active one of each
 * family. Which are in use is only known where services and tasks were listed to the end. The family is what is told and
 * muted: each deployment brings a new revision, with the faults of the one before.
 */
export const defineTaskDefinitionCheck = ({ judge, ...facts }: TaskDefinitionCheck): Check =>
  defineRegionCheck<TaskDefinition>({
    ...facts,
    service: 'ecs',
    reads: ['clusters', 'services', 'tasks', 'taskDefinitions', ...facts.reads],
    subjects: ({ ecs }) => definitionsOf(ecs),
    resource: ({ arn, family }, { region }) => ({
      type: 'task-definition',
      arn: arn.replace(/:[0-9]+$/, ''),
      name: family,
      region,
    }),
    judge: (definition, { ecs }) => {
      const verdict = judge(definition);
      const { failures } = definitionsOf(ecs);
      // Another revision of the family, which could not be read, may be the one at fault.
      if (verdict.status !== 'FAIL' && failures.length > 0) return unknown(failures);
      return revisionNamed(verdict, definition);
    },
  });

const definitionsOf = (ecs: EcsInventory): Listing<TaskDefinition> =>
  wholeWith(ecs.taskDefinitions, [ecs.clusters, ecs.services, ecs.tasks]);

function revisionNamed(verdict: Verdict, { revision }: TaskDefinition): Verdict {
  const reason = oneLine(`Revision ${revision}: ${verdict.reason}`, 500);
  return { ...verdict, reason, ...(verdict.evidence && { evidence: { ...verdict.evidence, revision } }) };
}

interface ContainerCheck extends Omit<CheckFacts, 'service'> {
  /** What is wrong with it, for one container. */
  isFault(container: Container, definition: TaskDefinition): boolean;
  readonly pass: (definition: TaskDefinition) => Verdict;
  readonly fail: (containers: readonly Container[], definition: TaskDefinition) => Verdict;
  /** Why it cannot be asked of this one. */
  readonly exempt?: (definition: TaskDefinition) => string | undefined;
}

/** A check of a task definition's containers: one at fault is enough. */
export const defineContainerCheck = (parts: ContainerCheck): Check => {
  const { isFault, pass, fail, exempt, ...facts } = parts;
  return defineTaskDefinitionCheck({
    ...facts,
    judge: (definition) => {
      const exemption = exempt?.(definition);
      if (exemption !== undefined) return notApplicable(exemption);
      const faulty = definition.containers.filter((container) => isFault(container, definition));
      return faulty.length > 0 ? fail(faulty, definition) : pass(definition);
    },
  });
};

const SHOWN = 5;

/** `web, proxy and 2 more`. */
export function namesOf(containers: readonly { readonly name: string }[]): string {
  const shown = containers.slice(0, SHOWN).map(({ name }) => oneLine(name, 50));
  const more = containers.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `; in use by production/web`: where to look first. Empty for a revision that nothing uses. */
export function usageOf({ usedBy }: TaskDefinition): string {
  if (usedBy.length === 0) return '';
  const shown = usedBy.slice(0, 2).map((one) => oneLine(one, 50));
  const more = usedBy.length - shown.length;
  return `; in use by ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export const containersEvidence = (
  containers: readonly { readonly name: string }[],
  definition: TaskDefinition,
): Readonly<Record<string, unknown>> => ({
  containers: containers.slice(0, 20).map(({ name }) => oneLine(name, 100)),
  ...usageEvidence(definition),
});

export const usageEvidence = ({ usedBy }: TaskDefinition): { readonly usedBy: readonly string[] } => ({
  usedBy: usedBy.slice(0, 10).map((one) => oneLine(one, 300)),
});
