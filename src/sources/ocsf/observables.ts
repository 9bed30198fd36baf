import type { Observable, ObservableKind } from '../../events/event.ts';
import type { Endpoint, Endpoints } from '../../events/geo.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { itemsOf, objectOf } from '../fields.ts';
import { observed } from '../observe.ts';

const LISTED_MAX = 200;
const EVIDENCES_MAX = 20;

/** The `type_id`s of OCSF's observables that are addresses, users, hosts or URLs. */
const KINDS: ReadonlyMap<unknown, ObservableKind> = new Map([
  [1, 'host'],
  [2, 'ip'],
  [4, 'user'],
  [5, 'user'],
  [6, 'url'],
  [31, 'user'],
]);

/** Those that the record lists, then those that stand in the usual places: many records list none. */
export function observablesOf(record: JsonObject): readonly Observable[] {
  const listed = itemsOf(record['observables'], LISTED_MAX).map(objectOf);
  const evidences = itemsOf(record['evidences'], EVIDENCES_MAX).map(objectOf);
  const device = objectOf(record['device']);
  return [
    ...listed.flatMap(({ type_id: type, value }) => {
      const kind = KINDS.get(type);
      return kind === undefined ? [] : observed(kind, value);
    }),
    ...[record, ...evidences].flatMap(ofPlaces),
    ...observed('ip', device['ip']),
    ...observed('host', device['hostname']),
  ];
}

function ofPlaces(record: JsonObject): readonly Observable[] {
  const endpoints = [objectOf(record['src_endpoint']), objectOf(record['dst_endpoint'])];
  const users = [objectOf(objectOf(record['actor'])['user']), objectOf(record['user'])];
  return [
    ...endpoints.flatMap(({ ip, hostname }) => [...observed('ip', ip), ...observed('host', hostname)]),
    ...users.flatMap((user) => observed('user', user['name'] ?? user['email_addr'] ?? user['uid'])),
  ];
}

/** Of the record, and of a finding's evidences; a location's country is its two letters. */
export function endpointsIn(record: JsonObject): Endpoints | undefined {
  const places = [record, ...itemsOf(record['evidences'], EVIDENCES_MAX).map(objectOf)];
  return endpointsOf(
    places.flatMap((place) => ofEndpoint(place['src_endpoint'])),
    places.flatMap((place) => ofEndpoint(place['dst_endpoint'])),
  );
}

function ofEndpoint(value: unknown): readonly Endpoint[] {
  const { ip, location } = objectOf(value);
  return endpoint(ip, objectOf(location)['country']);
}
