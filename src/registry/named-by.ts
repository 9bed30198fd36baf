import type { ConfiguredObjects } from './objects.ts';

/** Who sends to a target, in words: while anybody does it cannot be taken away. */
export function namedBy(target: string, objects: ConfiguredObjects): string[] {
  const rules = objects.rules.filter(({ targets }) => targets.includes(target));
  const others = objects.targets.filter(({ common }) => common.fallback === target);
  return [
    ...rules.map(({ id }) => `the rule "${id}"`),
    ...others.map(({ id }) => `the target "${id}", whose fallback it is`),
    ...(objects.defaultTargets.includes(target) ? ['the default targets'] : []),
    ...(objects.admins.includes(target) ? ['the admins'] : []),
  ];
}
