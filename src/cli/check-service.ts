import { load, type Surroundings } from '../app/load.ts';
import { objectsOf } from '../app/objects-of.ts';
import type { Config } from '../app/settings.ts';
import type { FaultyConfig } from '../config/load-config.ts';
import type { ConfigFault } from '../config/origin.ts';
import { checkObjects } from '../registry/check-objects.ts';
import type { ConfiguredObjects } from '../registry/objects.ts';

/** What a config without faults configures. */
export interface ConfiguredService {
  readonly kind: 'ok';
  readonly config: Config;
  readonly objects: ConfiguredObjects;
  readonly warnings: readonly ConfigFault[];
}
export type CheckedService = ConfiguredService | FaultyConfig;

/** Everything that keeps a service from starting and can be known without its store. */
export function checkService(surroundings: Surroundings): CheckedService {
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') return loaded;
  const { config, warnings } = loaded;
  const objects = objectsOf(config, []);
  const faults = checkObjects(objects);
  return faults.length > 0 ? { kind: 'faulty', faults, warnings } : { kind: 'ok', config, objects, warnings };
}
