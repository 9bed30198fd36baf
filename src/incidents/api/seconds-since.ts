/** Whole; never below 0, though the machine's clock may have gone back. */
export const secondsSince = (ms: number, now: number): number => Math.max(0, Math.floor((now - ms) / 1_000));
