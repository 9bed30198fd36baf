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

function takes(when: Record<string, unknown>, parts: Record<string, unknown>): boolean {
  const rules = compileRules([{ id: 'r', when, targets: ['t'] }], { defaultTargets: [] });
  return rules.decide(event(parts)).targets.length > 0;
}

const ips = (...values: string[]) => ({ observables: values.map((value) => ({ kind: 'ip', value })) });

const geo = (source: string | null, destination: string | null = null, allowed = true) => ({
  geo: { source, destination, allowed },
});

describe('one condition', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    // name, condition, an event it takes, an event it leaves
    ['a text equals', { type: 'a.b' }, { type: 'a.b' }, { type: 'a.b.c' }],
    ['equality counts case', { type: 'a.b' }, { type: 'a.b' }, { type: 'A.b' }],
    ['equals, written out', { title: { equals: 'x' } }, { title: 'x' }, { title: 'y' }],
    ['a list holds any of its texts', { source: ['a', 'b'] }, { source: 'b' }, { source: 'c' }],
    ['in, written out', { source: { in: ['a', 'b'] } }, { source: 'a' }, { source: 'ab' }],
    ['prefix', { type: { prefix: 'a.' } }, { type: 'a.b' }, { type: 'b.a.' }],
    ['suffix', { type: { suffix: '.a' } }, { type: 'b.a' }, { type: 'b.a.c' }],
    ['contains', { title: { contains: 'tor' } }, { title: 'a tor exit' }, { title: 'a TOR exit' }],
    ['matches anywhere', { title: { matches: 't[ou]r' } }, { title: 'a tor' }, { title: 'a ter' }],
    ['matches with anchors', { title: { matches: '^tor$' } }, { title: 'tor' }, { title: 'a tor' }],
    ['matches in any case', { title: { matches: '(?i)tor' } }, { title: 'TOR' }, { title: 'T0R' }],
    ['a severity equals', { severity: 'high' }, { severity: 'high' }, { severity: 'critical' }],
    ['>=', { severity: '>= high' }, { severity: 'high' }, { severity: 'medium' }],
    ['>', { severity: '> high' }, { severity: 'critical' }, { severity: 'high' }],
    ['<=', { severity: '<=medium' }, { severity: 'medium' }, { severity: 'high' }],
    ['<', { severity: '< low' }, { severity: 'informational' }, { severity: 'low' }],
    ['unknown is below low', { severity: '< low' }, {}, { severity: 'low' }],
    ['a list of severities', { severity: ['low', 'high'] }, { severity: 'low' }, { severity: 'medium' }],
    ['not a severity', { severity: { not: '>= high' } }, { severity: 'low' }, { severity: 'high' }],
    ['internal', { internal: true }, { internalAlert: { a: 1 } }, {}],
    ['not internal', { internal: false }, {}, { internalAlert: {} }],
    ['a source', { 'geo.source': 'RU' }, geo('RU'), geo('FR')],
    ['one of the destinations', { 'geo.destination': ['FR', 'private'] }, geo(null, 'private'), geo('FR')],
    ['a source outside', { 'geo.source': { not: ['FR', 'GB'], exists: true } }, geo('RU'), geo(null, 'RU')],
    ['not allowed', { 'geo.allowed': false }, geo('RU', null, false), geo('FR')],
    ['not allowed, of an event without a side', { 'geo.allowed': false }, geo('RU', null, false), {}],
    ['allowed, of an event without a side', { 'geo.allowed': true }, geo('FR'), {}],
    ['allowed or without a side', { 'geo.allowed': { not: false } }, {}, geo('RU', null, false)],
    ['exists', { 'subject.name': { exists: true } }, { subject: { kind: 'k', id: 'i', name: 'n' } }, {}],
    ['absent', { 'labels.a': { exists: false } }, { labels: { b: '' } }, { labels: { a: '' } }],
    ['not', { type: { not: 'a' } }, { type: 'b' }, { type: 'a' }],
    ['not a list', { type: { not: ['a', 'b'] } }, { type: 'c' }, { type: 'b' }],
    ['not not', { type: { not: { not: 'a' } } }, { type: 'a' }, { type: 'b' }],
    ['several operators', { type: { prefix: 'a', suffix: 'z' } }, { type: 'a-z' }, { type: 'a-y' }],
    ['an operator and not', { type: { prefix: 'a', not: 'ab' } }, { type: 'ac' }, { type: 'ab' }],
    ['an IPv4 network', { 'observables.ip': { cidr: '10.0.0.0/8' } }, ips('10.255.0.1'), ips('11.0.0.1')],
    ['every IPv4 address', { 'observables.ip': { cidr: '0.0.0.0/0' } }, ips('255.1.2.3'), ips('::1')],
    [
      'a high IPv4 network',
      { 'observables.ip': { cidr: '203.0.113.128/25' } },
      ips('203.0.113.255'),
      ips('203.0.113.127'),
    ],
    [
      'an IPv6 network',
      { 'observables.ip': { cidr: '2001:db8::/32' } },
      ips('2001:DB8:1::1'),
      ips('2001:db9::1'),
    ],
    ['one address, however spelt', { 'observables.ip': { cidr: '::1' } }, ips('0:0:0:0:0:0:0:1'), ips('::2')],
    ['mapped IPv4', { 'observables.ip': { cidr: '10.0.0.0/8' } }, ips('::ffff:10.0.0.1'), ips('::10.0.0.1')],
    [
      'a list of networks',
      { 'observables.ip': { cidr: ['10.0.0.0/8', '::/0'] } },
      ips('fe80::1'),
      ips('192.0.2.1'),
    ],
    [
      'a network of a label',
      { 'labels.ip': { cidr: '10.0.0.0/8' } },
      { labels: { ip: '10.1.1.1' } },
      { labels: { ip: 'ten' } },
    ],
  ])('%s', (_name, when, taken, left) => {
    expect(takes(when, taken)).toBe(true);
    expect(takes(when, left)).toBe(false);
  });

  it.each(['10.0.0', '010.0.0.1', '10.0.0.1 ', '10.0.0.1:80', '', '10.0.0.1/32', 'example.org'])(
    'has no network for "%s", which is not an address',
    (value) => {
      expect(takes({ 'labels.ip': { cidr: ['0.0.0.0/0', '::/0'] } }, { labels: { ip: value } })).toBe(false);
    },
  );

  it('finds one text in ten thousand', () => {
    const list = Array.from({ length: 10_000 }, (_, index) => `host-${index}`);
    expect(takes({ 'labels.host': list }, { labels: { host: 'host-9999' } })).toBe(true);
    expect(takes({ 'labels.host': list }, { labels: { host: 'host-10000' } })).toBe(false);
  });

  it.each([
    'type',
    'title',
    'source',
    'subject.kind',
    'subject.id',
    'subject.name',
    'labels.a.b',
    'observables.ip',
    'observables.user',
    'observables.url',
    'observables.host',
    'observables',
  ])('asks %s of the event, and of nothing else', (field) => {
    const marked = {
      source: 'source',
      type: 'type',
      title: 'title',
      subject: { kind: 'subject.kind', id: 'subject.id', name: 'subject.name' },
      labels: { 'a.b': 'labels.a.b' },
      observables: ['ip', 'user', 'url', 'host'].map((kind) => ({ kind, value: `observables.${kind}` })),
    };
    expect(takes({ [field]: { prefix: field } }, marked)).toBe(true);
    expect(takes({ [field]: { not: { prefix: field } } }, marked)).toBe(false);
  });
});

