import { OWN_SOURCE } from '../events/event.ts';
import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { checkRules } from '../rules/check.ts';
import { FALLBACKS_MAX } from '../targets/operation.ts';
import type { ConfiguredObjects, RuleObject } from './objects.ts';

/** What is wrong between the objects and no schema of one can say: ids used twice, names of no target. */
export function checkObjects(objects: ConfiguredObjects): Fault[] {
  const targetIds = objects.targets.map((target) => target.id);
  return [
    ...checkIds('sources', objects.sources),
    ...checkIds('targets', objects.targets),
    ...checkRules(objects.rules, { targetIds }).map((fault) => namedByRule(fault, objects.rules)),
    ...checkNames('default', objects.defaultTargets, targetIds),
    ...checkNames('admins', objects.admins, targetIds),
    ...checkSourceIds(objects.sources, ({ id }) => `sources.${id}`),
    ...checkFallbacks(
      objects.targets.map(({ id, common }) => ({ id, ...common })),
      targetIds,
      ({ id }) => `targets.${id}`,
    ),
  ];
}

/** Of a rule that stands in no file its place in a list says nothing: it is told by its id. */
function namedByRule({ path, message }: Fault, rules: readonly RuleObject[]): Fault {
  const [whole = '', index = ''] = /^rules\[(\d+)\]/.exec(path) ?? [];
  const rule = index === '' ? undefined : rules[Number(index)];
  if (rule?.origin !== 'store') return { path, message };
  return { path: `rules.${rule.id}${path.slice(whole.length)}`, message };
}

interface Identified {
  readonly id: string;
}
type PathOf = (object: Identified, index: number) => string;

/** Events of our own have a source too, and rules must be able to tell them from a sender's. */
export function checkSourceIds(sources: readonly Identified[], pathOf: PathOf): Fault[] {
  return sources.flatMap((source, index) =>
    source.id === OWN_SOURCE
      ? [{ path: `${pathOf(source, index)}.id`, message: 'taken: it stands for our own events' }]
      : [],
  );
}

interface WithFallback extends Identified {
  readonly fallback?: string;
}

/** A fallback is another target that there is, and there is an end to it. */
export function checkFallbacks(
  targets: readonly WithFallback[],
  targetIds: readonly string[],
  pathOf: PathOf,
): Fault[] {
  const nextOf = new Map(targets.map(({ id, fallback }) => [id, fallback]));
  return targets.flatMap((target, index) => {
    if (target.fallback === undefined) return [];
    const path = `${pathOf(target, index)}.fallback`;
    if (!targetIds.includes(target.fallback))
      return [{ path, message: noSuchTarget(target.fallback, targetIds) }];
    let steps = 0;
    let next = nextOf.get(target.id);
    while (next !== undefined && next !== target.id && steps <= FALLBACKS_MAX) {
      steps += 1;
      next = nextOf.get(next);
    }
    if (next === target.id) return [{ path, message: 'leads back to this target' }];
    const message = `at most ${FALLBACKS_MAX} targets may stand in one for the other`;
    return steps > FALLBACKS_MAX ? [{ path, message }] : [];
  });
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
    return [{ path: `${path}[${index}]`, message: noSuchTarget(name, targetIds) }];
  });
}

function noSuchTarget(name: string, targetIds: readonly string[]): string {
  const meant = didYouMean(name, targetIds);
  return `no such target${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}
