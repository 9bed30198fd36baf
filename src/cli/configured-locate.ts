import { createCountries } from '../app/country-services.ts';
import type { Config } from '../app/settings.ts';
import type { Locate } from '../events/geo.ts';
import { silentLogger } from '../kernel/log.ts';

/** As a service with this config would. The database is read with the first question, which may throw StartRefused. */
export function configuredLocate(config: Config): Locate {
  let locate: Locate | undefined;
  return (endpoints) => {
    locate ??= createCountries({ config, log: silentLogger }).locate;
    return locate(endpoints);
  };
}
