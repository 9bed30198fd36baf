import type { Clock } from '../../kernel/clock.ts';
import { StoreUnavailable } from '../store.ts';
import { checkEntry, type Ephemeral } from './port.ts';

interface Entry {
  readonly value: string;
  /** Unix ms. */
  readonly endsAt: number;
}

const ENTRIES_MAX = 100_000;

/** Short-lived values in this process's memory: gone with it, and no other process sees them. */
export function openMemory(clock: Clock, entriesMax = ENTRIES_MAX): Ephemeral {
  const entries = new Map<string, Entry>();
  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.endsAt > clock.now() ? entry : undefined;
  };
  const sweep = (limit: number): number => {
    const now = clock.now();
    let swept = 0;
    for (const [key, { endsAt }] of entries) {
      if (swept >= limit) break;
      if (endsAt <= now && entries.delete(key)) swept += 1;
    }
    return swept;
  };
  const write = (key: string, value: string, endsAt: number): void => {
    if (entries.size >= entriesMax && !entries.has(key) && sweep(entriesMax) === 0) {
      throw new StoreUnavailable('too many short-lived values are in memory');
    }
    entries.set(key, { value, endsAt });
  };
  return {
    kind: 'memory',
    async put(key, value, ttlMs) {
      checkEntry(key, value, ttlMs);
      write(key, value, clock.now() + ttlMs);
    },
    get: async (key) => find(key)?.value,
    async claim(key, value, ttlMs) {
      checkEntry(key, value, ttlMs);
      if (find(key) !== undefined) return false;
      write(key, value, clock.now() + ttlMs);
      return true;
    },
    async take(key) {
      const found = find(key);
      entries.delete(key);
      return found?.value;
    },
    async increment(key, by, ttlMs) {
      checkEntry(key, '', ttlMs);
      const known = find(key);
      const sum = Number(known?.value ?? 0) + by;
      write(key, String(sum), known?.endsAt ?? clock.now() + ttlMs);
      return sum;
    },
    sweep: async (limit) => sweep(limit),
    close: async () => entries.clear(),
  };
}
