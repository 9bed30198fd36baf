import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Reader } from 'mmdb-lib';
import { afterAll, describe, expect, it, test } from 'vitest';
import { type Address, parseAddress } from '../kernel/address.ts';
import { type CountryDatabase, DatabaseUnusable, openCountryDatabase } from './country-database.ts';
import { type MmdbRecord, TEST_BUILT_AT, testMmdb } from './test-mmdb.ts';

const directory = mkdtempSync(join(tmpdir(), 'tocsin-mmdb-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function open(bytes: Buffer): CountryDatabase {
  const path = join(directory, `${++files}.mmdb`);
  writeFileSync(path, bytes);
  return openCountryDatabase(path);
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new TypeError(`no address: ${text}`);
  return parsed;
}

const own = (code: string): MmdbRecord => ({ country_code: code });
const maxmind = (code: string): MmdbRecord => ({ country: { iso_code: code, names: { en: 'a name' } } });

const networks = [
  ['8.0.0.0/8', own('US')],
  ['8.8.8.0/24', maxmind('FR')],
  ['8.8.8.8/32', own('GB')],
  ['128.0.0.0/1', own('DE')],
  ['2a00::/12', own('IE')],
  ['2a01:e00::/26', maxmind('FR')],
  ['2001:db8::1/128', own('ES')],
] as const;

describe.each([24, 28, 32] as const)('a database of records of %i bits', (recordSize) => {
  const bytes = testMmdb({ ipVersion: 6, recordSize, networks });
  const database = open(bytes);

  it.each([
    ['8.1.2.3', 'US'],
    ['8.8.8.7', 'FR'],
    ['8.8.8.8', 'GB'],
    ['8.8.8.9', 'FR'],
    ['7.255.255.255', undefined],
    ['9.0.0.0', undefined],
    ['128.0.0.0', 'DE'],
    ['255.255.255.255', 'DE'],
    ['2a00::', 'IE'],
    ['2a0f:ffff::1', 'IE'],
    ['2a01:e0c::1', 'FR'],
    ['2a10::', undefined],
    ['2001:db8::1', 'ES'],
    ['2001:db8::2', undefined],
  ])('finds %s in %s', (text, country) => {
    expect(database.countryAt(address(text))).toBe(country);
    // Remembered, and still so.
    expect(database.countryAt(address(text))).toBe(country);
  });

  it('finds what another reader of such files finds', () => {
    const reader = new Reader<never>(bytes);
    const near = fc.constantFrom('8.8.8.', '8.0.0.', '128.0.0.', '2a01:e00::', '2a00::', '2001:db8::');
    const close = fc.tuple(near, fc.nat(255)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), close), (text) => {
        // Mapped ones are asked for as IPv4.
        if (text.includes(':') && text.includes('.')) return;
        const [, country] = /code":"([A-Z]{2})"/.exec(JSON.stringify(reader.get(text))) ?? [];
        expect(database.countryAt(address(text))).toBe(country);
      }),
    );
  });
});

test('a database says what it is and when it was made', () => {
  const bytes = testMmdb({ ipVersion: 6, recordSize: 24, networks, type: 'DBIP-Country-Lite' });
  expect(open(bytes)).toMatchObject({
    type: 'DBIP-Country-Lite',
    builtAt: TEST_BUILT_AT,
    bytes: bytes.length,
  });
});

test('a database of IPv4 alone knows no country of an IPv6 address', () => {
  const database = open(
    testMmdb({
      ipVersion: 4,
      recordSize: 24,
      networks: [
        ['0.0.0.0/1', own('FR')],
        ['128.0.0.0/1', own('GB')],
      ],
    }),
  );
  expect(database.countryAt(address('1.2.3.4'))).toBe('FR');
  expect(database.countryAt(address('2a01::1'))).toBeUndefined();
});

test.each([
  ['a code that ISO 3166-1 does not assign', own('XK')],
  ['a record of something else', { autonomous_system: 'AS64496' }],
  ['a country without a code', { country: { names: {} } }],
  ['a record that is text', 'FR'],
])('%s is no country', (_name, record) => {
  const database = open(testMmdb({ ipVersion: 6, recordSize: 24, networks: [['8.0.0.0/8', record]] }));
  expect(database.countryAt(address('8.8.8.8'))).toBeUndefined();
});

describe('a file that cannot be used is refused in words', () => {
  const whole = testMmdb({ ipVersion: 6, recordSize: 24, networks });
  it.each([
    ['empty', Buffer.alloc(0), /is not a MaxMind DB/],
    ['text', Buffer.from('1.0.0.0,1.0.0.255,AU\n'), /is not a MaxMind DB/],
    ['cut off at the end', whole.subarray(0, -1), /is damaged/],
    ['cut off before its metadata', whole.subarray(0, 200), /is not a MaxMind DB/],
    ['cut off at the beginning', whole.subarray(300), /is damaged/],
    ['its metadata alone', whole.subarray(whole.indexOf('MaxMind.com') - 3), /is damaged/],
    ['a marker and nothing behind it', whole.subarray(0, whole.indexOf('MaxMind.com') + 11), /is damaged/],
  ])('%s', (_name, bytes, message) => {
    expect(() => open(bytes)).toThrow(DatabaseUnusable);
    expect(() => open(bytes)).toThrow(message);
  });

  it('not there, or a directory', () => {
    expect(() => openCountryDatabase(join(directory, 'absent.mmdb'))).toThrow(/cannot be read \(ENOENT\)/);
    expect(() => openCountryDatabase(directory)).toThrow(/is not a regular file/);
    expect(() => openCountryDatabase('/dev/zero')).toThrow(/is not a regular file/);
  });
});

test('a file with wrong bytes in it is refused, or knows less; it throws nothing else and ends', () => {
  const whole = testMmdb({ ipVersion: 6, recordSize: 28, networks });
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.ipV4(), fc.ipV6(), (changes, v4, v6) => {
      const bytes = Buffer.from(whole);
      for (const [place, byte] of changes) bytes[place] = byte;
      let database: CountryDatabase;
      try {
        database = open(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(DatabaseUnusable);
        return;
      }
      for (const text of [v4, v6, '8.8.8.8', '2a01:e00::1']) {
        const parsed = parseAddress(text);
        if (parsed !== undefined) expect(database.countryAt(parsed) ?? 'FR').toMatch(/^[A-Z]{2}$/);
      }
    }),
    { numRuns: 500 },
  );
});

test('the file is read when it is opened, and not again', () => {
  const path = join(directory, 'replaced.mmdb');
  writeFileSync(path, testMmdb({ ipVersion: 6, recordSize: 24, networks }));
  const database = openCountryDatabase(path);
  writeFileSync(path, readFileSync(path).fill(0));
  expect(database.countryAt(address('8.1.1.1'))).toBe('US');
});
