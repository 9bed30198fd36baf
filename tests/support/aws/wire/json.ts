import type { Shape } from './shape.ts';

/** A value for `JSON.stringify`, as the JSON protocols have it: instants are seconds. Unknown members throw. */
export function jsonOf(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'timestamp') {
    if (value instanceof Date) return value.getTime() / 1_000;
    throw new Error(`${shape.name}: no Date`);
  }
  if (Array.isArray(value)) {
    const { item } = shape;
    if (item === undefined) throw new Error(`${shape.name}: a list`);
    return value.map((one: unknown) => jsonOf(item.shape, one));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined && part !== null)
      .map(([name, part]: [string, unknown]) => [name, jsonOf(below(shape, name), part)]),
  );
}

/** The other way: what a client sent, with instants as Dates. Members that nobody knows are left as they are. */
export function fromJson(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'timestamp' && typeof value === 'number') return new Date(value * 1_000);
  const { item } = shape;
  if (Array.isArray(value))
    return value.map((one: unknown) => (item === undefined ? one : fromJson(item.shape, one)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => {
      const member = shape.kind === 'map' ? item : shape.members.get(name);
      return [name, member === undefined ? part : fromJson(member.shape, part)];
    }),
  );
}

function below(shape: Shape, name: string): Shape {
  const member = shape.kind === 'map' ? shape.item : shape.members.get(name);
  if (member === undefined) throw new Error(`${shape.name} has no member ${name}`);
  return member.shape;
}
