/** One side of what happened, as its sender tells it: an address, the country that the sender names, or both. */
export interface Endpoint {
  /** IPv4 or IPv6 as text. */
  readonly address?: string;
  /** ISO 3166-1 alpha-2 or alpha-3, as it came. Believed over what the address says. */
  readonly country?: string;
}

/** Where it came from and what it went to. */
export interface Endpoints {
  readonly source: readonly Endpoint[];
  readonly destination: readonly Endpoint[];
}

/** Alpha-2 in upper case; `private`: an address of no public network; `unknown`: one that no country is known for. */
export type Place = string;
export const PLACE_PATTERN = '^(?:[A-Z]{2}|private|unknown)$';

/** Where an event's two sides are, and whether the country lists allow that. */
export interface Geo {
  /** Undefined when the event names no such side. */
  readonly source: Place | undefined;
  readonly destination: Place | undefined;
  /** False when a side lies in a country outside of its list. What is private or unknown is not disallowed. */
  readonly allowed: boolean;
}

/** Finds the places of an event's sides; undefined when neither is named. Called for every event: takes microseconds. */
export type Locate = (endpoints: Endpoints) => Geo | undefined;

/** Where nothing is known of countries. */
export const locateNothing: Locate = () => undefined;

/** In words: `from RU to private, not allowed`. */
export function geoWords(
  geo: {
    readonly [Side in 'source' | 'destination']: Place | null | undefined;
  } & Pick<Geo, 'allowed'>,
): string {
  const source = geo.source ? `from ${geo.source}` : '';
  const destination = geo.destination ? `to ${geo.destination}` : '';
  const sides = [source, destination].filter((side) => side !== '').join(' ');
  return geo.allowed ? sides : `${sides}, not allowed`;
}
