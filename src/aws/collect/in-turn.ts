/** Does something with each, so many at once; the results in the order of the values. */
export async function inTurn<T, R>(
  values: readonly T[],
  atOnce: number,
  work: (value: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const left = values.entries();
  const worker = async () => {
    for (const [at, value] of left) results.set(at, await work(value));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
