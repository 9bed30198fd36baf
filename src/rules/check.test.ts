import { describe, expect, it } from 'vitest';
import { checkRules } from './check.ts';
import type { RuleSettings } from './schema.ts';

const check = (rules: RuleSettings[]) => checkRules(rules, { targetIds: ['log', 'on-call'] });
const faultsOf = (when: Record<string, unknown>) => check([{ id: 'r', when, targets: ['log'] }]);

describe('checkRules', () => {
  it('finds nothing in rules that are right', () => {
    const when = { severity: '>= high', 'labels.a': { not: { matches: '^a+$' } }, internal: false };
    expect(check([{ id: 'r', when, any: [{ type: 'x' }], targets: ['log'], continue: true }])).toEqual([]);
    expect(check([{ id: 'drop', targets: [] }])).toEqual([]);
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ severty: 'high' }, 'when.severty', /did you mean "severity"/],
    [{ colour: 'red' }, 'when.colour', /use one of source, type/],
    [{ 'observables.ips': 'a' }, 'when.observables.ips', /did you mean "observables.ip"/],
    [{ labels: { a: 'b' } }, 'when.labels', /labels\.environment/],
    [{ 'labels.': 'b' }, 'when.labels.', /labels\.environment/],
    [{ subject: 'a' }, 'when.subject', /subject\.kind/],
    [{ type: { prefx: 'a' } }, 'when.type.prefx', /did you mean "prefix"/],
    [{ type: { startsWith: 'a' } }, 'when.type.startsWith', /use one of equals, in, prefix/],
    [{ type: {} }, 'when.type', /empty/],
    [{ type: null }, 'when.type', /empty/],
    [{ type: [] }, 'when.type', /empty list/],
    [{ type: ['a', 7] }, 'when.type[1]', /quotes/],
    [{ type: { in: 'a' } }, 'when.type.in', /list/],
    [{ type: true }, 'when.type', /quotes/],
    [{ 'labels.port': 443 }, 'when.labels.port', /quotes/],
    [{ title: { prefix: '' } }, 'when.title.prefix', /every value/],
    [{ title: { exists: 'yes' } }, 'when.title.exists', /true or false/],
    [{ title: { matches: '(' } }, 'when.title.matches', /missing closing \)/],
    [{ title: { matches: '(?=a)' } }, 'when.title.matches', /no look-around/],
    [{ title: { matches: '' } }, 'when.title.matches', /everything/],
    [{ title: { matches: 7 } }, 'when.title.matches', /text/],
    [{ title: { matches: '([ab]{0,30}a){30}' } }, 'when.title.matches', /too complex/],
    [{ title: { not: { matches: '[' } } }, 'when.title.not.matches', /not a valid pattern/],
    [{ 'observables.ip': { cidr: '10.0.0.0/33' } }, 'when.observables.ip.cidr[0]', /not a network/],
    [{ 'observables.ip': { cidr: ['::/0', 'ten'] } }, 'when.observables.ip.cidr[1]', /not a network/],
    [{ 'observables.ip': { cidr: '10.1.2.3/8' } }, 'when.observables.ip.cidr[0]', /first address/],
    [{ severity: 'hgih' }, 'when.severity', /did you mean "high"/],
    [{ severity: 'High' }, 'when.severity', /did you mean "high"/],
    [{ severity: '>= urgent' }, 'when.severity', /use one of unknown/],
    [{ severity: ['low', 'meduim'] }, 'when.severity[1]', /did you mean "medium"/],
    [{ severity: { prefix: 'h' } }, 'when.severity.prefix', /cannot be asked of severity/],
    [{ severity: 3 }, 'when.severity', /not a severity/],
    [{ internal: 'true' }, 'when.internal', /without quotes/],
    [{ internal: [true] }, 'when.internal', /true or false/],
    [{ internal: { matches: 'true' } }, 'when.internal.matches', /cannot be asked/],
    [{ 'geo.allowed': 'false' }, 'when.geo.allowed', /without quotes/],
    [{ 'geo.source': 'fr' }, 'when.geo.source', /two capital letters/],
    [{ 'geo.source': ['FR', 'FRA'] }, 'when.geo.source[1]', /two capital letters/],
    [{ 'geo.destination': { not: { in: ['Private'] } } }, 'when.geo.destination.not.in[0]', /private/],
    [{ 'geo.destination': { equals: 'France' } }, 'when.geo.destination.equals', /never holds/],
    [{ 'geo.allow': false }, 'when.geo.allow', /did you mean "geo.allowed"/],
    [{ type: { not: { not: { not: { not: { not: 'a' } } } } } }, 'when.type.not.not.not.not.not', /deeper/],
  ])('finds the fault in %j', (when, path, message) => {
    const faults = faultsOf(when);
    expect(faults.map((fault) => fault.path)).toEqual([`rules[0].${path}`]);
    expect(faults[0]?.message).toMatch(message);
  });

  it('bounds texts, lists and patterns', () => {
    const [one, ten] = ['a'.repeat(1025), Array.from({ length: 10_001 }, () => 'a')];
    const messages = [{ type: one }, { type: ten }, { type: { in: ten } }, { type: { matches: one } }].map(
      (when) => faultsOf(when)[0]?.message,
    );
    expect(messages.map((message) => message?.match(/\d+/)?.[0])).toEqual(['1024', '10000', '10000', '500']);
  });

  it('takes `__proto__` and `constructor` for neither fields nor operators', () => {
    expect(faultsOf({ constructor: 'a' })).toHaveLength(1);
    expect(faultsOf(Object.fromEntries([['__proto__', 'a']]))).toHaveLength(1);
    expect(faultsOf({ type: { constructor: 'a', toString: 'b' } })).toHaveLength(2);
  });

  it('names rules that share an id, and the id that is taken', () => {
    const rule = { targets: ['log'] };
    expect(
      check([
        { id: 'a', ...rule },
        { id: 'b', ...rule },
        { id: 'a', ...rule },
        { id: 'default', ...rule },
      ]),
    ).toEqual([
      { path: 'rules[2].id', message: expect.stringContaining('rules[0]') },
      { path: 'rules[3].id', message: expect.stringContaining('default rule') },
    ]);
  });

  it('names targets that do not exist, and the one that was meant', () => {
    expect(check([{ id: 'a', targets: ['log', 'oncall', 'pager'] }])).toEqual([
      { path: 'rules[0].targets[1]', message: expect.stringContaining('did you mean "on-call"') },
      { path: 'rules[0].targets[2]', message: 'no such target' },
    ]);
  });

  it('refuses a rule that would do nothing, and an alternative that asks nothing', () => {
    const paths = (rule: RuleSettings) => check([rule]).map((fault) => fault.path);
    expect(paths({ id: 'a', targets: [], continue: true })).toEqual(['rules[0].targets']);
    expect(paths({ id: 'a', any: [{ type: 'x' }, {}], targets: ['log'] })).toEqual(['rules[0].any[1]']);
  });

  it('tells all faults of all rules at once', () => {
    const faults = check([
      { id: 'a', when: { tpye: 'x', severity: { equals: 'hi', in: ['lo'] } }, targets: ['lgo'] },
      { id: 'a', any: [{ title: { matches: '[', prefix: '' } }], targets: ['log'] },
    ]);
    expect(faults.map((fault) => fault.path).toSorted()).toEqual([
      'rules[0].targets[0]',
      'rules[0].when.severity.equals',
      'rules[0].when.severity.in[0]',
      'rules[0].when.tpye',
      'rules[1].any[0].title.matches',
      'rules[1].any[0].title.prefix',
      'rules[1].id',
    ]);
  });

  it('repeats no value out of the config', () => {
    const secret = 's3cr3t-value[(';
    const conditions = [
      secret,
      [secret],
      { cidr: secret },
      { matches: secret },
      { in: secret },
      { exists: secret },
    ];
    for (const field of ['type', 'severity', 'internal', 'observables.ip', 'geo.source', 'geo.allowed']) {
      for (const condition of conditions) {
        expect(JSON.stringify(faultsOf({ [field]: condition }))).not.toContain('s3cr3t');
      }
    }
  });

  it('refuses more than a thousand rules', () => {
    const rules = Array.from({ length: 1001 }, (_, index) => ({ id: `r${index}`, targets: ['log'] }));
    expect(check(rules)).toEqual([{ path: 'rules', message: expect.stringContaining('1000') }]);
  });
});
