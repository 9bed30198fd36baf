import { Check, Errors } from 'typebox/schema';
import { expect } from 'vitest';
import { type Answer, at, textAt } from './ask.ts';

/** One operation of the served OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly json: unknown;
}

export const nameOf = ({ method, path }: Pick<Operation, 'method' | 'path'>): string => `${method} ${path}`;

/** The codes that an operation's description names, and the status of its success. */
export const promisesOf = ({ json }: Operation): string[] =>
  entries(at(json, 'responses')).flatMap(([status, answer]) =>
    Number(status) < 300
      ? [status]
      : [...textAt(answer, 'description').matchAll(/`(\w+)`/g)].map(([, code = '']) => code),
  );

/** Answers of HTTP itself, given before there is a route. */
const OF_NO_ROUTE = new Set(['method_not_allowed', 'request_timeout', 'headers_too_large']);

/** The service as it describes itself, to hold its answers against. */
export class Description {
  readonly json: unknown;
  readonly operations: readonly Operation[];
  /** `GET /livez 200` of every answer seen. */
  readonly seen = new Set<string>();

  constructor(json: unknown) {
    this.json = json;
    this.operations = entries(at(json, 'paths')).flatMap(([path, item]) =>
      entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, json: operation })),
    );
  }

  /** Fails when the operation's description does not tell of such an answer. */
  check(method: string, path: string, answer: Answer): void {
    const operation = this.operationOf(method === 'HEAD' ? 'GET' : method, path);
    if (operation === undefined || OF_NO_ROUTE.has(String(at(answer.json, 'code')))) return;
    const name = `${operation.method} ${operation.path} ${answer.status}`;
    this.seen.add(name);
    const described = at(operation.json, 'responses', answer.status);
    expect(described, `${name} is not described: ${answer.text}`).toBeDefined();
    if (method === 'HEAD') return;
    if (answer.status >= 400) this.#checkProblem(name, described, answer);
    else this.#checkReply(name, described, answer);
  }

  operationOf(method: string, path: string): Operation | undefined {
    const plain = path.split('?', 1)[0] ?? '';
    const own = this.operations.filter((one) => one.method === method);
    // As OpenAPI has it: a path that is written out goes before one with a parameter in that place.
    return own.find(({ path: one }) => one === plain) ?? own.find((one) => patternOf(one.path).test(plain));
  }

  #checkProblem(name: string, described: unknown, answer: Answer): void {
    expect(textAt(described, 'description'), name).toContain(`\`${textAt(answer.json, 'code')}\``);
    const reference = textAt(described, 'content', 'application/problem+json', 'schema', '$ref');
    this.#fits(name, at(this.json, ...reference.split('/').slice(1)), answer.json);
  }

  #checkReply(name: string, described: unknown, answer: Answer): void {
    const content = at(described, 'content');
    if (content === undefined) return expect(answer.text, name).toBe('');
    const mediaType = bare(answer.headers['content-type']);
    const schema = at(entries(content).find(([type]) => bare(type) === mediaType)?.[1], 'schema');
    expect(schema, `${name}: ${mediaType} is not described`).toBeDefined();
    this.#fits(name, closed(schema), answer.json);
  }

  #fits(name: string, schema: unknown, value: unknown): void {
    if (typeof schema !== 'object' || schema === null) throw new TypeError(`${name} has no schema`);
    const faults = Check(schema, value) ? [] : Errors(schema, value)[1];
    expect(faults, `${name}: ${String(JSON.stringify(value)).slice(0, 500)}`).toEqual([]);
  }
}

/** The schema with every object closed: a member that is not described is a fault too. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in inner ? { additionalProperties: false, ...inner } : inner;
}

export const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** A media type without its parameters. */
const bare = (mediaType: string | undefined): string => (mediaType ?? '').split(';', 1)[0] ?? '';

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`);
