import type { TSchema } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { checkValue } from './check-value.ts';
import type { ItemList, PluginList } from './definition.ts';
import { fillDefaults } from './fill-defaults.ts';
import { formatPath, type Path } from './path.ts';
import { kindCheck } from './pick-list.ts';
import { memberSchema } from './schema-of.ts';
import {
  alternativeFor,
  type Group,
  isGroup,
  itemsOf,
  propertyOf,
  secretOfFileKey,
  viewOf,
} from './schema-view.ts';

/**
 * What is wrong with a member that does not stand in the file: by the same schema and the same kind's check, every
 * fault at once, its path within the member. Nothing of it may name a file of the machine: whoever writes it is not
 * whoever has the machine.
 */
export function checkMember(list: PluginList | ItemList, member: Group): readonly Fault[] {
  const schema = memberSchema(list);
  const ofMachine = machineFaults(schema, member, []);
  const told = new Set(ofMachine.map(({ path }) => path));
  const complete = fillDefaults(schema, member);
  const faults = checkValue(schema, complete).filter(({ path }) => !told.has(path));
  const ownFaults = [...ofMachine, ...faults];
  return ownFaults.length > 0 || !isGroup(complete) ? ownFaults : kindCheck(list, complete);
}

function machineFaults(schema: TSchema, value: unknown, path: Path): readonly Fault[] {
  if (viewOf(schema).fileOfMachine === true) {
    return [{ path: formatPath(path), message: 'can be set in the config file only, not over the API' }];
  }
  const meant = alternativeFor(schema, value);
  if (meant === undefined) return [];
  const view = viewOf(meant);
  const items = itemsOf(view) ?? {};
  if (Array.isArray(value))
    return value.flatMap((entry, index) => machineFaults(items, entry, [...path, index]));
  if (!isGroup(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = [...path, key];
    const secret = secretOfFileKey(view, key);
    if (secret !== undefined)
      return [{ path: formatPath(at), message: `names a file of the machine: give ${secret} itself` }];
    const property = propertyOf(view, key);
    return property === undefined ? [] : machineFaults(property, child, at);
  });
}
