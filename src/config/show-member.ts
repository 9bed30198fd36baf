import type { ItemList, PluginList } from './definition.ts';
import { fillDefaults } from './fill-defaults.ts';
import { mapSecrets, MASK } from './map-secrets.ts';
import { formatPath, type Path } from './path.ts';
import { memberSchema } from './schema-of.ts';
import { type Group, isGroup } from './schema-view.ts';

/** Where a member stands in the file, and what the file has there in place of values from the environment. */
export interface Written {
  readonly at: Path;
  readonly templates: ReadonlyMap<string, string>;
}

/** A member complete with its defaults, fit to be shown: secrets masked, and texts with `${NAME}` as the file has them. */
export function showMember(list: PluginList | ItemList, member: Group, written?: Written): Group {
  const schema = memberSchema(list);
  const masked = mapSecrets(schema, fillDefaults(schema, member), () => MASK);
  const shown = written === undefined ? masked : asWritten(masked, written.at, written.templates);
  return isGroup(shown) ? shown : {};
}

function asWritten(value: unknown, path: Path, templates: Written['templates']): unknown {
  const template = templates.get(formatPath(path));
  if (template !== undefined) return template;
  if (Array.isArray(value)) return value.map((entry, index) => asWritten(entry, [...path, index], templates));
  if (!isGroup(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, asWritten(child, [...path, key], templates)]),
  );
}
