import type { Endpoint, Endpoints } from '../../events/geo.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { itemsOf, objectOf } from '../fields.ts';

const SEEN_MAX = 50;

interface Connection {
  readonly direction: unknown;
  readonly remote: readonly Endpoint[];
  readonly local: readonly Endpoint[];
}

/** The remote end is where it came from, unless the connection is said to have gone out. */
export function guardDutyEndpoints(finding: JsonObject, action: JsonObject): Endpoints | undefined {
  const service = objectOf(finding['service']);
  const probes = objectOf(objectOf(service['action'])['portProbeAction'])['portProbeDetails'];
  const sequence = objectOf(objectOf(service['detection'])['sequence'])['endpoints'];
  const connections = [
    connectionOf(action),
    ...itemsOf(probes, SEEN_MAX).map((probe) => connectionOf(objectOf(probe))),
    ...itemsOf(sequence, SEEN_MAX).map(objectOf).map(ofSequence),
  ];
  const isOut = ({ direction }: Connection) => direction === 'OUTBOUND';
  return endpointsOf(
    connections.flatMap((one) => (isOut(one) ? one.local : one.remote)),
    connections.flatMap((one) => (isOut(one) ? one.remote : one.local)),
  );
}

const connectionOf = (action: JsonObject): Connection => ({
  direction: action['connectionDirection'],
  remote: ofDetails(action['remoteIpDetails']),
  local: ofDetails(action['localIpDetails']),
});

const ofSequence = ({ ip, location, connection }: JsonObject): Connection => ({
  direction: objectOf(connection)['direction'],
  remote: endpoint(ip, objectOf(location)['country']),
  local: [],
});

/** Of the two addresses one is empty, as a rule. */
function ofDetails(details: unknown): readonly Endpoint[] {
  const { ipAddressV4, ipAddressV6, country } = objectOf(details);
  const code = objectOf(country)['countryCode'];
  const addressed = [ipAddressV4, ipAddressV6].filter((ip) => endpoint(ip).length > 0);
  return addressed.length > 0 ? addressed.flatMap((ip) => endpoint(ip, code)) : endpoint(undefined, code);
}
