import { severities, type Severity } from '../events/event.ts';
import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { cidrFault } from './cidr.ts';
import { comparisons, operators, type Condition, type Operator, type Test } from './condition.ts';
import type { Field } from './field.ts';
import { compilePattern } from './pattern.ts';

const TEXT_CHARS_MAX = 1024;
const LIST_MAX = 10_000;
const NESTING_MAX = 4;

/** Where a piece of a condition stands, and where its faults go. */
interface Place {
  readonly field: Field;
  readonly path: string;
  readonly faults: Fault[];
  /** How many `not` are around it. */
  readonly depth: number;
}

/**
 * One condition as it stands in the config, read: a text, a list, true or false, or an object of operators. What
 * is wrong with it is added to `faults`, all at once; the condition returned then holds the rest.
 */
export function readCondition(field: Field, value: unknown, path: string, faults: Fault[]): Condition {
  return conditionAt({ field, path, faults, depth: 0 }, value);
}

function conditionAt(place: Place, value: unknown): Condition {
  if (value === null || value === undefined) return wrong(place, 'empty: write a condition, or leave it out');
  if (Array.isArray(value)) return of(listTest(place, 'in', value));
  if (typeof value === 'object') return operatorsAt(place, value);
  if (place.field.form === 'flag') return of(flag(place, value));
  if (place.field.form === 'severity') return of(severityTest(place, value));
  return of(equalsTest(place, value));
}

const of = (test: Test | undefined): Condition => ({ tests: test ? [test] : [] });

function wrong(place: Place, message: string): Condition {
  fault(place, message);
  return { tests: [] };
}

function fault(place: Place, message: string): undefined {
  place.faults.push({ path: place.path, message });
}

const inside = (place: Place, key: string): Place => ({
  ...place,
  path: `${place.path}.${key.slice(0, TEXT_CHARS_MAX)}`,
});

/** An object of operators; all of them hold together. */
function operatorsAt(place: Place, value: object): Condition {
  const entries = Object.entries(value);
  if (entries.length === 0) return wrong(place, `empty: name an operator, ${allowed(place.field)}`);
  const tests: Test[] = [];
  const whole: { exists?: boolean; not?: Condition } = {};
  for (const [key, operand] of entries) {
    const operator = operatorNamed(place, key);
    const at = inside(place, key);
    if (operator === 'exists') {
      if (typeof operand === 'boolean') whole.exists = operand;
      else fault(at, 'must be true or false');
    } else if (operator === 'not') {
      whole.not = negated(at, operand);
    } else if (operator) {
      const test = testAt(at, operator, operand);
      if (test) tests.push(test);
    }
  }
  return { tests, ...whole };
}

function negated(place: Place, value: unknown): Condition {
  if (place.depth >= NESTING_MAX) return wrong(place, `nested deeper than ${NESTING_MAX} times`);
  return conditionAt({ ...place, depth: place.depth + 1 }, value);
}

/** What can be asked of a severity or a flag is little; the rest would never hold, or always. */
const operatorsOf: Readonly<Record<Field['form'], readonly Operator[]>> = {
  text: operators,
  severity: ['equals', 'in', 'not'],
  flag: ['equals', 'not'],
};

const allowed = (field: Field): string => `one of ${operatorsOf[field.form].join(', ')}`;

function operatorNamed(place: Place, key: string): Operator | undefined {
  const own = operatorsOf[place.field.form];
  const operator = own.find((name) => name === key);
  if (operator) return operator;
  const at = inside(place, key);
  const known = operators.some((name) => name === key);
  const hint = known ? undefined : didYouMean(key, own);
  if (hint) return fault(at, `not an operator; did you mean "${hint}"?`);
  const what = known ? `cannot be asked of ${place.field.name}` : 'not an operator';
  return fault(at, `${what}: use ${allowed(place.field)}`);
}

