import { describe, expect, it, test } from 'vitest';
import { openCountryDatabase } from './country-database.ts';
import { ipCountry } from './ip-country.ts';
import { packagedDatabase } from './packaged-database.ts';

const path = packagedDatabase();
const place = ipCountry(path === undefined ? undefined : openCountryDatabase(path));

// Networks of universities, registries and resolvers, which have stood where they are for decades.
describe('the database of the package', () => {
  it.each([
    ['8.8.8.8', 'US'],
    ['171.64.1.1', 'US'],
    ['131.111.8.42', 'GB'],
    ['212.27.48.10', 'FR'],
    ['134.226.1.1', 'IE'],
    ['130.206.1.1', 'ES'],
    ['129.132.1.1', 'CH'],
    ['193.0.6.139', 'NL'],
    ['133.11.0.1', 'JP'],
    ['200.160.2.3', 'BR'],
    ['2001:630:212::1', 'GB'],
    ['2a01:e0c:1::1', 'FR'],
    ['2001:67c:2e8:22::c100:68b', 'NL'],
    ['2001:da8::1', 'CN'],
  ])('knows that %s is in %s', (address, country) => {
    expect(place(address)).toBe(country);
  });

  it.each([
    ['mapped', '::ffff:131.111.8.42'],
    ['mapped, in hexadecimal', '::ffff:836f:082a'],
    ['through NAT64', '64:ff9b::131.111.8.42'],
    ['through 6to4', '2002:836f:082a::1'],
    ['through Teredo', '2001:0:4136:e378:8000:63bf:7c90:f7d5'],
  ])('finds an IPv4 address that is %s', (_way, address) => {
    expect(place(address)).toBe('GB');
  });
});

const nowhere = [
  '10.1.2.3',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '192.0.2.1',
  '198.51.100.7',
  '203.0.113.9',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  '64:ff9b::10.0.0.1',
  '2002:0a00:0001::1',
];
const noAddresses = [
  '',
  'localhost',
  '8.8.8',
  '8.8.8.8.8',
  '08.8.8.8',
  '8.8.8.256',
  '0x08080808',
  '134744072',
  ' 8.8.8.8',
  '8.8.8.8:53',
  '8.8.8.8/32',
  '[::1]',
  'fe80::1%eth0',
  '1::2::3',
  ':'.repeat(100_000),
  '8.'.repeat(100_000),
];

test.each(nowhere)('%s is in no public network, with a database or without', (address) => {
  expect([place(address), ipCountry(undefined)(address)]).toEqual(['private', 'private']);
});

test.each(noAddresses)('what is no address is unknown (%#)', (text) => {
  expect(place(text)).toBe('unknown');
});

test('without a database a public address is unknown', () => {
  expect(ipCountry(undefined)('8.8.8.8')).toBe('unknown');
});
