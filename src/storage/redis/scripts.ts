/** So long an answer is waited for; the server may get to what was sent after that all the same. */
export const REDIS_ANSWER_MS = 2_000;

/**
 * Redis to who keeps things there by scripts of their own: a script is one atomic step, and so is each of its effects.
 * Keys are made by the program and get the service's prefix in front; what a script makes of `KEYS` has it too.
 */
export interface RedisScripts {
  /** Rejects with StoreUnavailable when it cannot be reached or does not answer in time. */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}
