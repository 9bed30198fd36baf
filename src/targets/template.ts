import { oneLine } from './one-line.ts';

/** How a value is written into the text: `json` escapes it for the inside of a JSON string. */
export type TemplateFormat = 'json' | 'text';
/** What placeholders can name: nested plain data. */
export type TemplateData = Readonly<Record<string, unknown>>;

const TEXT_VALUE_MAX = 10_000;
const PLACEHOLDER = /\{\{\s*(json\s+)?([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*\}\}/g;

/**
 * Compiles a text with placeholders; there is no logic in it. `{{event.title}}` stands for a value as text,
 * escaped for JSON where the text is JSON; `{{json event.labels}}` for a value as JSON of its own. What is not
 * there is empty (`null` as JSON). Only own properties are read.
 */
export function compileTemplate(text: string, format: TemplateFormat): (data: TemplateData) => string {
  const parts: ((data: TemplateData) => string)[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const literal = text.slice(end, match.index);
    const path = (match[2] ?? '').split('.');
    const write = match[1] !== undefined ? asJson : format === 'json' ? asJsonText : asText;
    parts.push(
      () => literal,
      (data) => write(valueAt(data, path)),
    );
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  return (data) => parts.map((part) => part(data)).join('') + rest;
}

/** The first name of every placeholder; and `{{` for anything in double braces that is none. */
export function templateRoots(text: string): readonly string[] {
  const roots = [...text.matchAll(PLACEHOLDER)].map((match) => match[2]?.split('.')[0] ?? '');
  const rest = text.replaceAll(PLACEHOLDER, '');
  return [...new Set(rest.includes('{{') ? [...roots, '{{'] : roots)];
}

/** Whether the text is JSON whatever the values are: plain placeholders within strings only, `json` ones without. */
export function isJsonTemplate(text: string): boolean {
  // A bare x is JSON nowhere but in a string; ["x"] stands where any value may, but in no string and for no key.
  const sample = text.replaceAll(PLACEHOLDER, (_, json) => (json === undefined ? 'x' : '["x"]'));
  try {
    JSON.parse(sample);
    return true;
  } catch {
    // The one failure of JSON.parse is the answer.
    return false;
  }
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}

const asJson = (value: unknown): string => JSON.stringify(value) ?? 'null';
const asJsonText = (value: unknown): string => JSON.stringify(textOf(value)).slice(1, -1);
/** Where nothing is escaped a line break could forge a line of the receiver's. */
const asText = (value: unknown): string => oneLine(textOf(value), TEXT_VALUE_MAX);

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