describe('a field with several values', () => {
  it('fulfils a condition when any value does', () => {
    expect(takes({ 'observables.ip': '10.0.0.2' }, ips('10.0.0.1', '10.0.0.2'))).toBe(true);
  });

  it('fulfils `not` only when no value fulfils what is inside', () => {
    const outside = { 'observables.ip': { not: { cidr: '10.0.0.0/8' } } };
    expect(takes(outside, ips('192.0.2.1', '192.0.2.2'))).toBe(true);
    expect(takes(outside, ips('192.0.2.1', '10.0.0.1'))).toBe(false);
  });

  it('needs one and the same value for all operators of a condition', () => {
    const both = { 'observables.ip': { prefix: '10.', suffix: '.1' } };
    expect(takes(both, ips('10.0.0.2', '192.0.2.1'))).toBe(false);
    expect(takes(both, ips('10.0.0.2', '10.0.0.1'))).toBe(true);
  });

  it('keeps the kinds apart, and `observables` takes any of them', () => {
    const user = { observables: [{ kind: 'user', value: 'root' }] };
    expect(takes({ 'observables.host': 'root' }, user)).toBe(false);
    expect(takes({ observables: 'root' }, user)).toBe(true);
  });
});

describe('an absent field', () => {
  it.each([
    { equals: '' },
    { prefix: 'a' },
    { contains: 'a' },
    { matches: '.*' },
    { cidr: '::/0' },
    ['a'],
    '',
  ])('does not fulfil %j, and fulfils its negation', (condition) => {
    for (const field of ['subject.id', 'labels.a', 'observables.ip', 'observables']) {
      expect(takes({ [field]: condition }, {})).toBe(false);
      expect(takes({ [field]: { not: condition } }, {})).toBe(true);
    }
  });
});

