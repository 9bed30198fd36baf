import { Type, type TObject, type TSchema } from 'typebox';
import { idText } from '../kernel/schema.ts';
import type { ItemList, Lists, PluginKind, PluginList, Settings } from './definition.ts';

/** Of the id that every member of a list has. */
export const ID_DESCRIPTION = 'Its name, once in the list: stands in links, logs and the database.';

const CLOSED = { additionalProperties: false };

interface Parts {
  readonly settings: Settings;
  readonly lists: Lists;
}

/** One schema of the whole: of the complete config, or of the file, where no setting has to be. */
export function schemaOf(parts: Parts, { complete }: { complete: boolean }): TObject {
  const sections = new Map<string, TSchema>();
  for (const [path, { schema }] of Object.entries(parts.settings)) {
    sections.set(path, complete ? schema : Type.Optional(schema));
  }
  const lists = Object.entries(parts.lists).map(([name, list]) => {
    const schema = listSchema(list);
    return [name, complete ? schema : Type.Optional(schema)] as const;
  });
  return Type.Object({ ...group(sections, complete), ...Object.fromEntries(lists) }, CLOSED);
}

/** Nests schemas by the first step of their dotted paths. */
function group(schemas: ReadonlyMap<string, TSchema>, complete: boolean): Record<string, TSchema> {
  const heads = new Set([...schemas.keys()].map((path) => path.split('.', 1)[0] ?? path));
  return Object.fromEntries(
    [...heads].map((head) => [head, schemas.get(head) ?? section(schemas, head, complete)]),
  );
}

function section(schemas: ReadonlyMap<string, TSchema>, head: string, complete: boolean): TSchema {
  const below = [...schemas].filter(([path]) => path.startsWith(`${head}.`));
  const schema = Type.Object(
    group(new Map(below.map(([path, schema]) => [path.slice(head.length + 1), schema])), complete),
    CLOSED,
  );
  return complete ? schema : Type.Optional(schema);
}

function listSchema(list: PluginList | ItemList): TSchema {
  return Type.Array(memberSchema(list), { description: list.description });
}

/** What one member of a list may be. */
export function memberSchema(list: PluginList | ItemList): TSchema {
  const id = idText(ID_DESCRIPTION);
  if (list.type === 'items') return Type.Object({ id, ...list.item.properties }, CLOSED);
  return Type.Union(list.kinds.map((kind) => pluginSchema(id, kind, list.common)));
}

function pluginSchema(id: TSchema, kind: PluginKind, common: TObject): TSchema {
  return Type.Object(
    {
      id,
      kind: Type.Literal(kind.kind, { description: kind.summary }),
      ...common.properties,
      ...kind.settings.properties,
    },
    CLOSED,
  );
}
