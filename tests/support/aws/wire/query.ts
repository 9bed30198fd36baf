import { Refusal } from '../refusal.ts';
import type { Member, Shape } from './shape.ts';

/** `ec2` names members its own way and numbers lists without a word between. */
export type QueryDialect = 'ec2' | 'query';

interface Node {
  value: string | undefined;
  readonly below: Map<string, Node>;
}

/** The parameters of a form (`Filter.1.Value.2=…`) by the schema of what they are. One that it does not know is refused. */
export function fromQuery(shape: Shape, form: URLSearchParams, dialect: QueryDialect): unknown {
  const root: Node = { value: undefined, below: new Map() };
  for (const [name, value] of form) {
    if (name !== 'Action' && name !== 'Version') put(root, name.split('.'), value);
  }
  return struct(shape, root, dialect, '');
}

function put(root: Node, path: readonly string[], value: string): void {
  let node = root;
  for (const step of path) {
    const next = node.below.get(step) ?? { value: undefined, below: new Map<string, Node>() };
    node.below.set(step, next);
    node = next;
  }
  node.value = value;
}

function struct(shape: Shape, node: Node, dialect: QueryDialect, path: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const left = new Set(node.below.keys());
  for (const member of shape.members.values()) {
    const name = dialect === 'ec2' ? member.ec2Name : member.xmlName;
    const part = node.below.get(name);
    if (part === undefined) continue;
    left.delete(name);
    found[member.name] = valueOf(member, part, dialect, path + name);
  }
  const [unknown] = left;
  if (unknown !== undefined)
    throw new Refusal('UnknownParameter', 400, `The parameter ${path}${unknown} is not recognized`);
  return found;
}

function valueOf(member: Member, node: Node, dialect: QueryDialect, path: string): unknown {
  const { shape } = member;
  const value = node.value ?? '';
  switch (shape.kind) {
    case 'struct':
      return struct(shape, node, dialect, `${path}.`);
    case 'list':
      return list(member, node, dialect, path);
    case 'timestamp':
      return new Date(/^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : value);
    case 'number':
      return Number(value);
    case 'boolean':
      return value === 'true';
    default:
      return value;
  }
}

function list(member: Member, node: Node, dialect: QueryDialect, path: string): unknown[] {
  const { item } = member.shape;
  const isFlat = dialect === 'ec2' || member.isFlat;
  const numbered = isFlat ? node : node.below.get(item?.xmlName ?? 'member');
  if (item === undefined || numbered === undefined) return [];
  return [...numbered.below]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([number, one]) => valueOf(item, one, dialect, `${path}.${number}`));
}
