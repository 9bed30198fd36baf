/** The work's end, or `late` once the signal aborts. Whoever comes too late does not begin. */
export async function orTimeout<T>(work: Promise<T>, late: T, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => {};
  const aborted = new Promise<T>((resolve) => {
    onAbort = () => resolve(late);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
