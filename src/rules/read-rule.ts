import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import type { Condition } from './condition.ts';
import { fieldNames, fieldOf, type Field } from './field.ts';
import { readCondition } from './read-condition.ts';
import type { RuleSettings } from './schema.ts';

export interface FieldCondition {
  readonly field: Field;
  readonly condition: Condition;
}

/** One rule, read and free of faults. */
export interface Rule {
  readonly id: string;
  /** All of them hold. */
  readonly when: readonly FieldCondition[];
  /** Of at least one alternative all hold; no alternatives: nothing is asked. */
  readonly any: readonly (readonly FieldCondition[])[];
  /** Each once, in the order of the config. */
  readonly targets: readonly string[];
  readonly continue: boolean;
}

/** The rule at `path`, read. What is wrong with its conditions is added to `faults`; the rest is returned. */
export function readRule(settings: RuleSettings, path: string, faults: Fault[]): Rule {
  return {
    id: settings.id,
    when: readWhen(settings.when ?? {}, `${path}.when`, faults),
    any: (settings.any ?? []).map((when, index) => readAlternative(when, `${path}.any[${index}]`, faults)),
    targets: [...new Set(settings.targets)],
    continue: settings.continue ?? false,
  };
}

type When = NonNullable<RuleSettings['when']>;

function readAlternative(when: When, path: string, faults: Fault[]): readonly FieldCondition[] {
  if (Object.keys(when).length === 0) {
    faults.push({ path, message: 'an empty alternative takes every event: leave `any` out' });
  }
  return readWhen(when, path, faults);
}

function readWhen(when: When, path: string, faults: Fault[]): readonly FieldCondition[] {
  return Object.entries(when).flatMap(([name, value]) => {
    const at = `${path}.${name.slice(0, 200)}`;
    const field = fieldOf(name);
    if (field) return { field, condition: readCondition(field, value, at, faults) };
    faults.push({ path: at, message: unknownField(name) });
    return [];
  });
}

function unknownField(name: string): string {
  if (name === 'labels' || name === 'labels.') return 'name the label: `labels.environment: production`';
  if (name === 'subject') return 'name its part: subject.kind, subject.id or subject.name';
  const hint = didYouMean(name, fieldNames);
  return hint
    ? `not a field of an event; did you mean "${hint}"?`
    : `not a field of an event: use one of ${fieldNames.join(', ')}, labels.<name>`;
}
