import { checkMember } from '../config/check-member.ts';
import type { ItemList, PluginList } from '../config/definition.ts';
import { fillDefaults } from '../config/fill-defaults.ts';
import { keepSecrets } from '../config/keep-secrets.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { memberSchema } from '../config/schema-of.ts';
import { showMember, type Written } from '../config/show-member.ts';
import { isGroup, type Group } from '../config/schema-view.ts';
import type { Fault } from '../kernel/fault.ts';
import { listNames, type Members, type ReadMember } from '../registry/members.ts';
import type { ObjectBody } from '../registry/object-store.ts';
import type { AnyObject, ObjectKind } from '../registry/objects.ts';
import { sourceKinds } from '../sources/kinds/index.ts';
import { schemeFaults } from '../sources/open-source.ts';
import type { VerificationSettings } from '../sources/schemes/settings.ts';
import type { SourceKind } from '../sources/source.ts';
import { movedSettings } from '../targets/destination.ts';
import { targetKinds } from '../targets/kinds/index.ts';
import type { TargetKind } from '../targets/target.ts';
import { transportFaults, type TransportSettings } from '../targets/transport.ts';
import { type Config, definition } from './settings.ts';

const listOf = (kind: ObjectKind): PluginList | ItemList => definition.lists[listNames[kind]];

/** What the config's schemas say of objects of the store; `loaded` is the file as it was read last. */
export const storedMembers = (loaded: () => LoadedConfig<Config>): Members => ({
  read: readMember,
  shown: (kind, id, body) => withoutId(showMember(listOf(kind), { ...body, id })),
  settingsOf: (kind, object) =>
    withoutId(showMember(listOf(kind), memberOf(object), writtenOf(kind, object, loaded()))),
});

function readMember(
  kind: ObjectKind,
  id: string,
  given: ObjectBody,
  stored: ObjectBody | undefined,
): ReadMember {
  if (Object.hasOwn(given, 'id') && given['id'] !== id)
    return refused([{ path: 'id', message: 'must be that of the path, or be left out' }]);
  const schema = memberSchema(listOf(kind));
  const before = stored?.['kind'] === given['kind'] ? stored : undefined;
  const { value, kept, faults } = keepSecrets(schema, { ...given, id }, before);
  if (faults.length > 0 || !isGroup(value)) return refused(faults);
  const complete = fillDefaults(schema, value);
  const wrong = [
    ...movedFaults(kept, fillDefaults(schema, { ...before, id }), complete),
    ...checkMember(listOf(kind), value),
  ];
  const found = wrong.length > 0 || !isGroup(complete) ? wrong : ownFaults(kind, complete);
  return found.length > 0 ? refused(found) : { ok: true, body: withoutId(value) };
}

const refused = (faults: readonly Fault[]): ReadMember => ({ ok: false, faults });

/** A secret goes nowhere but where it was meant to go by who gave it. */
function movedFaults(kept: readonly string[], before: unknown, after: unknown): readonly Fault[] {
  if (kept.length === 0 || !isGroup(before) || !isGroup(after)) return [];
  const moved = movedSettings(before, after);
  if (moved.length === 0) return [];
  const message = `cannot be kept, because ${moved.join(' and ')} is another: give it again`;
  return kept.map((path) => ({ path, message }));
}

/** What the kinds' own checks do not see; asked about a member without other faults. */
function ownFaults(kind: ObjectKind, member: Group): readonly Fault[] {
  if (kind === 'source') {
    const found = sourceKinds.find((one: SourceKind) => one.kind === member['kind']);
    // Its schema has taken it.
    return found === undefined ? [] : schemeFaults(found, member as VerificationSettings);
  }
  const found = targetKinds.find((one: TargetKind) => one.kind === member['kind']) as TargetKind | undefined;
  if (kind !== 'target' || found === undefined) return [];
  return [
    ...transportFaults(found, member as TransportSettings, 'store'),
    ...(found.checkStored?.(member) ?? []),
  ];
}

function withoutId({ id: _, ...rest }: Group): Group {
  return rest;
}

/** The object as one member again. */
function memberOf(object: AnyObject): Group {
  if ('settings' in object) {
    const { id, kind, settings } = object;
    return { id, kind, ...('common' in object ? object.common : object.verification), ...settings };
  }
  const { origin: _, stored: __, ...rule } = object;
  return rule;
}

/** Of an object in the file, where it stands there. */
function writtenOf(
  kind: ObjectKind,
  { id, origin }: AnyObject,
  { config, templates }: LoadedConfig<Config>,
): Written | undefined {
  const name = listNames[kind];
  const index = origin === 'file' ? config[name].findIndex((one) => one.id === id) : -1;
  return index < 0 ? undefined : { at: [name, index], templates };
}
