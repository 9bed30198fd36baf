import { comment, membersType, quoted, schemaType } from './schema-type.ts';
import type { Content, Description, JsonSchema, Operation } from './service-description.ts';

const HEAD = `// Made from the service's description by \`npm run generate\`; a change by hand would be lost.

`;

/** What a client speaks; pages and their parts are for a browser. */
const SPOKEN = /^(?:application\/json|text\/event-stream|text\/plain)/;
const METHODS = ['get', 'post', 'put', 'delete'];

/** The types of every operation, as TypeScript. */
export function clientTypes({ paths, components }: Description): string {
  const operations = Object.entries(paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, byMethod]) =>
      METHODS.flatMap((method) => {
        const operation = byMethod[method];
        return operation === undefined || !isSpoken(operation)
          ? []
          : [operationType(method, path, operation)];
      }),
    );
  const named = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${schemaType(schema)};\n\n`,
  );
  return `${HEAD}${named.join('')}/** By method and path: what goes in, and what is answered. */
export interface Operations {
${operations.join('\n')}
}
`;
}

function isSpoken({ responses }: Operation): boolean {
  const [, content] = answerOf(responses);
  return content === undefined || Object.keys(content).some((mediaType) => SPOKEN.test(mediaType));
}

function answerOf(responses: Operation['responses']): readonly [string, Content | undefined] {
  const found = Object.entries(responses).find(([status]) => status.startsWith('2'));
  if (found === undefined) throw new TypeError('an operation without a good end');
  return [found[0], found[1].content];
}

function operationType(method: string, path: string, operation: Operation): string {
  const [status, content] = answerOf(operation.responses);
  const at = '    ';
  return [
    ...comment(operation.summary, '  '),
    `  ${quoted(`${method.toUpperCase()} ${path}`)}: {`,
    `${at}readonly input: ${inputType(operation, at)};`,
    `${at}readonly status: ${status};`,
    `${at}readonly answer: ${answerType(content, at)};`,
    `${at}/** The codes of its refusals. */`,
    `${at}readonly problems: ${problemCodes(operation)};`,
    '  };',
  ].join('\n');
}

function inputType({ parameters, requestBody }: Operation, at: string): string {
  const inner = `${at}  `;
  const part = (place: string, name: string): string[] => {
    const members = parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name, required, schema }) => ({ name, isNeeded: required, schema }));
    if (members.length === 0) return [];
    const isNeeded = members.some((member) => member.isNeeded);
    return [`${inner}readonly ${name}${isNeeded ? '' : '?'}: ${membersType(members, inner)};`];
  };
  const body = requestBody?.content['application/json']?.schema;
  const lines = [
    ...part('path', 'params'),
    ...part('query', 'query'),
    ...(body === undefined ? [] : [`${inner}readonly body: ${schemaType(asInput(body), inner)};`]),
  ];
  return lines.length === 0 ? 'Readonly<Record<never, never>>' : ['{', ...lines, `${at}}`].join('\n');
}

function answerType(content: Content | undefined, at: string): string {
  if (content === undefined) return 'undefined';
  const json = content['application/json'];
  if (json !== undefined) return schemaType(json.schema, at);
  return 'text/event-stream' in content ? 'AsyncIterable<Uint8Array>' : 'string';
}

/** As a caller may leave it: what has a default is filled in there. */
function asInput(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'required' && Array.isArray(value))
        return [key, value.filter((name) => !hasDefault(schema, name))];
      return [key, inputPart(value)];
    }),
  );
}

const inputPart = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inputPart);
  return isSchema(value) ? asInput(value) : value;
};

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

function hasDefault({ properties }: JsonSchema, name: unknown): boolean {
  const member = isSchema(properties) ? properties[String(name)] : undefined;
  return isSchema(member) && 'default' in member;
}

/** Each response names them in its description: "Title (`code`)". */
function problemCodes({ responses }: Operation): string {
  const codes = Object.entries(responses)
    .filter(([status]) => !status.startsWith('2'))
    .flatMap(([, { description }]) =>
      [...description.matchAll(/\(`(\w+)`\)/g)].map(([, code = '']) => quoted(code)),
    );
  return codes.length === 0 ? 'never' : codes.join(' | ');
}
