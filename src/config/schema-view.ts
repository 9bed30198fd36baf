import type { TSchema } from 'typebox';

/** The JSON Schema keywords that the loader reads, and three of its own: `secret`, `fileOfMachine` and `expected`. */
export interface SchemaView {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: boolean | TSchema;
  readonly required?: readonly string[];
  /** An array of schemas for a tuple. */
  readonly items?: TSchema | readonly TSchema[];
  readonly anyOf?: readonly TSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: unknown;
  readonly secret?: boolean;
  /** Names a file that the service reads or writes: for who has the machine to say. */
  readonly fileOfMachine?: boolean;
  /** What a reader is told to write, after "must be": `a phone number such as +33612345678`. */
  readonly expected?: string;
}

export type Group = Readonly<Record<string, unknown>>;

export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function viewOf(schema: TSchema): SchemaView {
  return schema;
}

/** Whether a text at this place is a secret: marked so itself, or one of its alternatives is. */
export function isSecret(schema: TSchema): boolean {
  const view = viewOf(schema);
  return view.secret === true || (view.anyOf ?? []).some(isSecret);
}

/** The schema of one list entry; undefined for tuples and for what is no list. */
export function itemsOf(view: SchemaView): TSchema | undefined {
  return isTuple(view.items) ? undefined : view.items;
}

function isTuple(items: TSchema | readonly TSchema[] | undefined): items is readonly TSchema[] {
  return Array.isArray(items);
}

/** The schema of a key in a group; undefined when the group knows no such key. */
export function propertyOf(view: SchemaView, key: string): TSchema | undefined {
  if (view.properties && Object.hasOwn(view.properties, key)) return view.properties[key];
  for (const [pattern, schema] of Object.entries(view.patternProperties ?? {})) {
    if (new RegExp(pattern, 'u').test(key)) return schema;
  }
  if (view.additionalProperties === true) return {};
  return view.additionalProperties === false ? undefined : view.additionalProperties;
}

/** The key whose file form this is: `password` for `passwordFile` where `password` is a secret. */
export function secretOfFileKey(view: SchemaView, key: string): string | undefined {
  const base = key.endsWith(FILE_SUFFIX) ? key.slice(0, -FILE_SUFFIX.length) : '';
  const properties = view.properties ?? {};
  if (base === '' || Object.hasOwn(properties, key) || !Object.hasOwn(properties, base)) return undefined;
  const schema = properties[base];
  return schema && isSecret(schema) ? base : undefined;
}

/** What a secret's key ends with when its value is the path of a file that holds the secret. */
export const FILE_SUFFIX = 'File';

/** Every key that may be written in a group: its properties and the file forms of its secrets. */
export function writableKeys(view: SchemaView): readonly string[] {
  return Object.entries(view.properties ?? {}).flatMap(([key, schema]) =>
    isSecret(schema) ? [key, key + FILE_SUFFIX] : [key],
  );
}

/** The key that tells a union's groups apart: a constant in every one of them, as `kind` is. */
export function discriminatorOf(groups: readonly SchemaView[]): string | undefined {
  if (groups.length === 0) return undefined;
  return Object.keys(groups[0]?.properties ?? {}).find((key) =>
    groups.every((group) => constantAt(group, key) !== undefined),
  );
}

export function constantAt(group: SchemaView, key: string): unknown {
  const schema = group.properties?.[key];
  return schema && viewOf(schema).const;
}

/** The alternatives of a union, unions within it spread out; the schema itself when it is none. */
export function alternativesOf(schema: TSchema): readonly TSchema[] {
  const { anyOf } = viewOf(schema);
  return anyOf ? anyOf.flatMap(alternativesOf) : [schema];
}

/** The alternative that a value was meant for; undefined when that cannot be told. */
export function alternativeFor(schema: TSchema, value: unknown): TSchema | undefined {
  const fitting = alternativesOf(schema).filter((one) => fitsType(viewOf(one), value));
  const isUnion = viewOf(schema).anyOf !== undefined;
  if (!isUnion || !isGroup(value)) return fitting.length === 1 ? fitting[0] : undefined;
  const key = discriminatorOf(fitting.map(viewOf));
  if (key === undefined) return mostAlike(fitting, value);
  return fitting.find((one) => constantAt(viewOf(one), key) === value[key]);
}

function mostAlike(groups: readonly TSchema[], value: Group): TSchema | undefined {
  const known = (one: TSchema) =>
    Object.keys(value).filter((key) => propertyOf(viewOf(one), key) !== undefined).length;
  return groups.toSorted((a, b) => known(b) - known(a))[0];
}

/** Whether the JSON type is right, whatever the rest says. */
export function fitsType(view: SchemaView, value: unknown): boolean {
  if (view.const !== undefined) return typeof view.const === typeof value;
  if (view.enum) return view.enum.some((one) => typeof one === typeof value);
  if (view.type === 'object') return isGroup(value);
  if (view.type === 'array') return Array.isArray(value);
  if (view.type === 'integer' || view.type === 'number') return typeof value === 'number';
  if (view.type === 'null') return value === null;
  return view.type === undefined || typeof value === view.type;
}
