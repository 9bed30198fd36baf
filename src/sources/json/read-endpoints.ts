import type { Endpoint, Endpoints } from '../../events/geo.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { itemsOf } from '../fields.ts';
import { usualEndpoints } from '../usual-endpoints.ts';
import { compilePlace } from './place.ts';
import type { JsonSettings } from './settings.ts';

type Mapped = NonNullable<JsonSettings['map']>['endpoints'];
const VALUES_MAX = 100;

/** Both sides, by the places of the config, else by their usual names. */
export function endpointsReader(endpoints: Mapped): (record: JsonObject) => Endpoints | undefined {
  if (endpoints === undefined) return usualEndpoints;
  const sourceOf = sideReader(endpoints.source);
  const destinationOf = sideReader(endpoints.destination);
  return (record) => endpointsOf(sourceOf(record), destinationOf(record));
}

/** Of every place for an address and of every entry of a list there; a country is the whole side's. */
function sideReader(side: NonNullable<Mapped>['source']): (record: JsonObject) => readonly Endpoint[] {
  const addressesOf = compilePlace(side?.address);
  const countriesOf = compilePlace(side?.country);
  return (record) => {
    const alone = countriesOf(record).flatMap((value) => endpoint(undefined, value))[0];
    const addressed = addressesOf(record)
      .flatMap((value) => (Array.isArray(value) ? itemsOf(value, VALUES_MAX) : [value]))
      .flatMap((value) => endpoint(value))
      .map((one) => ({ ...one, ...alone }));
    return addressed.length > 0 || alone === undefined ? addressed : [alone];
  };
}
