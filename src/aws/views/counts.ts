/** How many there are of each; null is counted as `unknown`. In the order of the names. */
export function countsOf(names: Iterable<string | null>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const said = name ?? 'unknown';
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
