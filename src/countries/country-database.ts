import { readFileSync, statSync } from 'node:fs';
import { Reader } from 'mmdb-lib';
import type { Address } from '../kernel/address.ts';
import { countryOf } from './country.ts';
import { searchTree } from './search-tree.ts';

/** What a database of countries by address says of itself. */
export interface DatabaseFacts {
  /** Its type, as its maker calls it: `DBIP-Country-Lite`. */
  readonly type: string;
  /** When its maker made it: Unix ms. */
  readonly builtAt: number;
  /** Of its search tree: about as many ranges does it tell apart. */
  readonly nodes: number;
  readonly bytes: number;
}

export interface CountryDatabase extends DatabaseFacts {
  /** Alpha-2; undefined for an address that it knows no country of ISO 3166-1 for. IPv4 as IPv4, not mapped. */
  countryAt(address: Address): string | undefined;
}

/** The file cannot be used. The message completes the sentence "the database …". */
export class DatabaseUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseUnusable';
  }
}

/** It is kept in memory whole. */
const BYTES_MAX = 512 * 1_048_576;
/** What stands before the metadata (MaxMind DB File Format Specification 2.0), in the last 128 KiB of the file. */
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const METADATA_BYTES_MAX = 131_072;
const SEPARATOR_BYTES = 16;
/** A file of countries has some 250 records; one of cities has more than are worth remembering. */
const RECORDS_KEPT_MAX = 10_000;

/** Reads a MaxMind DB file that has countries in it. Throws DatabaseUnusable. */
export function openCountryDatabase(path: string): CountryDatabase {
  const bytes = readWhole(path);
  const reader = openReader(bytes);
  const { databaseType, buildEpoch, nodeCount, ipVersion } = reader.metadata;
  const find = searchTree(bytes, reader.metadata);
  const countryOfRecord = new Map<number, string | undefined>();
  return {
    type: databaseType,
    builtAt: buildEpoch.getTime(),
    nodes: nodeCount,
    bytes: bytes.length,
    countryAt(address) {
      // A file of IPv4 alone has no place for the rest.
      if (ipVersion === 4 && address.family === 6) return undefined;
      const record = find(address);
      const known = countryOfRecord.get(record);
      if (known !== undefined || countryOfRecord.has(record)) return known;
      const country = readCountry(reader, address);
      if (countryOfRecord.size >= RECORDS_KEPT_MAX) countryOfRecord.clear();
      countryOfRecord.set(record, country);
      return country;
    },
  };
}

function readCountry(reader: Reader<never>, address: Address): string | undefined {
  try {
    return countryIn(reader.get(textOf(address)));
  } catch {
    // What is damaged there knows no country: an event is worth more than its place.
    return undefined;
  }
}

function textOf({ family, w0, w1, w2, w3 }: Address): string {
  if (family === 4) return [w3 >>> 24, (w3 >>> 16) & 0xff, (w3 >>> 8) & 0xff, w3 & 0xff].join('.');
  return [w0, w1, w2, w3]
    .map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`)
    .join(':');
}

function readWhole(path: string): Buffer {
  try {
    const found = statSync(path);
    // A pipe or a device might never end.
    if (!found.isFile()) throw new DatabaseUnusable('is not a regular file');
    if (found.size > BYTES_MAX) throw new DatabaseUnusable(`is larger than ${BYTES_MAX} bytes`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof DatabaseUnusable) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DatabaseUnusable(`cannot be read (${code})`, { cause: error });
  }
}

/** Throws DatabaseUnusable. The tree of what it returns lies within the file. */
function openReader(bytes: Buffer): Reader<never> {
  const marker = bytes.lastIndexOf(MARKER);
  if (marker < 0 || marker < bytes.length - METADATA_BYTES_MAX) {
    throw new DatabaseUnusable('is not a MaxMind DB (.mmdb) file');
  }
  const reader = readerOver(bytes);
  const { searchTreeSize, ipVersion, buildEpoch, databaseType } = reader.metadata;
  const isWhole =
    searchTreeSize > 0 &&
    searchTreeSize + SEPARATOR_BYTES <= marker &&
    (ipVersion === 4 || ipVersion === 6) &&
    Number.isFinite(buildEpoch.getTime()) &&
    typeof databaseType === 'string';
  if (!isWhole) throw new DatabaseUnusable('is damaged');
  return reader;
}

function readerOver(bytes: Buffer): Reader<never> {
  try {
    return new Reader<never>(bytes);
  } catch (error) {
    throw new DatabaseUnusable('is damaged', { cause: error });
  }
}

/** MaxMind's and DB-IP's own files have `country.iso_code`, those of ip-location-db `country_code`. */
function countryIn(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { country_code: code, country }: { country_code?: unknown; country?: unknown } = record;
  if (typeof code === 'string') return countryOf(code)?.alpha2;
  if (typeof country !== 'object' || country === null) return undefined;
  const { iso_code: own }: { iso_code?: unknown } = country;
  return typeof own === 'string' ? countryOf(own)?.alpha2 : undefined;
}
