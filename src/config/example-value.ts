import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { alternativesOf, isSecret, itemsOf, viewOf, type SchemaView } from './schema-view.ts';

const BY_FORMAT: Readonly<Record<string, string>> = {
  uri: 'https://example.com/',
  url: 'https://example.com/',
  email: 'soc@example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  hostname: 'example.com',
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
};
const TEXTS = [
  'name',
  '30s',
  'https://example.com/',
  'soc@example.com',
  '/path/to/file',
  '192.0.2.0/24',
  '+33612345678',
  'FR',
];

/**
 * A value to show: the schema's first example, its default, or one made up from its type. `name` makes the
 * variable of a secret: `SLACK_URL` for `${SLACK_URL}`. For a text of an unusual pattern give an example.
 */
export function exampleValue(schema: TSchema, name: string): unknown {
  if (isSecret(schema)) return `\${${name}}`;
  const view = viewOf(schema);
  if (Array.isArray(view.examples) && view.examples.length > 0) return view.examples[0];
  if (view.default !== undefined) return view.default;
  const [first = schema] = alternativesOf(schema);
  return madeUp(first, viewOf(first), name);
}

function madeUp(schema: TSchema, view: SchemaView, name: string): unknown {
  if (view.const !== undefined) return view.const;
  if (view.enum) return view.enum[0];
  if (view.type === 'integer' || view.type === 'number') return view.minimum ?? 1;
  if (view.type === 'boolean') return true;
  if (view.type === 'array') return [exampleValue(itemsOf(view) ?? { type: 'string' }, name)];
  if (view.type === 'object') return exampleGroup(view, name);
  const byFormat = BY_FORMAT[view.format ?? ''];
  return byFormat ?? TEXTS.find((text) => Check(schema, text)) ?? 'text';
}

function exampleGroup(view: SchemaView, name: string): unknown {
  const required = Object.entries(view.properties ?? {}).filter(([key]) => view.required?.includes(key));
  const free = Object.values(view.patternProperties ?? {}).map((schema) => ['name', schema] as const);
  return Object.fromEntries(
    [...required, ...free].map(([key, schema]) => [key, exampleValue(schema, `${name}_${variableOf(key)}`)]),
  );
}

/** `API_KEY` for `apiKey`. */
export function variableOf(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
