import { severities, severityRank, type Severity } from '../events/event.ts';
import { withinNetworks } from './cidr.ts';
import type { EventTest, Field, ValueTest } from './field.ts';
import type { Pattern } from './pattern.ts';

export const operators = [
  'equals',
  'in',
  'prefix',
  'suffix',
  'contains',
  'matches',
  'cidr',
  'exists',
  'not',
] as const;
export type Operator = (typeof operators)[number];

export const comparisons = ['>=', '<=', '>', '<'] as const;
export type Comparison = (typeof comparisons)[number];

/** What is asked of one value. */
export type Test =
  | { readonly op: 'equals' | 'prefix' | 'suffix' | 'contains'; readonly text: string }
  | { readonly op: 'in' | 'cidr'; readonly texts: readonly string[] }
  | { readonly op: 'matches'; readonly pattern: Pattern }
  | { readonly op: 'compare'; readonly comparison: Comparison; readonly severity: Severity };

/** One condition, read and free of faults. Its parts hold together; a part that is absent asks nothing. */
export interface Condition {
  /** All of them must hold of one and the same value. */
  readonly tests: readonly Test[];
  /** Whether the field must have a value, or must have none. */
  readonly exists?: boolean;
  /** Must not hold of the field as a whole: no value passes it. */
  readonly not?: Condition;
}

/** The condition as a function of the event, made once; it never throws. */
export function conditionTest(field: Field, condition: Condition): EventTest {
  const parts: EventTest[] = [];
  if (condition.exists !== undefined) parts.push(presence(field, condition.exists));
  if (condition.tests.length > 0) parts.push(field.some(every(byCost(condition.tests).map(valueTest))));
  if (condition.not) {
    const inner = conditionTest(field, condition.not);
    parts.push((event) => !inner(event));
  }
  return every(parts);
}

/** One function that holds when all of them do; closures for the common lengths, since this is the hot path. */
export function every<T>(tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (value) => first(value) && second(value);
  return (value) => {
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

/** Roughly how many times dearer than a comparison of strings: the cheap conditions are asked first. */
export function costOf(condition: Condition): number {
  const tests = condition.tests.map((test) => TEST_COST[test.op]);
  return Math.max(1, ...tests, condition.not ? costOf(condition.not) : 0);
}

const TEST_COST = {
  equals: 1,
  prefix: 1,
  suffix: 1,
  in: 2,
  compare: 2,
  contains: 3,
  cidr: 10,
  matches: 50,
} as const;
const byCost = (tests: readonly Test[]): readonly Test[] =>
  tests.toSorted((a, b) => TEST_COST[a.op] - TEST_COST[b.op]);

function presence(field: Field, wanted: boolean): EventTest {
  const present = field.some(() => true);
  return wanted ? present : (event) => !present(event);
}

function valueTest(test: Test): ValueTest {
  switch (test.op) {
    case 'equals':
      return (value) => value === test.text;
    case 'prefix':
      return (value) => value.startsWith(test.text);
    case 'suffix':
      return (value) => value.endsWith(test.text);
    case 'contains':
      return (value) => value.includes(test.text);
    case 'in':
      return oneOf(test.texts);
    case 'cidr':
      return withinNetworks(test.texts);
    case 'matches':
      return (value) => test.pattern.test(value);
    case 'compare':
      return oneOf(severities.filter((severity) => compares(severity, test.comparison, test.severity)));
  }
}

function oneOf(texts: readonly string[]): ValueTest {
  const set = new Set(texts);
  return (value) => set.has(value);
}

function compares(severity: Severity, comparison: Comparison, limit: Severity): boolean {
  const distance = severityRank(severity) - severityRank(limit);
  switch (comparison) {
    case '>=':
      return distance >= 0;
    case '<=':
      return distance <= 0;
    case '>':
      return distance > 0;
    case '<':
      return distance < 0;
  }
}
