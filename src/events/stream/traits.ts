import { severityRank, type TocsinEvent } from '../event.ts';
import type { EventFilter } from '../store.ts';

/** The filters that an event itself answers. */
export type TraitFilter = Omit<EventFilter, 'since' | 'until' | 'acknowledged'>;

type Traits = Omit<TocsinEvent, 'payload'> & { readonly unrouted: boolean };

/** Whether the store would find the event by this filter. */
export const fits = (event: Traits, filter: TraitFilter): boolean =>
  (filter.source === undefined || filter.source === event.source) &&
  (filter.type === undefined || filter.type === event.type) &&
  (filter.severityMin === undefined || severityRank(event.severity) >= severityRank(filter.severityMin)) &&
  (filter.subject === undefined || filter.subject === event.subject?.id) &&
  (filter.internal === undefined || filter.internal === (event.internalAlert !== undefined)) &&
  (filter.unrouted === undefined || filter.unrouted === event.unrouted) &&
  (filter.state === undefined || filter.state === event.state) &&
  (filter.fingerprint === undefined ||
    (filter.fingerprint === event.fingerprint && event.state !== undefined)) &&
  (filter['geo.source'] === undefined || filter['geo.source'] === event.geo?.source) &&
  (filter['geo.destination'] === undefined || filter['geo.destination'] === event.geo?.destination) &&
  (filter['geo.allowed'] === undefined || filter['geo.allowed'] === event.geo?.allowed);
