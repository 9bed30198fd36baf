import type { Headers } from './scheme.ts';

/**
 * A header that a sender sends once; undefined when it is missing or empty. Sent several times it is joined as
 * Node joins it, so that no pattern takes it. `name` in lower case.
 */
export function oneHeader(headers: Headers, name: string): string | undefined {
  // A setting may name the header `constructor`, which every object has.
  const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const text = Array.isArray(value) ? value.join(', ') : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
