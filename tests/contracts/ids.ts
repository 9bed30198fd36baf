import { type DeliveryId, type EventId, idLowerBound } from '../../src/kernel/ids.ts';

/** The nth of the ids that could be made in one millisecond, in their order. */
export const eventIdAt = (ms: number, n = 1): EventId => nth(idLowerBound('evt', ms), n);
export const deliveryIdAt = (ms: number, n = 1): DeliveryId => nth(idLowerBound('dlv', ms), n);

function nth<T extends string>(bound: T, n: number): T {
  // The bound ends in zeros; what stands there is the random part.
  return (bound.slice(0, -12) + n.toString(16).padStart(12, '0')) as T;
}
