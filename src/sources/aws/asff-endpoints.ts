import type { Endpoint, Endpoints } from '../../events/geo.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { itemsOf, objectOf } from '../fields.ts';

const SEEN_MAX = 50;

/** The two ends as the network says them; of an action the remote one is where it came from, unless it went out. */
export function asffEndpoints(finding: JsonObject): Endpoints | undefined {
  const network = objectOf(finding['Network']);
  const action = objectOf(finding['Action']);
  const connection = objectOf(action['NetworkConnectionAction']);
  const remote = ofDetails(connection['RemoteIpDetails']);
  const isOut = connection['ConnectionDirection'] === 'OUTBOUND';
  const probes = itemsOf(objectOf(action['PortProbeAction'])['PortProbeDetails'], SEEN_MAX).map(objectOf);
  return endpointsOf(
    [
      ...['SourceIpV4', 'SourceIpV6'].flatMap((name) => endpoint(network[name])),
      ...(isOut ? [] : remote),
      ...ofDetails(objectOf(action['AwsApiCallAction'])['RemoteIpDetails']),
      ...probes.flatMap((probe) => ofDetails(probe['RemoteIpDetails'])),
    ],
    [
      ...['DestinationIpV4', 'DestinationIpV6'].flatMap((name) => endpoint(network[name])),
      ...(isOut ? remote : []),
      ...probes.flatMap((probe) => ofDetails(probe['LocalIpDetails'])),
    ],
  );
}

function ofDetails(details: unknown): readonly Endpoint[] {
  const { IpAddressV4: address, Country: country } = objectOf(details);
  return endpoint(address, objectOf(country)['CountryCode']);
}
