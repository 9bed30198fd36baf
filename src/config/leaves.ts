import { formatPath, joinPath } from './path.ts';
import { isGroup } from './schema-view.ts';

export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** The values below a path that are shown as one: texts, numbers, lists of them, empty groups. */
export function leavesOf(value: unknown, path: string): readonly Leaf[] {
  if (isGroup(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, child]) =>
      leavesOf(child, joinPath(path, formatPath([key]))),
    );
  }
  if (Array.isArray(value) && value.some((entry) => typeof entry === 'object')) {
    return value.flatMap((entry, index) => leavesOf(entry, `${path}[${index}]`));
  }
  return [{ path, value }];
}
