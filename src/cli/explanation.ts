import { DEFAULT_RULE } from '../rules/check.ts';
import type { ConditionResult, RuleExplanation } from '../rules/rule.ts';
import type { Terminal } from './command.ts';
import { cell, layOut } from './layout.ts';
import { type Paint, painter } from './paint.ts';
import type { TriedEvent } from './try-rules.ts';

const NOBODY = 'nowhere: it is kept and can be searched for';

/** One event and the rules in words: each rule, each of its conditions with ✓ or ✗, and where the event would go. */
export function explanationLines(
  { event, targets, rules, matched }: TriedEvent,
  terminal: Terminal,
): string[] {
  const paint = painter(terminal);
  const known = new Set(rules.map(({ rule }) => rule));
  const beside = matched.filter(({ rule }) => !known.has(rule));
  return [
    paint(event.title, 'bold'),
    paint(`${event.source} · ${event.type} · ${event.severity}`, 'dim'),
    '',
    ...rules.flatMap((rule) => ruleLines(rule, paint, terminal)),
    ...beside.map(
      ({ rule, targets }) => `${paint('✓', 'green')} ${paint(rule, 'bold')} → ${targetText(paint, targets)}`,
    ),
    '',
    `Goes ${targets.length === 0 ? NOBODY : `to ${targetText(paint, targets)}`}`,
  ];
}

function ruleLines(rule: RuleExplanation, paint: Paint, terminal: Terminal): string[] {
  if (rule.result === 'skipped') {
    return [paint(`· ${rule.rule}: not asked, a rule above took the event`, 'dim')];
  }
  const conditions = layOut(rule.conditions.map(conditionCells), terminal, '    ');
  if (rule.result === 'not_matched') return [`${paint('✗', 'red')} ${paint(rule.rule)}`, ...conditions];
  const onward = rule.continue ? ', and the rules below are asked too' : '';
  const head = `${paint('✓', 'green')} ${paint(rule.rule, 'bold')} → ${targetText(paint, rule.targets)}${onward}`;
  return [head, ...(rule.conditions.length === 0 ? [`    ${takes(rule)}`] : conditions)];
}

const takes = ({ rule }: RuleExplanation): string =>
  rule === DEFAULT_RULE ? 'takes what no rule took' : 'takes every event';

const targetText = (paint: Paint, targets: readonly string[]): string =>
  targets.length === 0 ? 'no target' : paint(targets.join(', '));

const conditionCells = ({ field, condition, actual, holds }: ConditionResult) => [
  holds ? cell('✓', 'green') : cell('✗', 'red'),
  cell(field),
  cell(condition),
  cell(actual.length === 0 ? '(nothing)' : actual.join(', '), 'dim'),
];
