import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { didYouMean } from '../kernel/did-you-mean.ts';
import { Problem } from '../kernel/problem.ts';

export type Validate = (value: unknown) => unknown;

const ERRORS_MAX = 10;

/**
 * Checks what came from outside against a row's schema; throws a 400 that names each fault by its place.
 * `convert`: the values are text (a query, a path) and become what the schema says, `"50"` the number 50.
 */
export function validator(schema: TSchema, part: 'path' | 'query' | 'body', convert: boolean): Validate {
  // A query that takes anything is for its handler to judge, in words of its own.
  if (part === 'query' && 'additionalProperties' in schema && schema.additionalProperties === true) {
    return (value) => value;
  }
  const compiled = Compile(schema);
  return (value) => {
    if (part === 'query') refuseUnknown(schema, value);
    const candidate = Value.Default(schema, convert ? Value.Convert(schema, value) : value);
    if (compiled.Check(candidate)) return candidate;
    const errors = compiled.Errors(candidate).slice(0, ERRORS_MAX);
    throw new Problem('bad_request', `The ${part} is not as it should be: ${describe(errors)}.`, {
      members: { errors: errors.map(({ instancePath, message }) => ({ path: instancePath, message })) },
    });
  };
}

function describe(errors: readonly { instancePath: string; message: string }[]): string {
  const [first] = errors;
  if (first === undefined) return 'it does not match its schema';
  return `${first.instancePath === '' ? 'it' : first.instancePath.slice(1).replaceAll('/', '.')} ${first.message}`;
}

/** A misspelt filter that was passed over would answer with everything. */
function refuseUnknown(schema: TSchema, query: unknown): void {
  const known = Object.keys(('properties' in schema && schema.properties) || {});
  for (const name of Object.keys(query ?? {})) {
    if (known.includes(name)) continue;
    const meant = didYouMean(name, known);
    const hint = meant === undefined ? `It takes ${known.join(', ')}.` : `Did you mean "${meant}"?`;
    throw new Problem('bad_request', `The query has a parameter that this route does not take. ${hint}`);
  }
}
