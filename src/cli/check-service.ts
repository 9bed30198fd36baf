import { load, type Surroundings } from '../app/load.ts';
import { objectsOf } from '../app/objects-of.ts';
import type { Config } from '../app/settings.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { ConfigFault } from '../config/origin.ts';
import { ancestorsOf } from '../config/path.ts';
import type { Fault } from '../kernel/fault.ts';
import { checkObjects } from '../registry/check-objects.ts';
import type { ConfiguredObjects } from '../registry/objects.ts';

/** A config without faults, and what it configures; or every fault. */
export type CheckedService =
  | {
      readonly kind: 'ok';
      readonly config: Config;
      readonly objects: ConfiguredObjects;
      readonly warnings: readonly ConfigFault[];
    }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[]; readonly warnings: readonly ConfigFault[] };

export interface CheckOptions {
  /** Whether a target that is not in the file is a fault: it may be in the store. */
  readonly storeMayHaveTargets: boolean;
}

const STORE_HINT = ' (unless the store has it, which is not looked at)';

/** Everything that keeps a service from starting and can be known without its store. */
export function checkService(surroundings: Surroundings, options: CheckOptions): CheckedService {
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') return loaded;
  const { config, warnings } = loaded;
  const objects = objectsOf(config, []);
  const faults = objectFaults(objects, options).map((fault) => placed(fault, loaded));
  return faults.length > 0 ? { kind: 'faulty', faults, warnings } : { kind: 'ok', config, objects, warnings };
}

/** Were every target there that is named, the faults left would be those that no store can mend. */
function objectFaults(objects: ConfiguredObjects, { storeMayHaveTargets }: CheckOptions): readonly Fault[] {
  const certain = checkObjects({ ...objects, targets: [...objects.targets, ...targetsOfTheStore(objects)] });
  if (storeMayHaveTargets) return certain;
  const isCertain = (fault: Fault): boolean => certain.some((one) => one.path === fault.path && one.message === fault.message);
  return checkObjects(objects).map((fault) =>
    isCertain(fault) ? fault : { ...fault, message: fault.message + STORE_HINT },
  );
}

/** Stand-ins for the targets that are named and not in the file. */
function targetsOfTheStore(objects: ConfiguredObjects): ConfiguredObjects['targets'] {
  const [like] = objects.targets;
  return like === undefined ? [] : unknownTargets(objects).map((id) => ({ ...like, id }));
}

/** Ids of targets that are named somewhere and that the file does not have. */
export function unknownTargets({ rules, targets, defaultTargets, admins }: ConfiguredObjects): readonly string[] {
  const known = new Set(targets.map(({ id }) => id));
  const named = new Set([...rules.flatMap((rule) => rule.targets), ...defaultTargets, ...admins]);
  return [...named].filter((id) => !known.has(id));
}

/** With the place of the value, or of what holds it. */
function placed(fault: Fault, { origins }: LoadedConfig<Config>): ConfigFault {
  const origin = ancestorsOf(fault.path)
    .map((path) => origins.get(path))
    .find((found) => found !== undefined);
  return origin === undefined ? fault : { ...fault, origin };
}
