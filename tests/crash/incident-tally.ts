import { at, listAt } from '../support/ask.ts';
import type { Service } from '../support/service.ts';
import { numberAt } from './incident-traffic.ts';

/** An incident as the API tells it. */
export interface ToldIncident {
  readonly id: string;
  /** Undefined for one of the fixtures. */
  readonly n: number | undefined;
  readonly isListed: boolean;
  readonly eventId: string | undefined;
}

/** What a store holds of a feed, read through the API. */
export interface IncidentTally {
  readonly incidents: readonly ToldIncident[];
  /** Ids of events by the incident that they tell of. */
  readonly events: ReadonlyMap<string, readonly string[]>;
  readonly backlogs: readonly unknown[];
}

export async function tallyIncidents(service: Service, feed: string): Promise<IncidentTally> {
  const pages = await all(service, `/api/v1/incidents?feed=${feed}`);
  const incidents = pages.map((one) => ({
    id: String(at(one, 'id')),
    isListed: at(one, 'listed') === true,
    eventId: at(one, 'eventId') === null ? undefined : String(at(one, 'eventId')),
    n: numberAt(Number(at(one, 'timestamp'))),
  }));
  const events = new Map<string, string[]>();
  const backlogs: unknown[] = [];
  for (const event of await all(service, `/api/v1/events?source=${feed}`)) {
    const incident = at(event, 'labels', 'incident');
    if (at(event, 'type') === 'incident.backlog') backlogs.push(event);
    else events.set(String(incident), [...(events.get(String(incident)) ?? []), String(at(event, 'id'))]);
  }
  return { incidents, events, backlogs };
}

async function all(service: Service, path: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for (let cursor = ''; ;) {
    const page: unknown = await (await service.api(`${path}&limit=200${cursor}`)).json();
    items.push(...listAt(page, 'items'));
    const next = at(page, 'nextCursor');
    if (typeof next !== 'string') return items;
    cursor = `&cursor=${next}`;
  }
}

/** What is wrong with a tally, whatever was to be told: each list is empty when all is well. */
export function faultsOf({ incidents, events }: IncidentTally, listedNow: ReadonlySet<number>) {
  const ids = new Set(incidents.map(({ id }) => id));
  const own = incidents.filter(({ n }) => n !== undefined);
  return {
    storedTwice: repeated(own.map(({ n }) => String(n))),
    toldTwice: [...events].filter(([, told]) => told.length > 1).map(([id]) => id),
    toldWrongly: incidents.filter(({ id, eventId }) => events.get(id)?.[0] !== eventId).map(({ id }) => id),
    toldOfNothing: [...events.keys()].filter((id) => !ids.has(id)),
    listedAndGone: own.filter(({ n, isListed }) => n !== undefined && isListed !== listedNow.has(n)),
  };
}

export const noFaults = {
  storedTwice: [],
  toldTwice: [],
  toldWrongly: [],
  toldOfNothing: [],
  listedAndGone: [],
};

const repeated = (names: readonly string[]): string[] =>
  names.filter((name, at) => names.indexOf(name) !== at);
