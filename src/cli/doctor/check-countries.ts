import { createCountries } from '../../app/country-services.ts';
import type { Config } from '../../app/settings.ts';
import { StartRefused } from '../../app/start-refused.ts';
import { silentLogger } from '../../kernel/log.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const CHECK = 'countries';

/** Whether addresses find their countries: read by the code of the start, and what that would log is told here. */
export function checkCountries(config: Config): readonly Finding[] {
  const warned: string[] = [];
  const log = { ...silentLogger, warn: (_fields: object, message: string) => void warned.push(message) };
  try {
    const { database } = createCountries({ config, log });
    if (warned.length > 0)
      return warned.map((message) => warn(CHECK, message, 'Until then no address has a country.'));
    if (database === undefined) return [ok(CHECK, 'addresses are not looked up (geo.lookup)')];
    return [ok(CHECK, `${database.name}, made ${new Date(database.builtAt).toISOString().slice(0, 10)}`)];
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [fail(CHECK, error.message, 'The service does not start so.')];
  }
}
