import type { Fault } from '../kernel/fault.ts';
import { checkObjects } from '../registry/check-objects.ts';
import { listNames } from '../registry/members.ts';
import { type ConfiguredObjects, objectKinds } from '../registry/objects.ts';
import { type Config, leaseFault, MTLS_NEEDS_CA } from './settings.ts';

/** What is wrong between objects of the store and settings, which the file's own check does not see. */
export function storedFaults(config: Config, objects: ConfiguredObjects): Fault[] {
  const targets = objects.targets.flatMap(({ id, origin, common }) => {
    const message = origin === 'store' ? leaseFault(config.delivery.lease, common.timeout) : undefined;
    return message === undefined ? [] : [{ path: `targets.${id}.timeout`, message }];
  });
  const isMtls = config.http.tlsClientCa !== undefined;
  const sources = objects.sources.flatMap(({ id, origin, verification }) => {
    const isFaulty = origin === 'store' && verification.scheme === 'mtls' && !isMtls;
    return isFaulty ? [{ path: `sources.${id}.scheme`, message: MTLS_NEEDS_CA }] : [];
  });
  return [...targets, ...sources];
}

/** Everything that is wrong with what would be configured, each object by itself aside. */
export const configuredFaults = (config: Config, objects: ConfiguredObjects): Fault[] => [
  ...storedFaults(config, objects),
  ...checkObjects(objects),
];

/** Faults with what to do about those of objects that stand in no file. */
export function withRemedies(faults: readonly Fault[], objects: ConfiguredObjects): Fault[] {
  const stored = objectKinds.flatMap((kind) => {
    const list = listNames[kind];
    return objects[list].flatMap(({ id, origin }) => (origin === 'store' ? [{ list, id }] : []));
  });
  return faults.map(({ path, message }) => {
    const found = stored.find(({ list, id }) => `${path}.`.startsWith(`${list}.${id}.`));
    if (found === undefined) return { path, message };
    const { list, id } = found;
    const remedy = `it was made over the API: change it there, or remove it with "tocsin ${list} delete ${id} --local"`;
    return { path, message: `${message} (${remedy})` };
  });
}
