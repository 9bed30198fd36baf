/** Finds things of a list by a key of theirs; a list is gone through once, for as long as it is that list. */
export function indexed<T>(
  keyOf: (item: T) => string | undefined,
): (all: readonly T[], key: string) => readonly T[] {
  const indexes = new WeakMap<readonly T[], Map<string, T[]>>();
  return (all, key) => {
    const index = indexes.get(all) ?? grouped(all, keyOf);
    indexes.set(all, index);
    return index.get(key) ?? [];
  };
}

function grouped<T>(all: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of all) {
    const key = keyOf(item) ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
