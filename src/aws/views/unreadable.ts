import type { FailureKind, ReadFailure, Reading } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';

/** Why a member is null though there may be something. */
export interface Unreadable {
  readonly member: string;
  readonly action: Action;
  readonly reason: FailureKind;
  /** The region, or `global`. */
  readonly region: string;
}

/** Failures of one member that are told; there is one per action and region, and a listing can have many. */
const TOLD_MAX = 100;

/** Each action and region once. */
export function unreadableOf(member: string, failures: readonly ReadFailure[]): readonly Unreadable[] {
  const told = new Map<string, Unreadable>();
  for (const { action, kind, region } of failures) {
    if (told.size >= TOLD_MAX) break;
    const place = `${action}\n${region}`;
    if (!told.has(place)) told.set(place, { member, action, reason: kind, region });
  }
  return [...told.values()];
}

/** Collects what of one thing could not be read, while its members are made. */
export class UnreadMembers {
  readonly #list: Unreadable[] = [];

  /** What is made of the value, or null with word of why. */
  of<T, M>(member: string, reading: Reading<T>, make: (value: T) => M): M | null {
    if (reading.kind === 'read') return make(reading.value);
    this.add(member, [reading.failure]);
    return null;
  }

  add(member: string, failures: readonly ReadFailure[]): void {
    this.#list.push(...unreadableOf(member, failures));
  }

  get list(): readonly Unreadable[] {
    return this.#list;
  }

  /** To be spread into a row of a list: there is a member `unreadable` only where something is. */
  get member(): { readonly unreadable?: readonly Unreadable[] } {
    return this.#list.length === 0 ? {} : { unreadable: this.#list };
  }
}
