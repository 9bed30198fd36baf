import type { Endpoint, Endpoints, Geo, Place } from '../events/geo.ts';
import { countryOf } from './country.ts';
import { PRIVATE, UNKNOWN } from './ip-country.ts';
import { type CountryLists, type Side, sides } from './lists.ts';

/** Where a side is, and whether that is a country outside of its list. */
interface Standing {
  readonly place: Place;
  readonly isOutside: boolean;
}

/** Judges events by the two lists. */
export class GeoPolicy {
  readonly #placeOf: (address: string) => Place;
  #allowed: Readonly<Record<Side, ReadonlySet<string>>>;

  /** `placeOf`: alpha-2, `private` or `unknown` for what is said to be an address. */
  constructor(lists: CountryLists, placeOf: (address: string) => Place) {
    this.#placeOf = placeOf;
    this.#allowed = setsOf(lists);
  }

  /** Events that come from now on are judged by these. */
  use(lists: CountryLists): void {
    this.#allowed = setsOf(lists);
  }

  readonly locate = (endpoints: Endpoints): Geo | undefined => {
    const [source, destination] = sides.map((side) => this.#judge(side, endpoints[side]));
    if (source === undefined && destination === undefined) return undefined;
    return {
      source: source?.place,
      destination: destination?.place,
      allowed: source?.isOutside !== true && destination?.isOutside !== true,
    };
  };

  /** The first country outside, else the first country, else what comes nearest to one. */
  #judge(side: Side, endpoints: readonly Endpoint[]): Standing | undefined {
    if (endpoints.length === 0) return undefined;
    let inside: Place | undefined;
    let nowhere: Place = UNKNOWN;
    for (const endpoint of endpoints) {
      const place = this.#placeOfEndpoint(endpoint);
      if (place === PRIVATE) nowhere = PRIVATE;
      else if (place !== UNKNOWN) {
        if (!this.#allowed[side].has(place)) return { place, isOutside: true };
        inside ??= place;
      }
    }
    return { place: inside ?? nowhere, isOutside: false };
  }

  #placeOfEndpoint({ address, country }: Endpoint): Place {
    const told = country === undefined ? undefined : countryOf(country)?.alpha2;
    return told ?? (address === undefined ? UNKNOWN : this.#placeOf(address));
  }
}

const setsOf = ({ source, destination }: CountryLists) => ({
  source: new Set(source),
  destination: new Set(destination),
});
