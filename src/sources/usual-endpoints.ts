import type { Endpoints } from '../events/geo.ts';
import type { JsonObject } from '../kernel/json.ts';
import { endpoint, endpointsOf } from './endpoints.ts';

const SOURCES = ['src_ip', 'source_ip', 'srcip', 'client_ip', 'remote_addr'];
const DESTINATIONS = ['dst_ip', 'dest_ip', 'destination_ip', 'dstip'];
/** Of a side when no other name tells one. */
const ADDRESSES = ['ip', 'ip_address'];

/** Both sides as most senders name them; their countries have no name that most agree on. */
export function usualEndpoints(record: JsonObject): Endpoints | undefined {
  const of = (names: readonly string[]) =>
    names.flatMap((name) => (Object.hasOwn(record, name) ? endpoint(record[name]) : []));
  const sources = of(SOURCES);
  return endpointsOf(sources.length > 0 ? sources : of(ADDRESSES), of(DESTINATIONS));
}
