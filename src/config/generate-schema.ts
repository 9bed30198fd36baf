import type { TSchema } from 'typebox';
import type { AnyDefinition } from './definition.ts';
import { FILE_SUFFIX, isSecret, itemsOf, viewOf, type SchemaView } from './schema-view.ts';

type Json = Readonly<Record<string, unknown>>;

const REFERENCE = '^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$';
/** Keywords of our own, which no other reader knows. */
const OURS = new Set(['expected', 'secret', 'fileOfMachine']);
const HOLDS_REFERENCE = { type: 'string', pattern: '\\$\\{' };

/** JSON Schema (2020-12) of the config file as it is written: with `${NAME}` and the file forms of secrets. */
export function generateSchema(definition: AnyDefinition): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${definition.name}.yaml`,
    ...writtenForm(definition.fileSchema),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function writtenForm(schema: TSchema): Json {
  const view = viewOf(schema);
  if (isSecret(schema) && view.type !== 'array' && view.type !== 'object') return secretForm(view);
  if (view.anyOf) return { ...notes(view), anyOf: view.anyOf.map(writtenForm) };
  if (view.type === 'object') return groupForm(view);
  const items = itemsOf(view);
  if (view.type === 'array' && items) return { ...plain(schema), items: writtenForm(items) };
  return takesAnyText(view)
    ? plain(schema)
    : { ...notes(view), anyOf: [withoutNotes(plain(schema)), HOLDS_REFERENCE] };
}

/** A constant tells alternatives apart: it is written as it is. */
function takesAnyText(view: SchemaView): boolean {
  if (view.const !== undefined || view.type === undefined) return view.enum === undefined;
  return view.type === 'string' && view.pattern === undefined && view.format === undefined;
}

function notes({ description, default: start }: SchemaView): Json {
  return {
    ...(description === undefined ? {} : { description }),
    ...(start === undefined ? {} : { default: start }),
  };
}

function plain(schema: TSchema): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !OURS.has(key)));
}

function withoutNotes(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).filter(([key]) => key !== 'description' && key !== 'default'),
  );
}

function secretForm({ description }: SchemaView): Json {
  return { ...(description === undefined ? {} : { description }), type: 'string', pattern: REFERENCE };
}

function groupForm(view: SchemaView): Json {
  const properties = Object.entries(view.properties ?? {});
  const secrets = properties.filter(([, schema]) => isSecret(schema)).map(([key]) => key);
  // What has a default need not be written.
  const required = (view.required ?? []).filter(
    (key) => viewOf(view.properties?.[key] ?? {}).default === undefined,
  );
  const eitherForm = secrets
    .filter((key) => required.includes(key))
    .map((key) => ({ anyOf: [{ required: [key] }, { required: [key + FILE_SUFFIX] }] }));
  const free = Object.entries(view.patternProperties ?? {}).map(([key, schema]) => [
    key,
    writtenForm(schema),
  ]);
  const always = required.filter((key) => !secrets.includes(key));
  return {
    ...notes(view),
    type: 'object',
    properties: Object.fromEntries(properties.flatMap(([key, schema]) => propertyForms(key, schema))),
    ...(free.length > 0 ? { patternProperties: Object.fromEntries(free) } : {}),
    ...(always.length > 0 ? { required: always } : {}),
    ...(eitherForm.length > 0 ? { allOf: eitherForm } : {}),
    additionalProperties: view.additionalProperties === true,
  };
}

function propertyForms(key: string, schema: TSchema): readonly (readonly [string, Json])[] {
  if (!isSecret(schema)) return [[key, writtenForm(schema)]];
  const file = { description: `Path of a file that holds ${key}.`, type: 'string', minLength: 1 };
  return [
    [key, writtenForm(schema)],
    [key + FILE_SUFFIX, file],
  ];
}
