import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { Problem } from '../kernel/problem.ts';

export type Validate = (value: unknown) => unknown;

const ERRORS_MAX = 10;

/**
 * Checks what came from outside against a row's schema; throws a 400 that names each fault by its place.
 * `convert`: the values are text (a query, a path) and become what the schema says, `"50"` the number 50.
 */
export function validator(schema: TSchema, part: 'path' | 'query' | 'body', convert: boolean): Validate {
  const compiled = Compile(schema);
  return (value) => {
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
