import type { TocsinEvent } from '../events/event.ts';
import type { Fault } from '../kernel/fault.ts';

/** Makes the name that a broker routes by: `security.{severity}.{source}` → `security.high.sqreen`. */
export type TopicName = (event: TocsinEvent) => string;

const PLACEHOLDER = /\{([^{}]*)\}/g;
const TYPE_MAX = 150;

/** What may stand in braces. A type's own dots stay: they are levels that receivers bind by. */
const fields: Readonly<Record<string, (event: TocsinEvent) => string>> = {
  severity: ({ severity }) => severity,
  source: ({ source }) => token(source),
  type: ({ type }) => type.slice(0, TYPE_MAX).split('.').map(token).join('.'),
};

/** Settings on names: letters, digits and what separates levels; no wildcard, no blank. */
export const TOPIC_PATTERN = '^[A-Za-z0-9_/{}-]+(?:[.:][A-Za-z0-9_/{}-]+)*$';

export function topicName(pattern: string): TopicName {
  if (!pattern.includes('{')) return () => pattern;
  return (event) => pattern.replace(PLACEHOLDER, (_, field: string) => fields[field]?.(event) ?? '_');
}

export function topicFaults(path: string, pattern: string): readonly Fault[] {
  const isKnown = [...pattern.matchAll(PLACEHOLDER)].every(([, field = '']) => Object.hasOwn(fields, field));
  const isWhole = !/[{}]/.test(pattern.replace(PLACEHOLDER, ''));
  if (isKnown && isWhole) return [];
  return [{ path, message: `may name {${Object.keys(fields).join('}, {')}} only in its braces` }];
}

/** One level of a name: what a sender wrote must not make two of it, nor a wildcard. */
function token(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_') || '_';
}
