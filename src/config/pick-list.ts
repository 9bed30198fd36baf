import type { Fault } from '../kernel/fault.ts';
import type { ItemList, PluginKind, PluginList } from './definition.ts';
import { fillDefaults } from './fill-defaults.ts';
import type { ConfigFault } from './origin.ts';
import { isAtOrBelow, joinPath } from './path.ts';
import type { ConfigFile } from './read-config-file.ts';
import { isGroup, type Group } from './schema-view.ts';
import { memberSchema } from './schema-of.ts';

/** A list's members with their defaults, and the faults that no schema tells. */
export interface PickedList {
  readonly members: readonly unknown[];
  readonly faults: readonly ConfigFault[];
}

/** The file's members, else the default ones. Their own faults have been told with the file. */
export function pickList(name: string, list: PluginList | ItemList, file: ConfigFile): PickedList {
  const given = file.values[name];
  const members: readonly unknown[] = Array.isArray(given)
    ? given
    : list.default.map((member) => fillDefaults(memberSchema(list), member));
  const faults = members.flatMap((member, index) =>
    kindFaults(`${name}[${index}]`, list, member, file.faults),
  );
  return { members, faults: placed([...repeatedIds(name, members), ...faults], file) };
}

/** What the list finds in its members together; asked only when each of them is right. */
export function checkPickedList(
  name: string,
  list: PluginList | ItemList,
  { members, faults }: PickedList,
  file: ConfigFile,
  idsOf: (list: string) => readonly string[],
): readonly ConfigFault[] {
  const isFaulty = !file.isRead || [...file.faults, ...faults].some(({ path }) => isAtOrBelow(path, name));
  if (isFaulty || !list.check) return [];
  return placed(list.check(members.filter(isGroup), idsOf), file);
}

/** The ids of a list's members, faulty or not. */
export function idsIn(list: PickedList | undefined): readonly string[] {
  const ids = (list?.members ?? []).map((member) => (isGroup(member) ? member['id'] : undefined));
  return ids.filter((id) => typeof id === 'string');
}

function placed(faults: readonly Fault[], file: ConfigFile): readonly ConfigFault[] {
  return faults.map((fault) => ({ ...fault, origin: file.originNear(fault.path) }));
}

function repeatedIds(name: string, members: readonly unknown[]): readonly Fault[] {
  const first = new Map<unknown, number>();
  const faults: Fault[] = [];
  for (const [index, member] of members.entries()) {
    const id = isGroup(member) ? member['id'] : undefined;
    const before = first.get(id);
    if (typeof id !== 'string') continue;
    if (before === undefined) first.set(id, index);
    else faults.push({ path: `${name}[${index}].id`, message: `is already the id of ${name}[${before}]` });
  }
  return faults;
}

/** What the kind itself finds; asked only about a member that its schema takes. */
function kindFaults(
  path: string,
  list: PluginList | ItemList,
  member: unknown,
  known: readonly Fault[],
): readonly Fault[] {
  if (list.type !== 'plugins' || !isGroup(member)) return [];
  if (known.some((fault) => isAtOrBelow(fault.path, path))) return [];
  const faults = [...kindCheck(list, member), ...(list.checkMember?.(String(member['kind']), member) ?? [])];
  return faults.map((fault) => ({ ...fault, path: joinPath(path, fault.path) }));
}

/** What the kind of a member that fits its schema finds in its settings. */
export function kindCheck(list: PluginList | ItemList, member: Group): readonly Fault[] {
  if (list.type !== 'plugins') return [];
  const kind = list.kinds.find((kind) => kind.kind === member['kind']);
  return kind?.check?.(settingsOf(kind, member)) ?? [];
}

/** A member without its id, its kind and what all kinds have in common. */
function settingsOf(kind: PluginKind, member: Group): Group {
  const own = Object.entries(member).filter(([key]) => Object.hasOwn(kind.settings.properties, key));
  return Object.fromEntries(own);
}
