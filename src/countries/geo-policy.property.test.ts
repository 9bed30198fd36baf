import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint, Endpoints } from '../events/geo.ts';
import { countries, countryOf } from './country.ts';
import { GeoPolicy } from './geo-policy.ts';
import { type Side, sides } from './lists.ts';

const code = fc.constantFrom(...countries.map(({ alpha2 }) => alpha2));
const codes = fc.uniqueArray(code, { minLength: 1, maxLength: 40 });
const lists = fc.record({ source: codes, destination: codes });
/** In these tests an address is its place. */
const address = fc.oneof(code, fc.constantFrom('private', 'unknown'));
const told = fc.oneof(
  fc.constantFrom(
    ...countries.flatMap(({ alpha2, alpha3 }) => [
      alpha2,
      alpha3,
      alpha2.toLowerCase(),
      alpha3.toLowerCase(),
    ]),
  ),
  fc.constantFrom('XK', 'XXX', '', 'nonsense', 'EU'),
);
const endpoint: fc.Arbitrary<Endpoint> = fc.record({ address, country: told }, { requiredKeys: [] });
const side = fc.array(endpoint, { maxLength: 6 });
const endpoints: fc.Arbitrary<Endpoints> = fc.record({ source: side, destination: side });

const policyOf = (allowed: Readonly<Record<Side, readonly string[]>>): GeoPolicy =>
  new GeoPolicy(allowed, (text) => text);
/** By the words of the promise, each endpoint for itself. */
const placeOf = ({ address = 'unknown', country = '' }: Endpoint): string =>
  countryOf(country)?.alpha2 ?? address;
const isCountry = (place: string): boolean => /^[A-Z]{2}$/.test(place);

describe('where an event is, and whether it may be', () => {
  it('is not allowed exactly when some endpoint lies in a country outside of the list of its side', () => {
    fc.assert(
      fc.property(lists, endpoints, (allowed, named) => {
        const outside = sides.some((one) =>
          named[one].some(
            (endpoint) => isCountry(placeOf(endpoint)) && !allowed[one].includes(placeOf(endpoint)),
          ),
        );
        const geo = policyOf(allowed).locate(named);
        expect(geo?.allowed ?? true).toBe(!outside);
      }),
    );
  });

  it('shows of each side the first country outside, else the first country, else private, else unknown', () => {
    fc.assert(
      fc.property(lists, endpoints, (allowed, named) => {
        const geo = policyOf(allowed).locate(named);
        for (const one of sides) {
          const places = named[one].map(placeOf);
          const expected =
            places.find((place) => isCountry(place) && !allowed[one].includes(place)) ??
            places.find(isCountry) ??
            places.find((place) => place === 'private') ??
            places[0];
          expect(geo?.[one]).toBe(expected);
        }
      }),
    );
  });

  it('is undefined exactly when neither side is named', () => {
    fc.assert(
      fc.property(lists, endpoints, (allowed, named) => {
        const isNamed = sides.some((one) => named[one].length > 0);
        expect(policyOf(allowed).locate(named) !== undefined).toBe(isNamed);
      }),
    );
  });

  it('does not depend on what the other side is allowed', () => {
    fc.assert(
      fc.property(lists, lists, side, (allowed, other, source) => {
        const named = { source, destination: [] };
        expect(policyOf({ ...allowed, destination: other.destination }).locate(named)).toEqual(
          policyOf(allowed).locate(named),
        );
      }),
    );
  });

  it('takes the code that its sender names over the address, and the address when the code is none', () => {
    const policy = policyOf({ source: ['FR'], destination: ['FR'] });
    const at = (endpoint: Endpoint) => policy.locate({ source: [endpoint], destination: [] });
    expect(at({ address: 'US', country: 'fra' })).toEqual({
      source: 'FR',
      destination: undefined,
      allowed: true,
    });
    expect(at({ address: 'private', country: 'USA' })).toMatchObject({ source: 'US', allowed: false });
    expect(at({ address: 'US', country: 'UK' })).toMatchObject({ source: 'US', allowed: false });
    expect(at({ country: 'UK' })).toMatchObject({ source: 'unknown', allowed: true });
    expect(at({})).toMatchObject({ source: 'unknown', allowed: true });
  });

  it('is judged by new lists from then on', () => {
    const policy = policyOf({ source: ['FR'], destination: ['FR'] });
    const named = { source: [{ address: 'US' }], destination: [] };
    const before = policy.locate(named);
    policy.use({ source: ['US'], destination: ['US'] });
    expect([before?.allowed, policy.locate(named)?.allowed]).toEqual([false, true]);
  });
});
