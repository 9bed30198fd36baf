import type { TocsinEvent } from '../events/event.ts';
import { conditionWords } from './condition-words.ts';
import { conditionTest } from './condition.ts';
import type { FieldCondition, Rule } from './read-rule.ts';
import type { ConditionResult, Decision, RuleExplanation } from './rule.ts';

type Choice = Decision['matched'][number];

/**
 * The rules held against one event, with reasons: what every rule says, also the skipped ones, and which chose.
 * A rule with alternatives has a row `any` for all of them, and under it a row for each part (`any[0].severity`);
 * every other row must hold for the rule to match. Not for the hot path.
 */
export function explainRules(
  rules: readonly Rule[],
  fallback: Choice | undefined,
  event: TocsinEvent,
): { readonly choices: readonly Choice[]; readonly rules: readonly RuleExplanation[] } {
  const choices: Choice[] = [];
  let stopped = false;
  const explained = rules.map((rule) => {
    const { conditions, holds } = explainConditions(rule, event);
    const result = stopped ? 'skipped' : holds ? 'matched' : 'not_matched';
    if (result === 'matched') {
      choices.push({ rule: rule.id, targets: rule.targets });
      stopped = !rule.continue;
    }
    return { rule: rule.id, result, conditions, targets: rule.targets, continue: rule.continue } as const;
  });
  if (!fallback) return { choices, rules: explained };
  const untaken = choices.length === 0;
  return {
    choices: untaken ? [fallback] : choices,
    rules: [...explained, explainDefault(fallback, untaken)],
  };
}

/** The default rule has no conditions: it takes what no rule took. */
const explainDefault = (choice: Choice, untaken: boolean): RuleExplanation => ({
  rule: choice.rule,
  result: untaken ? 'matched' : 'skipped',
  conditions: [],
  targets: choice.targets,
  continue: false,
});

function explainConditions(
  rule: Rule,
  event: TocsinEvent,
): { readonly conditions: readonly ConditionResult[]; readonly holds: boolean } {
  const asked = rule.when.map((condition) => explainCondition('', condition, event));
  const alternatives = rule.any.map((conditions, index) =>
    conditions.map((condition) => explainCondition(`any[${index}].`, condition, event)),
  );
  if (alternatives.length > 0) asked.push(anyRow(alternatives));
  return { conditions: [...asked, ...alternatives.flat()], holds: asked.every(({ holds }) => holds) };
}

function anyRow(alternatives: readonly (readonly ConditionResult[])[]): ConditionResult {
  const holding = alternatives.flatMap((rows, index) =>
    rows.every(({ holds }) => holds) ? [`any[${index}]`] : [],
  );
  return {
    field: 'any',
    condition: `at least one of ${alternatives.length}`,
    actual: holding,
    holds: holding.length > 0,
  };
}

function explainCondition(
  prefix: string,
  { field, condition }: FieldCondition,
  event: TocsinEvent,
): ConditionResult {
  return {
    field: prefix + field.name,
    condition: conditionWords(field, condition),
    actual: field.values(event),
    holds: conditionTest(field, condition)(event),
  };
}
