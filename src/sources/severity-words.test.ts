import { expect, test } from 'vitest';
import { severityOfNumber, severityOfWord } from './severity-words.ts';

test.each([
  ['critical', 'critical'],
  ['FATAL', 'critical'],
  ['Emergency', 'critical'],
  ['P1', 'critical'],
  ['SEV-1', 'critical'],
  ['sev 2', 'high'],
  ['error', 'high'],
  ['page', 'high'],
  ['Warning', 'medium'],
  ['moderate', 'medium'],
  ['p3', 'medium'],
  ['notice', 'low'],
  ['Informational', 'informational'],
  [' none ', 'informational'],
  ['debug', 'informational'],
  ['Not_Classified', 'unknown'],
])('the word "%s" is %s', (word, severity) => {
  expect(severityOfWord(word)).toBe(severity);
});

test.each([['banana'], ['non critical'], [''], ['x'.repeat(1_000_000)], [7], [null], ['constructor']])(
  'no severity is guessed of %j',
  (word) => {
    expect(severityOfWord(typeof word === 'string' ? word.slice(0, 1_000_000) : word)).toBeUndefined();
  },
);

test.each([
  ['ocsf', 1, 'informational'],
  ['ocsf', 5, 'critical'],
  ['ocsf', 6, 'critical'],
  ['ocsf', 0, 'unknown'],
  ['syslog', 0, 'critical'],
  ['syslog', 3, 'high'],
  ['syslog', 7, 'informational'],
  ['cvss', 0, 'informational'],
  ['cvss', 3.9, 'low'],
  ['cvss', 4, 'medium'],
  ['cvss', 7, 'high'],
  ['cvss', 9, 'critical'],
  ['percent', 69, 'medium'],
  ['percent', 100, 'critical'],
  ['priority', 1, 'critical'],
  ['priority', 5, 'informational'],
] as const)('on the scale %s, %d is %s', (scale, value, severity) => {
  expect(severityOfNumber(value, scale)).toBe(severity);
});

test.each([
  ['ocsf', 7],
  ['ocsf', 1.5],
  ['syslog', -1],
  ['cvss', 10.1],
  ['cvss', Number.NaN],
  ['percent', 101],
  ['priority', 9],
] as const)('on the scale %s there is no %d', (scale, value) => {
  expect(severityOfNumber(value, scale)).toBeUndefined();
});
