import type { TSchema } from 'typebox';
import { describeSchema } from './describe-schema.ts';
import { viewOf } from './schema-view.ts';

/** What a setting is and what it must be, as one or two sentences. */
export function aboutSchema(schema: TSchema): string {
  const { description = '' } = viewOf(schema);
  const words = describeSchema(schema);
  return `${sentence(description)} ${sentence(words.charAt(0).toUpperCase() + words.slice(1))}`.trim();
}

/** The text with a full stop when it has no end of its own. */
export function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}
