import type { Condition, Test } from './condition.ts';
import type { Field } from './field.ts';

const LISTED_MAX = 10;
const QUOTED_CHARS_MAX = 80;

/** A condition in words: `>= high`, `one of "a", "b"`, `not within 10.0.0.0/8`. Long lists and texts are cut. */
export function conditionWords(field: Field, condition: Condition): string {
  const parts = condition.tests.map((test) => testWords(field, test));
  if (condition.exists !== undefined) parts.push(condition.exists ? 'present' : 'absent');
  if (condition.not) parts.push(`not ${grouped(field, condition.not)}`);
  return parts.join(' and ');
}

function grouped(field: Field, condition: Condition): string {
  const words = conditionWords(field, condition);
  const parts = condition.tests.length + (condition.exists === undefined ? 0 : 1) + (condition.not ? 1 : 0);
  return parts > 1 ? `(${words})` : words;
}

function testWords(field: Field, test: Test): string {
  const say = field.form === 'text' ? quoted : (text: string) => text;
  switch (test.op) {
    case 'equals':
      return `is ${say(test.text)}`;
    case 'prefix':
      return `starts with ${quoted(test.text)}`;
    case 'suffix':
      return `ends with ${quoted(test.text)}`;
    case 'contains':
      return `contains ${quoted(test.text)}`;
    case 'matches':
      return `matches ${quoted(test.pattern.text)}`;
    case 'in':
      return `one of ${listed(test.texts, say)}`;
    case 'cidr':
      return `within ${listed(test.texts, (text) => text)}`;
    case 'compare':
      return `${test.comparison} ${test.severity}`;
  }
}

const quoted = (text: string): string =>
  `"${text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}…` : text}"`;

function listed(texts: readonly string[], say: (text: string) => string): string {
  const shown = texts.slice(0, LISTED_MAX).map(say).join(', ');
  return texts.length > LISTED_MAX ? `${shown}, … (${texts.length} in all)` : shown;
}
