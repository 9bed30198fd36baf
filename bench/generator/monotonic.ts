/** Milliseconds of the machine's monotonic clock: the same in every process, so instants of two can be subtracted. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