function testAt(
  place: Place,
  operator: Exclude<Operator, 'exists' | 'not'>,
  value: unknown,
): Test | undefined {
  switch (operator) {
    case 'equals':
      return equalsTest(place, value);
    case 'prefix':
    case 'suffix':
    case 'contains':
      return value === ''
        ? fault(place, 'an empty text is in every value: leave it out')
        : textTest(place, operator, value);
    case 'in':
      return listTest(place, operator, value);
    case 'cidr':
      return listTest(place, operator, typeof value === 'string' ? [value] : value);
    case 'matches':
      return patternTest(place, value);
  }
}

function equalsTest(place: Place, value: unknown): Test | undefined {
  if (place.field.form === 'flag') return flag(place, value);
  const text = place.field.form === 'severity' ? level(place, value) : wholeText(place, value);
  return text === undefined ? undefined : { op: 'equals', text };
}

function flag(place: Place, value: unknown): Test | undefined {
  if (typeof value === 'boolean') return { op: 'equals', text: String(value) };
  return fault(place, 'must be true or false, without quotes');
}

function textTest(place: Place, op: 'prefix' | 'suffix' | 'contains', value: unknown): Test | undefined {
  const text = textAt(place, value);
  return text === undefined ? undefined : { op, text };
}

function textAt(place: Place, value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return fault(place, 'must be text: write the value in quotes');
  }
  if (typeof value !== 'string') return fault(place, 'must be text');
  if (value.length > TEXT_CHARS_MAX) return fault(place, `longer than ${TEXT_CHARS_MAX} characters`);
  return value;
}

/** A text that is to be a value of the field as it stands. */
function wholeText(place: Place, value: unknown): string | undefined {
  const text = textAt(place, value);
  const why = text === undefined ? undefined : place.field.faultOf?.(text);
  return why === undefined ? text : fault(place, why);
}

function patternTest(place: Place, value: unknown): Test | undefined {
  if (typeof value !== 'string') return fault(place, 'must be a pattern, as text');
  const pattern = compilePattern(value);
  return 'fault' in pattern ? fault(place, pattern.fault) : { op: 'matches', pattern };
}

/** A list of which one must fit: texts, severities or networks. */
function listTest(place: Place, op: 'in' | 'cidr', value: unknown): Test | undefined {
  if (!Array.isArray(value)) return fault(place, 'must be a list');
  if (place.field.form === 'flag') return fault(place, 'must be true or false, without quotes');
  if (value.length === 0) return fault(place, 'an empty list never holds: leave it out');
  if (value.length > LIST_MAX) return fault(place, `longer than ${LIST_MAX} entries`);
  const entry = op === 'cidr' ? network : place.field.form === 'severity' ? level : wholeText;
  const texts = value.map((item, index) => entry({ ...place, path: `${place.path}[${index}]` }, item));
  return { op, texts: texts.filter((text) => text !== undefined) };
}

function network(place: Place, value: unknown): string | undefined {
  const text = textAt(place, value);
  const why = text === undefined ? undefined : cidrFault(text);
  return why === undefined ? text : fault(place, why);
}

/** A severity, alone or with a comparison before it: `high`, `>= high`. */
function severityTest(place: Place, value: unknown): Test | undefined {
  const comparison =
    typeof value === 'string' ? comparisons.find((sign) => value.startsWith(sign)) : undefined;
  if (typeof value !== 'string' || comparison === undefined) return equalsTest(place, value);
  const severity = level(place, value.slice(comparison.length).trim());
  return severity && { op: 'compare', comparison, severity };
}

function level(place: Place, value: unknown): Severity | undefined {
  const severity = severities.find((name) => name === value);
  if (severity) return severity;
  const hint = typeof value === 'string' ? didYouMean(value, severities) : undefined;
  return fault(
    place,
    hint
      ? `not a severity; did you mean "${hint}"?`
      : `not a severity: use one of ${severities.join(', ')}, or a comparison such as ">= high"`,
  );
}
