import { at, type Answer, listAt } from './ask.ts';
import { TOKEN } from './service.ts';
import type { Visit } from './visitor.ts';

/** Where the faults of a refused change are. */
export const pathsOf = ({ json }: Answer): unknown[] =>
  listAt(json, 'errors').map((error) => at(error, 'path'));

/** A request with headers of its own, as an operator unless they say otherwise. */
export const asked = (
  there: Visit,
  method: string,
  path: string,
  headers: object,
  body?: object,
): Promise<Answer> =>
  there.ask({
    method,
    path,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
