import type { TSchema } from 'typebox';
import { alternativesOf, itemsOf, viewOf } from './schema-view.ts';

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/**
 * Makes of a text (from the environment, a flag or `${NAME}`) what the schema asks for: a number, true or
 * false, a list split at commas. What does not look like it stays text, for the check to refuse.
 */
export function convertText(schema: TSchema, text: string): unknown {
  const alternatives = alternativesOf(schema);
  if (alternatives.some(takesText)) return text;
  for (const alternative of alternatives) {
    const value = convertTo(alternative, text);
    if (typeof value !== 'string') return value;
  }
  return text;
}

function takesText(schema: TSchema): boolean {
  const view = viewOf(schema);
  if (view.enum) return view.enum.every((one) => typeof one === 'string');
  return view.type === 'string' || typeof view.const === 'string';
}

function convertTo(schema: TSchema, text: string): unknown {
  const view = viewOf(schema);
  const trimmed = text.trim();
  if (view.type === 'boolean') return toBoolean(trimmed) ?? text;
  if (view.type === 'integer' || view.type === 'number') return toNumber(trimmed) ?? text;
  const items = itemsOf(view);
  if (view.type !== 'array' || !items) return text;
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => convertText(items, part));
}

function toBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (TRUE.includes(lower)) return true;
  return FALSE.includes(lower) ? false : undefined;
}

function toNumber(text: string): number | undefined {
  return /^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** Whether a value can be given as one text at all: not so for groups and lists of them. */
export function fitsText(schema: TSchema): boolean {
  return alternativesOf(schema).every((one) => {
    const view = viewOf(one);
    const items = itemsOf(view);
    if (view.type === 'array')
      return items !== undefined && fitsText(items) && viewOf(items).type !== 'array';
    return view.type !== 'object' && (view.type !== undefined || view.enum !== undefined);
  });
}
