import { isoTable } from './iso-table.ts';

/** A country of ISO 3166-1. */
export interface Country {
  /** Upper case. */
  readonly alpha2: string;
  readonly alpha3: string;
  /** In English, and the same with every build of Node. */
  readonly name: string;
}

/** All of them, ordered by English name. */
export const countries: readonly Country[] = isoTable.map(([alpha2, alpha3, name]) => ({
  alpha2,
  alpha3,
  name,
}));

const byCode: ReadonlyMap<string, Country> = new Map(
  countries.flatMap((country) => [
    [country.alpha2, country],
    [country.alpha3, country],
  ]),
);

/** By alpha-2 or alpha-3 in any case; undefined for what ISO 3166-1 does not assign, such as `XK`, `EU` and `UK`. */
export function countryOf(code: string): Country | undefined {
  // Only ASCII: the upper case of some other letters is that of a code.
  return byCode.get(code) ?? (/^[a-z]{2,3}$/i.test(code) ? byCode.get(code.toUpperCase()) : undefined);
}
