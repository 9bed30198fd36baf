/**
 * Values that live for a short time: counters of rate limits, and whatever else may be forgotten. Every key has an
 * end; past it the value is as good as never written. Adapters: the process's memory, the SQL store, Redis.
 *
 * Keys are made by the program, at most 512 characters; values are texts of at most 64 KiB. All calls reject with
 * StoreUnavailable while what is behind them cannot be reached.
 */
export interface Ephemeral {
  /** Where the values are: `memory` is this process's alone. */
  readonly kind: 'memory' | 'sql' | 'redis';
  /** Writes a value, over an older one. */
  put(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** Writes a value where there is none; of many who ask at once exactly one hears true. */
  claim(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Reads a value and removes it; of many who ask at once exactly one gets it. */
  take(key: string): Promise<string | undefined>;
  /** Adds to a whole number that begins at 0 and returns the sum. `ttlMs` counts from the first addition. */
  increment(key: string, by: number, ttlMs: number): Promise<number>;
  /** Deletes up to `limit` values past their end; returns how many. Where the adapter does that by itself: 0. */
  sweep(limit: number): Promise<number>;
  close(): Promise<void>;
}

export const KEY_CHARS_MAX = 512;
export const VALUE_CHARS_MAX = 65_536;

/** A key, a value or a time that is out of bounds is a fault of the program. */
export function checkEntry(key: string, value: string, ttlMs: number): void {
  if (key === '' || key.length > KEY_CHARS_MAX) throw new TypeError('a short-lived value with no usable key');
  if (value.length > VALUE_CHARS_MAX) throw new TypeError('a short-lived value that is too long');
  if (!Number.isSafeInteger(ttlMs) || ttlMs <= 0) throw new TypeError('a short-lived value without an end');
}
