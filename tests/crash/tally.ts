import type { Arrival, StoredRows } from './stage.ts';

/** What became of everything that a sender was told is taken. */
export interface Tally {
  readonly events: number;
  readonly deliveries: number;
  /** Answered 200, and no event with their key. */
  readonly notStored: readonly string[];
  /** Keys that made more than one event. */
  readonly storedTwice: readonly string[];
  /** Events that never reached the receiver. */
  readonly notArrived: readonly string[];
  /** Deliveries that one and the same process sent more than once. */
  readonly repeatedInOneLife: readonly string[];
  /** Deliveries that a later process sent again, by the process that sent them before. */
  readonly repeatedAfter: ReadonlyMap<number, number>;
  /** Delivery ids that came with more than one event. */
  readonly unsteady: readonly string[];
}

export function tally(
  acknowledged: ReadonlySet<string>,
  { events, deliveries }: Pick<StoredRows, 'events' | 'deliveries'>,
  arrivals: readonly Arrival[],
): Tally {
  const arrived = new Set(arrivals.map(({ eventId }) => eventId));
  const byDelivery = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const others = byDelivery.get(arrival.deliveryId);
    if (others === undefined) byDelivery.set(arrival.deliveryId, [arrival]);
    else others.push(arrival);
  }
  const repeated = [...byDelivery.values()].filter((all) => all.length > 1);
  return {
    events: [...events.values()].flat().length,
    deliveries: deliveries.length,
    notStored: [...acknowledged].filter((key) => !events.has(key)),
    storedTwice: [...events].filter(([, ids]) => ids.length > 1).map(([key]) => key),
    notArrived: [...events.values()].flat().filter((id) => !arrived.has(id)),
    repeatedInOneLife: repeated
      .filter((all) => lives(all).size < all.length)
      .map((all) => all[0]?.deliveryId ?? ''),
    repeatedAfter: countEarlierLives(repeated),
    unsteady: [...byDelivery]
      .filter(([, all]) => new Set(all.map(({ eventId }) => eventId)).size > 1)
      .map(([id]) => id),
  };
}

const lives = (arrivals: readonly Arrival[]): Set<number> => new Set(arrivals.map(({ life }) => life));

/** Each repeat is put down to the process that had sent before it: that one was killed before it had noted so. */
function countEarlierLives(repeated: readonly (readonly Arrival[])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const all of repeated) {
    const ordered = [...lives(all)].sort((a, b) => a - b);
    for (const life of ordered.slice(0, -1)) counts.set(life, (counts.get(life) ?? 0) + 1);
  }
  return counts;
}

/** The line that a run is summed up in. */
export function figures(name: string, found: Tally, kills: number): string {
  const repeats = [...found.repeatedAfter.values()];
  const total = repeats.reduce((sum, count) => sum + count, 0);
  return (
    `${name}: ${found.events} events, ${kills} kills, lost ${found.notStored.length + found.notArrived.length}, ` +
    `sent twice ${total} (at most ${Math.max(0, ...repeats)} after one kill)`
  );
}
