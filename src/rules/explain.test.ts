import { describe, expect, it } from 'vitest';
import type { TocsinEvent } from '../events/event.ts';
import { compileRules } from './compile.ts';
import { readEventFile } from './event-file.ts';
import type { RuleSettings } from './schema.ts';

function event(parts: Record<string, unknown>): TocsinEvent {
  const read = readEventFile({ source: 'app-waf', type: 'test', ...parts });
  if (Array.isArray(read)) throw new TypeError(JSON.stringify(read));
  return read;
}

const explain = (rules: RuleSettings[], parts: Record<string, unknown> = {}) =>
  compileRules(rules, { defaultTargets: ['log'] }).explain(event(parts));

const words = (field: string, condition: unknown) =>
  explain([{ id: 'r', when: { [field]: condition }, targets: [] }]).rules[0]?.conditions[0]?.condition;

describe('a condition in words', () => {
  it.each<[string, unknown, string]>([
    ['type', 'a', 'is "a"'],
    ['type', ['a', 'b'], 'one of "a", "b"'],
    ['type', { prefix: 'a' }, 'starts with "a"'],
    ['type', { suffix: 'a' }, 'ends with "a"'],
    ['type', { contains: 'a' }, 'contains "a"'],
    ['type', { matches: '^a' }, 'matches "^a"'],
    ['type', { exists: true }, 'present'],
    ['type', { exists: false }, 'absent'],
    ['observables.ip', { cidr: ['10.0.0.0/8', '::1'] }, 'within 10.0.0.0/8, ::1'],
    ['observables.ip', { not: { cidr: '10.0.0.0/8' } }, 'not within 10.0.0.0/8'],
    ['type', { not: ['a', 'b'] }, 'not one of "a", "b"'],
    ['type', { not: { prefix: 'a', suffix: 'z' } }, 'not (starts with "a" and ends with "z")'],
    ['type', { prefix: 'a', not: 'ab' }, 'starts with "a" and not is "ab"'],
    ['severity', '>=high', '>= high'],
    ['severity', 'high', 'is high'],
    ['severity', ['low', 'high'], 'one of low, high'],
    ['internal', true, 'is true'],
    ['geo.allowed', false, 'is false'],
    ['geo.source', ['FR', 'GB'], 'one of "FR", "GB"'],
  ])('%s %j', (field, condition, expected) => {
    expect(words(field, condition)).toBe(expected);
  });

  it('stays short for long lists and texts', () => {
    const list = Array.from({ length: 5000 }, (_, index) => `h${index}`);
    expect(words('type', list)).toMatch(/"h9", … \(5000 in all\)$/);
    expect(words('type', 'a'.repeat(1000))?.length).toBeLessThan(100);
  });
});

describe('explain', () => {
  const rules: RuleSettings[] = [
    { id: 'a', when: { severity: '>= high', 'labels.env': 'production' }, targets: ['t1'] },
    { id: 'b', when: { 'observables.ip': { cidr: '10.0.0.0/8' } }, targets: ['t2'], continue: true },
    { id: 'c', targets: ['t3'] },
    { id: 'd', when: { type: 'test' }, targets: ['t4'] },
  ];

  it('says of every rule whether it matched, did not, or was not looked at', () => {
    const explained = explain(rules, { severity: 'high', observables: [{ kind: 'ip', value: '10.0.0.1' }] });
    expect(explained.rules.map(({ rule, result }) => [rule, result])).toEqual([
      ['a', 'not_matched'],
      ['b', 'matched'],
      ['c', 'matched'],
      ['d', 'skipped'],
      ['default', 'skipped'],
    ]);
    expect(explained.decision.targets).toEqual(['t2', 't3']);
  });

  it('gives each condition with what the event has, in the order of the config', () => {
    expect(explain(rules, { severity: 'high' }).rules[0]?.conditions).toEqual([
      { field: 'severity', condition: '>= high', actual: ['high'], holds: true },
      { field: 'labels.env', condition: 'is "production"', actual: [], holds: false },
    ]);
  });

  it('shows the default rule as the one that matched when no other did', () => {
    const explained = explain([{ id: 'a', when: { type: 'other' }, targets: ['t1'] }]);
    expect(explained.rules.at(-1)).toEqual({
      rule: 'default',
      result: 'matched',
      conditions: [],
      targets: ['log'],
      continue: false,
    });
  });

  it('says which alternative held, and shows the parts of all', () => {
    const any = [{ severity: 'high' }, { type: 'test', 'labels.a': 'x' }];
    const explained = explain([{ id: 'a', any, targets: ['t'] }], { labels: { a: 'x' } });
    expect(explained.rules[0]).toMatchObject({
      result: 'matched',
      conditions: [
        { field: 'any', condition: 'at least one of 2', actual: ['any[1]'], holds: true },
        { field: 'any[0].severity', holds: false },
        { field: 'any[1].type', holds: true },
        { field: 'any[1].labels.a', holds: true },
      ],
    });
  });
});
