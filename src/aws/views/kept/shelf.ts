import type { ReadFailure } from '../../inventory/reading.ts';
import type { Room, Tenant } from './room.ts';

/** Who asks, with what. */
export interface Asking {
  readonly owner: string;
  /** Stands for the reader: what it has under way ends with it. */
  readonly reader: object;
  /** Nothing that is kept will do. */
  readonly isForced: boolean;
  /** Unix ms. */
  readonly now: number;
  /** Hears of each read that an answer is made of when it began, Unix ms. */
  readonly used: (readAt: number) => void;
}

/** How one sort of reads is weighed. */
export interface Weighing<T> {
  readonly items: (value: T) => number;
  readonly failures: (value: T) => readonly ReadFailure[];
}

/** For so long filters, pages and the summary are made of what was read. */
export const KEPT_MS = 60_000;
/** A denial is kept for long enough that a page which is reloaded does not ask again, and a new policy soon tells. */
export const DENIAL_KEPT_MS = 10_000;

interface Kept<T> extends Tenant {
  readonly value: T;
  readonly readAt: number;
}
interface UnderWay<T> {
  readonly reader: object;
  readonly isForced: boolean;
  readonly readAt: number;
  readonly value: Promise<T>;
}

/** Reads of one sort, kept for a while by owner and place. Whoever asks for what is being read waits for that. */
export class Shelf<T> {
  readonly #room: Room;
  readonly #weighing: Weighing<T>;
  readonly #kept = new Map<string, Kept<T>>();
  readonly #underWay = new Map<string, UnderWay<T>>();

  constructor(room: Room, weighing: Weighing<T>) {
    this.#room = room;
    this.#weighing = weighing;
  }

  async read(asking: Asking, place: readonly [string, ...string[]], load: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([asking.owner, ...place]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && isGood(kept, asking)) {
      asking.used(kept.readAt);
      return kept.value;
    }
    const { value, readAt } = this.#running(key, asking, load);
    asking.used(readAt);
    return value;
  }

  /**
   * What another reader has under way may be ended with it, and who insists may want what changed since another began:
   * neither is shared. Those who insist at once share theirs.
   */
  #running(key: string, asking: Asking, load: () => Promise<T>): UnderWay<T> {
    const running = this.#underWay.get(key);
    const { reader, isForced, now } = asking;
    if (running?.reader === reader && (running.isForced || !isForced)) return running;
    const begun = { reader, isForced, readAt: now, value: load() };
    this.#underWay.set(key, begun);
    const settle = (value?: T): void => {
      // Another reader's, or forgotten: it is not for those who come now.
      if (this.#underWay.get(key) !== begun) return;
      this.#underWay.delete(key);
      if (value !== undefined) this.#keep(key, asking, value);
    };
    begun.value.then(settle, () => settle());
    return begun;
  }

  #keep(key: string, { owner, now }: Asking, value: T): void {
    const before = this.#kept.get(key);
    if (before !== undefined) this.#room.remove(before);
    const endsAt = now + keptMs(this.#weighing.failures(value), this.#room.keptMs);
    const items = 1 + this.#weighing.items(value);
    if (endsAt === now || !this.#room.holds(items)) return;
    const drop = () => void this.#kept.delete(key);
    const kept = { owner, items, endsAt, drop, value, readAt: now };
    this.#kept.set(key, kept);
    this.#room.add(kept);
  }

  /** What is under way for the owner is nobody's any more when it comes. */
  forget(owner: string): void {
    const beginning = `[${JSON.stringify(owner)},`;
    for (const key of this.#underWay.keys()) if (key.startsWith(beginning)) this.#underWay.delete(key);
  }
}

/** A clock that went back makes nothing last longer. */
const isGood = ({ readAt, endsAt }: Kept<unknown>, { now, isForced }: Asking): boolean =>
  isForced ? readAt === now : now >= readAt && now < endsAt;

function keptMs(failures: readonly ReadFailure[], mostMs: number): number {
  if (failures.length === 0) return mostMs;
  return failures.every(({ kind }) => kind === 'denied') ? Math.min(DENIAL_KEPT_MS, mostMs) : 0;
}
