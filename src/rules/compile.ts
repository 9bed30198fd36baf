import type { TocsinEvent } from '../events/event.ts';
import type { Fault } from '../kernel/fault.ts';
import { DEFAULT_RULE } from './check.ts';
import { conditionTest, costOf, every } from './condition.ts';
import { explainRules } from './explain.ts';
import type { EventTest } from './field.ts';
import { readRule, type FieldCondition, type Rule } from './read-rule.ts';
import type { Decision, RuleSet } from './rule.ts';
import type { RuleSettings } from './schema.ts';

/** What one rule adds to a decision. */
type Choice = Decision['matched'][number];

interface CompiledRule {
  readonly test: EventTest;
  readonly continue: boolean;
  readonly choice: Choice;
  /** The decision when no other rule takes the event: most events, so it is made beforehand. */
  readonly alone: Decision;
}

/**
 * The rules as one immutable set. Asked in order; the first that takes an event ends the search unless it says
 * `continue`; an event that none takes goes to `defaultTargets`, as if by a last rule `default`. Rules with
 * faults throw a TypeError: `checkRules` comes first.
 */
export function compileRules(
  settings: readonly RuleSettings[],
  { defaultTargets }: { readonly defaultTargets: readonly string[] },
): RuleSet {
  const rules = readRules(settings);
  const compiled = rules.map(compileRule);
  const fallback = defaultChoice(defaultTargets);
  const untaken = decisionOf(fallback ? [fallback] : []);
  return {
    decide: (event) => decide(compiled, untaken, event),
    explain: (event) => {
      const explained = explainRules(rules, fallback, event);
      return { decision: decisionOf(explained.choices), rules: explained.rules };
    },
  };
}

function readRules(settings: readonly RuleSettings[]): readonly Rule[] {
  const faults: Fault[] = [];
  const rules = settings.map((rule, index) => readRule(rule, `rules[${index}]`, faults));
  const [fault] = faults;
  if (fault) throw new TypeError(`rules were not checked: ${fault.path}: ${fault.message}`);
  return rules;
}

/** Without default targets there is no default rule: an event that no rule takes is unrouted. */
function defaultChoice(targets: readonly string[]): Choice | undefined {
  return targets.length > 0 ? choiceOf(DEFAULT_RULE, [...new Set(targets)]) : undefined;
}

const choiceOf = (rule: string, targets: readonly string[]): Choice =>
  Object.freeze({ rule, targets: Object.freeze(targets) });

function compileRule(rule: Rule): CompiledRule {
  const choice = choiceOf(rule.id, rule.targets);
  return { test: ruleTest(rule), continue: rule.continue, choice, alone: decisionOf([choice]) };
}

function ruleTest(rule: Rule): EventTest {
  const when = allOf(rule.when);
  if (rule.any.length === 0) return when;
  const alternatives = rule.any.map(allOf);
  return (event) => when(event) && alternatives.some((alternative) => alternative(event));
}

/** Conditions have no effects, so that the cheap ones may be asked first. */
function allOf(conditions: readonly FieldCondition[]): EventTest {
  const byCost = conditions.toSorted((a, b) => costOf(a.condition) - costOf(b.condition));
  return every(byCost.map(({ field, condition }) => conditionTest(field, condition)));
}

function decide(rules: readonly CompiledRule[], untaken: Decision, event: TocsinEvent): Decision {
  let first: CompiledRule | undefined;
  let several: Choice[] | undefined;
  for (const rule of rules) {
    if (!rule.test(event)) continue;
    if (first === undefined) first = rule;
    else (several ??= [first.choice]).push(rule.choice);
    if (!rule.continue) break;
  }
  return several ? decisionOf(several) : (first?.alone ?? untaken);
}

/** Frozen, because most are handed out again and again. */
function decisionOf(matched: readonly Choice[]): Decision {
  const targets = [...new Set(matched.flatMap((choice) => choice.targets))];
  return Object.freeze({ matched: Object.freeze(matched), targets: Object.freeze(targets) });
}
