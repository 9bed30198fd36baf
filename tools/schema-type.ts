import type { JsonSchema } from './service-description.ts';

/**
 * The TypeScript type of a JSON Schema, for the part of the language that routes are written in. What it does not know
 * it refuses instead of calling it unknown. `at` is the indentation of the line that it stands in.
 */
export function schemaType(schema: JsonSchema, at = ''): string {
  const { $ref, anyOf, type } = schema;
  if (typeof $ref === 'string') return refName($ref);
  if ('const' in schema) return literal(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(literal).join(' | ');
  if (Array.isArray(anyOf)) return union(anyOf.map((one) => schemaType(asSchema(one), at)));
  if (Array.isArray(type)) return union(type.map((one) => schemaType({ ...schema, type: one }, at)));
  switch (type) {
    case undefined:
      if (Object.keys(schema).every((key) => ANNOTATIONS.has(key))) return 'unknown';
      throw new TypeError(`a schema of ${Object.keys(schema).join(', ')} has no type here`);
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayType(schema, at);
    case 'object':
      return objectType(schema, at);
    default:
      throw new TypeError(`a schema of type ${String(type)} has no type here`);
  }
}

const ANNOTATIONS: ReadonlySet<string> = new Set(['description', 'default', 'title', 'examples']);

const refName = (ref: string): string => ref.split('/').at(-1) ?? ref;
const literal = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : JSON.stringify(value);
export const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, (char) => `\\${char}`)}'`;
const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

function arrayType({ items }: JsonSchema, at: string): string {
  const item = items === undefined ? 'unknown' : schemaType(asSchema(items), at);
  return /^[\w.]+$/.test(item) ? `readonly ${item}[]` : `ReadonlyArray<${item}>`;
}

function objectType(schema: JsonSchema, at: string): string {
  const properties = Object.entries(asSchema(schema['properties'] ?? {}));
  if (properties.length === 0) return `Readonly<Record<string, ${restType(schema, at)}>>`;
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  return membersType(
    properties.map(([name, member]) => ({ name, isNeeded: required.has(name), schema: asSchema(member) })),
    at,
  );
}

/** Of members with free names. */
function restType({ patternProperties, additionalProperties: rest }: JsonSchema, at: string): string {
  const [free] = Object.values(asSchema(patternProperties ?? {}));
  if (free !== undefined) return schemaType(asSchema(free), at);
  if (rest === false) return 'never';
  return typeof rest === 'object' && rest !== null ? schemaType(asSchema(rest), at) : 'unknown';
}

export interface Member {
  readonly name: string;
  readonly isNeeded: boolean;
  readonly schema: JsonSchema;
}

/** An object type, a member a line. */
export function membersType(members: readonly Member[], at: string): string {
  const inner = `${at}  `;
  const lines = members.flatMap(({ name, isNeeded, schema }) => [
    ...comment(schema['description'], inner),
    `${inner}readonly ${memberName(name)}${isNeeded ? '' : '?'}: ${schemaType(schema, inner)}${isNeeded ? '' : ' | undefined'};`,
  ]);
  return ['{', ...lines, `${at}}`].join('\n');
}

export const memberName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

export const comment = (text: unknown, at: string): string[] =>
  typeof text === 'string' ? [`${at}/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', ' ')} */`] : [];

/** The document is our own: what stands where a schema belongs is one. */
function asSchema(value: unknown): JsonSchema {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('a schema was expected');
  return value as JsonSchema;
}
