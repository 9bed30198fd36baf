import { read, type Reading } from '../inventory/reading.ts';

/**
 * True where all are; false as soon as one is, whatever the others would say: what could not be read only leaves open
 * what nothing else decides.
 */
export const allOf = (...readings: readonly Reading<boolean>[]): Reading<boolean> => decide(readings, false);

/** True as soon as one is; false where none is. */
export const anyOf = (...readings: readonly Reading<boolean>[]): Reading<boolean> => decide(readings, true);

export const not = (reading: Reading<boolean>): Reading<boolean> => mapped(reading, (value) => !value);

export const mapped = <T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> =>
  reading.kind === 'read' ? read(change(reading.value)) : reading;

function decide(readings: readonly Reading<boolean>[], decisive: boolean): Reading<boolean> {
  if (readings.some((one) => one.kind === 'read' && one.value === decisive)) return read(decisive);
  return readings.find((one) => one.kind === 'unread') ?? read(!decisive);
}
