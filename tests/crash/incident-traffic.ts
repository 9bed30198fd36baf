import { elevateTypes } from '../../src/incidents/feeds/presets.ts';
import type { IncidentUpstream } from '../support/incident-upstream.ts';
import { seeded } from './seeded.ts';

const EVERY_MS = 25;
/** Later than anything in the fixtures. */
const FIRST_AT = 1_900_000_000;
const A_SECOND = 8;
const LEVELS = ['low', 'medium', 'high', 'critical'];
/** Of what it does this share takes something off a list, and this puts it back; percent. */
const TAKEN_OFF = 12;
const PUT_BACK = 12;

/** An upstream on which something happens all the time: incidents come, a few leave their lists, some come back. */
export class IncidentTraffic {
  readonly #upstream: IncidentUpstream;
  readonly #draw: (min: number, max: number) => number;
  readonly #off: { readonly type: string; readonly record: unknown }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #count = 0;
  /** What was added before that one is stored: it may leave its list, for it has been seen there. Nothing at first. */
  settled = 0;

  constructor(upstream: IncidentUpstream, seed: number) {
    this.#upstream = upstream;
    this.#draw = seeded(seed);
  }

  /** So many were added: each says its number in `n`. */
  get added(): number {
    return this.#count;
  }

  /** What stands on a list now of what was added. */
  get listed(): ReadonlySet<number> {
    return new Set([...this.#upstream.lists.values()].flat().flatMap((record) => numberOf(record) ?? []));
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#step(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  add(): void {
    const { type, employee, address, either } = this.#one(elevateTypes);
    const n = this.#count++;
    const isNamed = address === undefined && (either === undefined || n % 2 === 0);
    const whose = isNamed ? this.#draw(1, 5_000) : this.#one([...this.#upstream.identities.keys()]);
    this.#upstream.add(type, {
      n,
      priority: this.#one(LEVELS),
      [employee ?? address ?? either ?? 'employee_id']: whose,
      timestamp: FIRST_AT + n / A_SECOND,
    });
  }

  /** Takes one that was added off its list. */
  takeOff(): void {
    const { type } = this.#one(elevateTypes);
    const isSettled = (record: unknown): boolean => (numberOf(record) ?? Infinity) < this.settled;
    const own = this.#upstream.records(type).filter(isSettled);
    if (own.length === 0) return;
    const record = this.#one(own);
    this.#upstream.replace(
      type,
      this.#upstream.records(type).filter((other) => other !== record),
    );
    this.#off.push({ type, record });
  }

  /** Puts back what was taken off first. */
  putBack(): void {
    const back = this.#off.shift();
    if (back !== undefined) this.#upstream.add(back.type, back.record);
  }

  #step(): void {
    const chance = this.#draw(1, 100);
    if (chance <= TAKEN_OFF) this.takeOff();
    else if (chance <= TAKEN_OFF + PUT_BACK) this.putBack();
    else this.add();
  }

  #one<T>(all: readonly T[]): T {
    const one = all[this.#draw(0, all.length - 1)];
    if (one === undefined) throw new TypeError('one of none');
    return one;
  }
}

/** The number of what this traffic added, by its time; undefined for what was there before. */
export const numberAt = (timestamp: number): number | undefined =>
  timestamp < FIRST_AT ? undefined : (timestamp - FIRST_AT) * A_SECOND;

function numberOf(record: unknown): number | undefined {
  const timestamp: unknown =
    typeof record === 'object' && record !== null && 'timestamp' in record ? record.timestamp : undefined;
  return typeof timestamp === 'number' ? numberAt(timestamp) : undefined;
}
