import { iso31661 } from 'iso-3166';

/** Where ISO's name is turned round for sorting, or is the state's full style: the name that people use. */
const NAMES_IN_USE: Readonly<Record<string, string>> = {
  BO: 'Bolivia',
  CD: 'Democratic Republic of the Congo',
  FK: 'Falkland Islands',
  FM: 'Micronesia',
  GB: 'United Kingdom',
  IR: 'Iran',
  KP: 'North Korea',
  KR: 'South Korea',
  LA: 'Laos',
  MD: 'Moldova',
  NL: 'Netherlands',
  PS: 'Palestine',
  RU: 'Russia',
  SY: 'Syria',
  TW: 'Taiwan',
  TZ: 'Tanzania',
  US: 'United States',
  VE: 'Venezuela',
  VG: 'British Virgin Islands',
  VI: 'U.S. Virgin Islands',
};

/**
 * The module `src/countries/iso-table.ts`. Neither names nor order are asked of Intl: it would say something else with
 * the next version of Node.
 */
export function countryTable(): string {
  const rows = iso31661
    .map(({ alpha2, alpha3, name }) => ({ alpha2, alpha3, name: NAMES_IN_USE[alpha2] ?? name }))
    .sort((a, b) => (sortKey(a.name) < sortKey(b.name) ? -1 : 1))
    .map(({ alpha2, alpha3, name }) => `  [${[alpha2, alpha3, name].map(literal).join(', ')}],\n`);
  return `// Made by tools/country-table.ts from the package iso-3166: change it there, then npm run generate.
type Row = readonly [alpha2: string, alpha3: string, name: string];

/** ISO 3166-1, ordered by English name. */
export const isoTable: readonly Row[] = [
${rows.join('')}];
`;
}

/** "Åland" stands at A. */
const sortKey = (name: string): string => name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const literal = (text: string): string => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
