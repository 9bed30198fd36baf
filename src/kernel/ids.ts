import { randomUUID } from 'node:crypto';

/** A string that carries what it identifies in its type, so that a delivery's id never stands in for an event's. */
export type Id<Prefix extends string> = `${Prefix}_${string}`;
export type EventId = Id<'evt'>;
export type DeliveryId = Id<'dlv'>;

let lastMs = 0;
let sequence = 0;

/**
 * A UUIDv7 (RFC 9562, method 1): 48 bits of Unix milliseconds, a 12-bit counter that keeps ids of one
 * process in the order they were made, 62 random bits. `randomUUID` supplies the randomness because it draws
 * from a pool; `randomBytes` per id costs a system call.
 */
export function uuidv7(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    // The counter is spent within one millisecond, or the clock went back: borrow from the next millisecond.
    lastMs += 1;
    sequence = 0;
  }
  return format(lastMs, 0x7000 + sequence, randomUUID().slice(19));
}

function format(ms: number, versionAndCounter: number, tail: string): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${versionAndCounter.toString(16)}-${tail}`;
}

export const newEventId = (nowMs?: number): EventId => `evt_${uuidv7(nowMs)}`;
export const newDeliveryId = (nowMs?: number): DeliveryId => `dlv_${uuidv7(nowMs)}`;

/** The smallest id with this prefix that could have been made at `ms`: a bound for range queries by time. */
export function idLowerBound<P extends string>(prefix: P, ms: number): Id<P> {
  return `${prefix}_${format(Math.max(0, Math.floor(ms)), 0x7000, '8000-000000000000')}`;
}

/** When an id was made: Unix ms. */
export const idMs = (id: Id<string>): number => {
  const uuid = id.slice(id.indexOf('_') + 1);
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
};

/** A UUIDv7, in lower case. */
export const UUID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
export const EVENT_ID_PATTERN = `^evt_${UUID_PATTERN}$`;
export const DELIVERY_ID_PATTERN = `^dlv_${UUID_PATTERN}$`;
