import type { TObject } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import type { Route } from '../kernel/route.ts';
import { pathPattern } from './allow.ts';
import { type Validate, validator } from './validate.ts';

/** How a row wants the parameters of its path: as its schema says, else 400; with `missing` 404. */
export function readParams(schema: TObject, missing: string | undefined): Validate {
  const validate = validator(schema, 'path', true);
  if (missing === undefined) return validate;
  return (params) => {
    try {
      return validate(params);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Problem('not_found', missing);
    }
  };
}

/** What is told of a path that the framework cannot read, where a row says so. */
export function missingAt(routes: readonly Route[], url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  return routes.find((route) => route.missing !== undefined && pathPattern(route.path).test(path))?.missing;
}
