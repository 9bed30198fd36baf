import { load, type Surroundings } from '../app/load.ts';
import { objectsOf } from '../app/objects-of.ts';
import type { FaultyConfig } from '../config/load-config.ts';
import type { ConfigFault } from '../config/origin.ts';
import { checkObjects } from '../registry/check-objects.ts';
import type { ConfiguredObjects } from '../registry/objects.ts';

/** What a config without faults configures; or every fault. */
export type CheckedService =
  | {
      readonly kind: 'ok';
      readonly objects: ConfiguredObjects;
      readonly warnings: readonly ConfigFault[];
    }
  | FaultyConfig;

/** Everything that keeps a service from starting and can be known without its store. */
export function checkService(surroundings: Surroundings): CheckedService {
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') return loaded;
  const { config, warnings } = loaded;
  const objects = objectsOf(config, []);
  const faults = checkObjects(objects);
  return faults.length > 0 ? { kind: 'faulty', faults, warnings } : { kind: 'ok', objects, warnings };
}
