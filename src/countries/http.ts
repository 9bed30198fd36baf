import { Type } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route, type RouteInput } from '../kernel/route.ts';
import type { CountryCatalog } from './catalog.ts';
import type { Languages } from './languages.ts';
import { type Side, sides } from './lists.ts';
import { countriesWire, countryListWire } from './wire.ts';

export interface CountryRoutesOptions {
  /** Of the config in force. */
  readonly catalog: () => CountryCatalog;
  readonly languages: Languages;
}

type Headers = RouteInput<unknown, unknown, unknown>['headers'];

const tag = 'Countries';
/** Word for word what the original's clients look for. */
const TARGET_NEEDED =
  "Invalid request, 'target' parameter is required and must be equal to 'source' or 'destination'.";

/** Takes anything: the contract has a refusal of its own, and passes over what it does not know. */
const targetQuery = Type.Object(
  {
    target: Type.Optional(
      Type.Unknown({
        description: 'Must be there: `source` or `destination`. Of several the first one counts.',
      }),
    ),
  },
  { additionalProperties: true },
);

export function countryRoutes({ catalog, languages }: CountryRoutesOptions): Route[] {
  const languageOf = (headers: Headers): string => languages.of(headers['accept-language']?.toString());
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/countries',
      access: { kind: 'public' },
      tag,
      summary: 'The countries that events may come from (source), or go to (destination)',
      query: targetQuery,
      reply: { status: 200, schema: countryListWire },
      problems: [],
      async handle({ query, headers }) {
        const side = sideOf(query.target);
        return catalog().list(side, languageOf(headers)).reply(headers['if-none-match']?.toString());
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/countries',
      access: { kind: 'public' },
      tag,
      summary: 'Every country of ISO 3166-1, and in which of the two lists it is',
      reply: { status: 200, schema: countriesWire },
      problems: [],
      handle: async ({ headers }) =>
        catalog().all(languageOf(headers)).reply(headers['if-none-match']?.toString()),
    }),
  ];
}

function sideOf(target: unknown): Side {
  const first: unknown = Array.isArray(target) ? target[0] : target;
  const side = sides.find((one) => one === first);
  if (side !== undefined) return side;
  throw new Problem('bad_request', TARGET_NEEDED, { members: { message: { target: TARGET_NEEDED } } });
}
