import { expect, test } from 'vitest';
import { listFaults } from './lists.ts';

test.each([
  ['gb', 'GB'],
  ['GBR', 'GB'],
  ['UK', 'GB'],
  ['uk', 'GB'],
  ['EL', 'GR'],
  ['France', 'FR'],
  ['germny', 'DE'],
  ['United Kingdom', 'GB'],
])('%s is refused with what was probably meant', (code, meant) => {
  expect(listFaults('countries.source', ['FR', code])).toEqual([
    { path: 'countries.source[1]', message: expect.stringContaining(`did you mean "${meant}"?`) },
  ]);
});

test.each(['XX', 'EU', 'XK', '', '*', 'a secret that was put into the wrong place'])(
  '%j is refused, without a guess and without being repeated',
  (code) => {
    const [fault] = listFaults('countries.source', [code]);
    expect(fault?.message).toMatch(/^must be an alpha-2 code of ISO 3166-1 in upper case, such as FR$/);
  },
);

test('a country that is named twice is refused at its second place', () => {
  expect(listFaults('countries.destination', ['FR', 'GB', 'FR'])).toEqual([
    { path: 'countries.destination[2]', message: 'is in the list twice' },
  ]);
});

test('codes in upper case are a list', () => {
  expect(listFaults('countries.source', ['NO', 'FR', 'AX'])).toEqual([]);
});
