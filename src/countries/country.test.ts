import { iso31661 } from 'iso-3166';
import { expect, test } from 'vitest';
import { countries, countryOf } from './country.ts';

test('every country of ISO 3166-1 is there once, with both codes and a name of its own', () => {
  const codes = (rows: readonly { alpha2: string; alpha3: string }[]) =>
    rows.map(({ alpha2, alpha3 }) => `${alpha2} ${alpha3}`).sort();
  expect(codes(countries)).toEqual(codes(iso31661));
  expect(new Set(countries.map(({ name }) => name)).size).toBe(countries.length);
});

test('the names of the contract hold whatever Intl says', () => {
  expect(['FR', 'GB', 'IE', 'ES'].map((code) => countryOf(code)?.name)).toEqual([
    'France',
    'United Kingdom',
    'Ireland',
    'Spain',
  ]);
});

test('no name is turned round for sorting', () => {
  expect(countries.filter(({ name }) => /, .*\b(?:of|of the)$/.test(name))).toEqual([]);
});

test('they stand in the order of their English names, accents aside', () => {
  const names = countries.map(({ name }) => name);
  expect([...names].sort((a, b) => a.localeCompare(b, 'en', { ignorePunctuation: false }))).toEqual(names);
});

test.each(['GB', 'gb', 'GBR', 'gbr', 'Gbr'])('%s is the United Kingdom', (code) => {
  expect(countryOf(code)?.alpha2).toBe('GB');
});

// The last two have an upper case in ASCII that would be a code.
test.each(['', 'U', 'UK', 'XK', 'EU', 'ZZ', 'GBRX', ' GB', 'GB\n', '__proto__', 'constructor', 'ıe', 'ﬁ'])(
  '%j is no country',
  (code) => {
    expect(countryOf(code)).toBeUndefined();
  },
);
