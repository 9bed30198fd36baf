import type { Member, Shape } from './shape.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/**
 * The children of an element, as AWS writes them. What is undefined or null is left out; what the schema does not know
 * is a mistake in the data and throws.
 */
export function xmlOf(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'struct':
      return structOf(shape, value);
    case 'list':
      return listOf(shape, value, shape.item?.xmlName ?? 'member');
    case 'map':
      return mapOf(shape, value);
    case 'timestamp':
      if (value instanceof Date) return value.toISOString();
      throw new Error(`${shape.name}: no Date`);
    default:
      return escaped(String(value));
  }
}

/** A member's own element, or elements. */
export function elementOf(member: Member, value: unknown, name = member.xmlName): string {
  if (value === undefined || value === null) return '';
  if (member.isFlat && member.shape.kind === 'list') return listOf(member.shape, value, name);
  return `<${name}${attributesOf(member.shape, value)}>${xmlOf(member.shape, value)}</${name}>`;
}

function structOf(shape: Shape, value: unknown): string {
  let xml = '';
  for (const [name, part] of entriesOf(shape, value)) {
    const member = shape.members.get(name);
    if (member === undefined) throw new Error(`${shape.name} has no member ${name}`);
    if (!member.isAttribute && member.header === undefined) xml += elementOf(member, part);
  }
  return xml;
}

function listOf(shape: Shape, value: unknown, name: string): string {
  if (!Array.isArray(value)) throw new Error(`${shape.name}: no list`);
  const { item } = shape;
  return item === undefined ? '' : value.map((one: unknown) => elementOf(item, one, name)).join('');
}

function mapOf(shape: Shape, value: unknown): string {
  const { item } = shape;
  return entriesOf(shape, value)
    .map(
      ([key, one]) =>
        `<entry><key>${escaped(key)}</key>${item === undefined ? '' : elementOf(item, one)}</entry>`,
    )
    .join('');
}

/** `xsi:type` of a grantee is the one attribute there is, and it needs its namespace. */
function attributesOf(shape: Shape, value: unknown): string {
  if (shape.kind !== 'struct' || ![...shape.members.values()].some((member) => member.isAttribute)) return '';
  return entriesOf(shape, value)
    .filter(([name]) => shape.members.get(name)?.isAttribute === true)
    .map(
      ([name, part]) =>
        ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${shape.members.get(name)?.xmlName}="${escaped(String(part))}"`,
    )
    .join('');
}

function entriesOf(shape: Shape, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) throw new Error(`${shape.name}: no object`);
  return Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
}
