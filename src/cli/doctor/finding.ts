/** `warn`: it runs, but not well or not for long. `fail`: it does not, or loses what it should keep. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** What one check found. No secret is in it, nor a URL's path or query. */
export interface Finding {
  /** What was looked at: `store`, `target mail`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly what: string;
  /** What to do about it; null when all is well. */
  readonly todo: string | null;
}

export const ok = (check: string, what: string): Finding => ({ check, verdict: 'ok', what, todo: null });
export const warn = (check: string, what: string, todo: string): Finding => ({
  check,
  verdict: 'warn',
  what,
  todo,
});
export const fail = (check: string, what: string, todo: string): Finding => ({
  check,
  verdict: 'fail',
  what,
  todo,
});
