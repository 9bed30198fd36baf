import { Type } from 'typebox';
import { deliveryWithAttemptsWire } from '../delivery/wire.ts';
import { eventSummaryWire, eventWire } from '../events/wire.ts';
import { pageOf } from '../kernel/paging.ts';
import type { Static } from '../kernel/schema.ts';

/** What the API says of events, as the command line checks it. */
export const eventPage = pageOf(eventSummaryWire);
export type EventSummary = Static<typeof eventSummaryWire>;

export const eventDetails = Type.Object({
  ...eventWire.properties,
  deliveries: Type.Array(deliveryWithAttemptsWire),
});
export type EventDetails = Static<typeof eventDetails>;
export type DeliveryDetails = Static<typeof deliveryWithAttemptsWire>;
