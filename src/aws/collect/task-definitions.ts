import type * as Ecs from '@aws-sdk/client-ecs';
import type { Container, TaskDefinition } from '../inventory/ecs.ts';
import type { Listing, Reading } from '../inventory/reading.ts';
import type { Caller } from './call.ts';
import { ecsNames } from './ecs-list.ts';
import { count, list, text, textOrNull } from './fields.ts';
import { inTurn } from './in-turn.ts';
import { suspectsOf } from './suspects.ts';

const PAGE = 100;
/** Enough to use up what a region allows; thousands in line would only cost time and memory. */
const AT_ONCE = 32;

/**
 * The latest active one of each family, and those in use that are not among them: so that each revision is asked for
 * once. `usedBy`: by ARN, what uses it.
 */
export async function taskDefinitions(
  caller: Caller,
  region: string,
  usedBy: ReadonlyMap<string, readonly string[]>,
): Promise<Listing<TaskDefinition>> {
  const families = await ecsNames(caller, region, {
    action: 'ecs:ListTaskDefinitionFamilies',
    ask: ({ sdk, client }, nextToken, options) =>
      client.send(
        new sdk.ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE', maxResults: PAGE, nextToken }),
        options,
      ),
    names: (answer) => answer.families,
  });
  const describe = (name: string) => described(caller, region, name, usedBy);
  const latest = await inTurn(families.items, AT_ONCE, describe);
  const known = new Set(latest.flatMap((one) => (one.kind === 'read' ? [one.value.arn] : [])));
  const unread = [...usedBy.keys()].filter((arn) => !known.has(arn));
  const others = await inTurn(unread, AT_ONCE, describe);
  const all = [...latest, ...others];
  return {
    items: all.flatMap((one) => (one.kind === 'read' ? [one.value] : [])),
    failures: [...families.failures, ...all.flatMap((one) => (one.kind === 'unread' ? [one.failure] : []))],
  };
}

async function described(
  caller: Caller,
  region: string,
  taskDefinition: string,
  usedBy: ReadonlyMap<string, readonly string[]>,
): Promise<Reading<TaskDefinition>> {
  const attempted = { action: 'ecs:DescribeTaskDefinition', region } as const;
  // Mapped before it leaves the call: nobody else ever sees the variables' values.
  const answer = await caller.call(
    attempted,
    caller.clients.ecs(region),
    async ({ sdk, client }, options) => {
      const answer = await client.send(new sdk.DescribeTaskDefinitionCommand({ taskDefinition }), options);
      return answer.taskDefinition && taskDefinitionOf(answer.taskDefinition, usedBy);
    },
  );
  if (answer.kind === 'unread') return answer;
  if (answer.value) return { kind: 'read', value: answer.value };
  return { kind: 'unread', failure: { kind: 'failed', ...attempted, code: 'Unknown' } };
}

export function taskDefinitionOf(
  definition: Ecs.TaskDefinition,
  usedBy: ReadonlyMap<string, readonly string[]>,
): TaskDefinition | undefined {
  const arn = textOrNull(definition.taskDefinitionArn);
  if (arn === null) return undefined;
  const family = text(definition.family);
  const revision = count(definition.revision);
  return {
    arn,
    family,
    revision,
    status: text(definition.status),
    networkMode: textOrNull(definition.networkMode),
    pidMode: textOrNull(definition.pidMode),
    ipcMode: textOrNull(definition.ipcMode),
    isWindows: text(definition.runtimePlatform?.operatingSystemFamily).toUpperCase().startsWith('WINDOWS'),
    efsVolumes: list(definition.volumes).flatMap(efsVolumeOf),
    containers: list(definition.containerDefinitions).map(containerOf),
    usedBy: usedBy.get(arn) ?? usedBy.get(`${family}:${revision}`) ?? [],
  };
}

function efsVolumeOf({
  name,
  efsVolumeConfiguration,
}: Ecs.Volume): readonly TaskDefinition['efsVolumes'][number][] {
  if (efsVolumeConfiguration === undefined) return [];
  return [{ name: text(name), isEncryptedInTransit: efsVolumeConfiguration.transitEncryption === 'ENABLED' }];
}

const containerOf = (container: Ecs.ContainerDefinition): Container => ({
  name: text(container.name),
  image: text(container.image),
  isPrivileged: container.privileged === true,
  isRootReadonly: container.readonlyRootFilesystem ?? null,
  user: textOrNull(container.user),
  logDriver: textOrNull(container.logConfiguration?.logDriver),
  logMode: textOrNull(container.logConfiguration?.options?.['mode']),
  suspects: suspectsOf(
    list(container.environment).map(({ name, value }) => ({ name: name ?? '', value: value ?? '' })),
  ),
});
