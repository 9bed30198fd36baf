import ts from 'typescript';
import { expect, test } from 'vitest';
import { schemaType } from './schema-type.ts';
import { clientTypes } from './client-types.ts';

test.each([
  [{ type: 'string', maxLength: 3 }, 'string'],
  [{ type: 'integer' }, 'number'],
  [{ const: 'a' }, "'a'"],
  [{ enum: ['a', "it's"] }, "'a' | 'it\\'s'"],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
  [{ type: ['number', 'null'] }, 'number | null'],
  [
    { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    'ReadonlyArray<string | null>',
  ],
  [{ type: 'array', items: { type: 'string' } }, 'readonly string[]'],
  [{ type: 'object', patternProperties: { '^.*$': { type: 'number' } } }, 'Readonly<Record<string, number>>'],
  [{ type: 'object' }, 'Readonly<Record<string, unknown>>'],
  [{ $ref: '#/components/schemas/Problem' }, 'Problem'],
  [{ description: 'whatever' }, 'unknown'],
])('%j is %s', (schema, type) => {
  expect(schemaType(schema)).toBe(type);
});

test.each([{ type: 'tuple' }, { allOf: [] }, { pattern: 'x' }])(
  '%j is refused, not called unknown',
  (schema) => {
    expect(() => schemaType(schema)).toThrow(TypeError);
  },
);

test('what a description says cannot end its comment, and a name that is no name is quoted', () => {
  const type = schemaType({
    type: 'object',
    required: ['x-y'],
    properties: { 'x-y': { type: 'string', description: 'a */ b\nc' } },
  });
  expect(type).toBe("{\n  /** a *\\/ b c */\n  readonly 'x-y': string;\n}");
});

test('what the service fills in may be left out by the caller, and the answer always has it', () => {
  const schema = {
    type: 'object',
    required: ['limit', 'name'],
    properties: { limit: { type: 'integer', default: 50 }, name: { type: 'string' } },
  };
  const content = { 'application/json': { schema } };
  const text = clientTypes({
    components: { schemas: {} },
    paths: {
      '/things': {
        post: {
          summary: 'Make one',
          security: [],
          parameters: [],
          requestBody: { content },
          responses: { 200: { description: 'ok', content }, 404: { description: 'None (`not_found`)' } },
        },
        get: {
          summary: 'A page',
          security: [],
          parameters: [],
          responses: { 200: { description: '', content: { 'text/html': { schema: {} } } } },
        },
      },
    },
  });
  expect(text).toContain('readonly limit?: number | undefined;\n        readonly name: string;');
  expect(text).toContain('readonly answer: {\n      readonly limit: number;');
  expect(text).toContain("readonly problems: 'not_found';");
  expect(text).not.toContain('GET /things');
  const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
});