describe('label names that objects inherit', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is absent until it is a label',
    (name) => {
      expect(takes({ [`labels.${name}`]: { exists: true } }, { labels: {} })).toBe(false);
      const labels: unknown = JSON.parse(`{${JSON.stringify(name)}: "x"}`);
      expect(takes({ [`labels.${name}`]: 'x' }, { labels })).toBe(true);
    },
  );
});

describe('the order of rules', () => {
  const rule = (id: string, type: string, more: Partial<RuleSettings> = {}): RuleSettings => ({
    id,
    when: { type: { prefix: type } },
    targets: [`to-${id}`],
    ...more,
  });
  const decide = (rules: RuleSettings[], type: string, defaultTargets: string[] = ['log']) => {
    const { matched, targets } = compileRules(rules, { defaultTargets }).decide(event({ type }));
    return { rules: matched.map((match) => match.rule), targets };
  };

  it('stops at the first match', () => {
    expect(decide([rule('a', 'x'), rule('b', 'x')], 'x')).toEqual({ rules: ['a'], targets: ['to-a'] });
  });

  it('goes on after a match that says `continue`, until one that does not', () => {
    const rules = [rule('a', 'x', { continue: true }), rule('b', 'y'), rule('c', 'x'), rule('d', 'x')];
    expect(decide(rules, 'x')).toEqual({ rules: ['a', 'c'], targets: ['to-a', 'to-c'] });
  });

  it('chooses a target once, in the order in which rules chose', () => {
    const rules = [
      rule('a', 'x', { continue: true, targets: ['t2', 't1', 't2'] }),
      rule('b', 'x', { targets: ['t3', 't1'] }),
    ];
    expect(decide(rules, 'x').targets).toEqual(['t2', 't1', 't3']);
  });

  it('sends what no rule takes to the default targets, under the name `default`', () => {
    expect(decide([rule('a', 'x')], 'y')).toEqual({ rules: ['default'], targets: ['log'] });
    expect(decide([], 'y')).toEqual({ rules: ['default'], targets: ['log'] });
  });

  it('leaves what no rule takes unrouted when there are no default targets', () => {
    expect(decide([rule('a', 'x')], 'y', [])).toEqual({ rules: [], targets: [] });
  });

  it('does not ask the default rule after a match that says `continue`', () => {
    expect(decide([rule('a', 'x', { continue: true })], 'x')).toEqual({ rules: ['a'], targets: ['to-a'] });
  });

  it('keeps an event from the rules below with a rule without targets', () => {
    expect(decide([rule('a', 'x', { targets: [] }), rule('b', 'x')], 'x')).toEqual({
      rules: ['a'],
      targets: [],
    });
  });

  it('takes every event with a rule that has no conditions', () => {
    expect(decide([{ id: 'all', targets: ['t'] }], 'x').rules).toEqual(['all']);
    expect(decide([{ id: 'all', when: {}, targets: ['t'] }], 'x').rules).toEqual(['all']);
  });

  it('needs all of `when` and one whole alternative of `any`', () => {
    const rules: RuleSettings[] = [
      {
        id: 'r',
        when: { source: 'app-waf' },
        any: [{ severity: 'high' }, { type: 'x', 'labels.a': '1' }],
        targets: ['t'],
      },
    ];
    const taken = (parts: Record<string, unknown>) =>
      compileRules(rules, { defaultTargets: [] }).decide(event(parts)).targets.length > 0;
    expect(taken({ severity: 'high' })).toBe(true);
    expect(taken({ type: 'x', labels: { a: '1' } })).toBe(true);
    expect(taken({ type: 'x' })).toBe(false);
    expect(taken({ severity: 'high', source: 'other' })).toBe(false);
  });
});

describe('compileRules', () => {
  it('refuses rules that have faults instead of dropping a condition', () => {
    const compile = () =>
      compileRules([{ id: 'r', when: { tpye: 'x' }, targets: [] }], { defaultTargets: [] });
    expect(compile).toThrow(TypeError);
  });

  it('is not changed by a later change of the settings', () => {
    const settings = { id: 'r', when: { type: ['x'] }, targets: ['t'] };
    const rules = compileRules([settings], { defaultTargets: [] });
    settings.when.type.push('y');
    settings.targets.push('u');
    expect(rules.decide(event({ type: 'x' })).targets).toEqual(['t']);
    expect(rules.decide(event({ type: 'y' })).targets).toEqual([]);
  });
});
