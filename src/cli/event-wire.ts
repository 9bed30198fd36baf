import { Type } from 'typebox';
import { deliveryWithAttemptsWire } from '../delivery/wire.ts';
import { matterWire, matterWithEventsWire } from '../events/matters/wire.ts';
import { acknowledgementWire, noteWire } from '../events/notes/wire.ts';
import { eventPageWire, eventSummaryWire, eventWire } from '../events/wire.ts';
import { pageOf } from '../kernel/paging.ts';
import type { Static } from '../kernel/schema.ts';

/** A service that is older than the command line says less. */
const { state, acknowledged, geo, ...summary } = eventSummaryWire.properties;
const sinceLater = {
  state: Type.Optional(state),
  acknowledged: Type.Optional(acknowledged),
  geo: Type.Optional(geo),
};

/** What the API says of events, as the command line checks it. */
export const eventSummary = Type.Object({ ...summary, ...sinceLater });
export const eventPage = Type.Object({
  ...pageOf(eventSummary).properties,
  search: eventPageWire.properties.search,
});
export type EventSummary = Static<typeof eventSummary>;

export const eventDetails = Type.Object({
  ...eventWire.properties,
  ...sinceLater,
  acknowledgement: Type.Optional(eventWire.properties.acknowledgement),
  notes: Type.Optional(eventWire.properties.notes),
  deliveries: Type.Array(deliveryWithAttemptsWire),
});
export type EventDetails = Static<typeof eventDetails>;
export type DeliveryDetails = Static<typeof deliveryWithAttemptsWire>;

export { acknowledgementWire as acknowledgement, noteWire as note };

export const matterPage = pageOf(matterWire);
export const matterDetails = matterWithEventsWire;
export type MatterSummary = Static<typeof matterWire>;
export type MatterDetails = Static<typeof matterDetails>;
