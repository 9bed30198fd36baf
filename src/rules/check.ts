import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { readRule } from './read-rule.ts';
import type { RuleSettings } from './schema.ts';

/** The name under which the default rule appears in decisions. */
export const DEFAULT_RULE = 'default';
/** Every rule may be asked of every event. */
export const RULES_MAX = 1000;

/**
 * Everything that is wrong with these rules and that their schema cannot say, at once: unknown fields, operators,
 * severities and targets, bad patterns and networks, ids used twice. No faults: `compileRules` takes them.
 */
export function checkRules(
  rules: readonly RuleSettings[],
  { targetIds }: { readonly targetIds: Iterable<string> },
): Fault[] {
  if (rules.length > RULES_MAX) return [{ path: 'rules', message: `more than ${RULES_MAX} rules` }];
  const faults: Fault[] = [];
  const targets = new Set(targetIds);
  const firstOf = new Map<string, number>();
  rules.forEach((rule, index) => {
    const path = `rules[${index}]`;
    checkId(rule.id, firstOf, index, faults);
    readRule(rule, path, faults);
    checkTargets(rule, path, targets, faults);
  });
  return faults;
}

function checkId(id: string, firstOf: Map<string, number>, index: number, faults: Fault[]): void {
  const path = `rules[${index}].id`;
  const first = firstOf.get(id);
  if (first === undefined) firstOf.set(id, index);
  else faults.push({ path, message: `the same id as rules[${first}]` });
  if (id === DEFAULT_RULE) faults.push({ path, message: 'taken: it stands for the default rule' });
}

function checkTargets(rule: RuleSettings, path: string, known: ReadonlySet<string>, faults: Fault[]): void {
  if (rule.targets.length === 0 && rule.continue) {
    faults.push({
      path: `${path}.targets`,
      message: 'without targets the rule must not continue: it would do nothing',
    });
  }
  rule.targets.forEach((target, index) => {
    if (known.has(target)) return;
    const hint = didYouMean(target, known);
    const message = hint ? `no such target; did you mean "${hint}"?` : 'no such target';
    faults.push({ path: `${path}.targets[${index}]`, message });
  });
}
