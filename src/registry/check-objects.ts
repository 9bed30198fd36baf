import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { checkRules } from '../rules/check.ts';
import type { ConfiguredObjects } from './objects.ts';

/** What is wrong between the objects and no schema of one can say: ids used twice, names of no target. */
export function checkObjects(objects: ConfiguredObjects): Fault[] {
  const targetIds = objects.targets.map((target) => target.id);
  return [
    ...checkIds('sources', objects.sources),
    ...checkIds('targets', objects.targets),
    ...checkRules(objects.rules, { targetIds }),
    ...checkNames('default', objects.defaultTargets, targetIds),
    ...checkNames('admins', objects.admins, targetIds),
  ];
}

function checkIds(
  list: string,
  objects: readonly { readonly id: string; readonly origin: string }[],
): Fault[] {
  const origins = new Map<string, string>();
  return objects.flatMap(({ id, origin }) => {
    const first = origins.get(id);
    if (first === undefined) {
      origins.set(id, origin);
      return [];
    }
    const where = first === origin ? `twice in the ${origin}` : 'in the file and in the store';
    return [{ path: `${list}.${id}`, message: `this id is used ${where}: an id names one thing` }];
  });
}

/** Names of targets in a list: each must be one. */
export function checkNames(path: string, names: readonly string[], targetIds: readonly string[]): Fault[] {
  return names.flatMap((name, index) => {
    if (targetIds.includes(name)) return [];
    const meant = didYouMean(name, targetIds);
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return [{ path: `${path}[${index}]`, message: `no such target${hint}` }];
  });
}
