import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observableKinds, severities, type TocsinEvent } from '../events/event.ts';
import { checkRules } from './check.ts';
import { compileRules } from './compile.ts';
import { readEventFile } from './event-file.ts';
import { fieldNames } from './field.ts';
import type { RuleSettings } from './schema.ts';

// Few different texts, so that conditions hold about as often as not.
const text = fc.constantFrom('a', 'b', 'ab', 'ba', 'A', '', '10.0.0.1', '::1', '__proto__', 'x'.repeat(5000));
const labelName = fc.constantFrom('a', '__proto__', 'constructor', 'x.y');
const absentOr = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const place = fc.constantFrom('FR', 'RU', 'private', 'unknown');

const event: fc.Arbitrary<TocsinEvent> = fc
  .record({
    source: fc.constantFrom('a', 'b'),
    type: fc.constantFrom('a', 'ab', 'ba', '10.0.0.1'),
    severity: fc.constantFrom(...severities),
    title: text,
    subject: absentOr(
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'ab'), absentOr(text))
        .map(([kind, id, name]) => ({ kind, id, name })),
    ),
    labels: fc.array(fc.tuple(labelName, text), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
    observables: fc.array(
      fc.record({ kind: fc.constantFrom(...observableKinds), value: text.filter((value) => value !== '') }),
      { maxLength: 4 },
    ),
    internal: fc.boolean(),
    geo: absentOr(
      fc.record({ source: absentOr(place), destination: absentOr(place), allowed: fc.boolean() }),
    ),
  })
  .map((value) => {
    const read = readEventFile(value);
    if (Array.isArray(read)) throw new TypeError(JSON.stringify(read));
    return read;
  });

const someText = text.filter((value) => value !== '' && value.length < 1000);
const plainText = fc.oneof(
  someText,
  fc.array(someText, { minLength: 1, maxLength: 3 }),
  fc
    .record(
      {
        equals: someText,
        prefix: someText,
        suffix: someText,
        contains: someText,
        matches: fc.constantFrom('^a', 'b$', '[ab]+', '^$', '(?i)a'),
        cidr: fc.constantFrom('10.0.0.0/8', '::/0', ['192.0.2.0/24', '::1']),
        exists: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .filter((operators) => Object.keys(operators).length > 0),
);
const placeCondition = fc.oneof(
  place,
  fc.array(place, { minLength: 1, maxLength: 3 }),
  fc.record({ equals: place, not: place, prefix: fc.constantFrom('F', 'p') }),
  fc.record({ exists: fc.boolean() }),
);
const severityCondition = fc.oneof(
  fc.constantFrom(...severities),
  fc
    .tuple(fc.constantFrom('>=', '> ', '<=', '< '), fc.constantFrom(...severities))
    .map((pair) => pair.join(' ')),
  fc.array(fc.constantFrom(...severities), { minLength: 1, maxLength: 3 }),
);
const negatable = <T>(condition: fc.Arbitrary<T>) =>
  fc.oneof(
    condition,
    condition.map((not) => ({ not })),
    condition.map((not) => ({ not: { not } })),
  );

const textField = fc.oneof(
  fc.constantFrom(
    ...fieldNames.filter((name) => name !== 'severity' && name !== 'internal' && !name.startsWith('geo.')),
  ),
  labelName.map((name) => `labels.${name}`),
);
const fieldAndCondition: fc.Arbitrary<[string, unknown]> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(textField, negatable(plainText)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('severity'), negatable(severityCondition)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('internal', 'geo.allowed'), negatable(fc.boolean())) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('geo.source', 'geo.destination'), negatable(placeCondition)),
  },
);
const when = fc.array(fieldAndCondition, { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));
const alternative = when.filter((map) => Object.keys(map).length > 0);
const targetIds = ['t1', 't2', 't3', 't4'];

const ruleList: fc.Arbitrary<RuleSettings[]> = fc
  .array(
    fc.record(
      {
        when,
        any: fc.array(alternative, { minLength: 1, maxLength: 3 }),
        targets: fc.array(fc.constantFrom(...targetIds), { minLength: 1, maxLength: 3 }),
        continue: fc.boolean(),
      },
      { requiredKeys: ['targets'] },
    ),
    { maxLength: 6 },
  )
  .map((rules) => rules.map((rule, index) => Object.assign(rule, { id: `r${index}` })));

const defaultTargets = fc.subarray(targetIds);

const takes = (rule: Record<string, unknown>, seen: TocsinEvent): boolean =>
  compileRules([{ id: 'r', when: rule, targets: ['t'] }], { defaultTargets: [] }).decide(seen).targets
    .length > 0;

describe('for arbitrary rules and events', () => {
  it('decides as it explains', () => {
    fc.assert(
      fc.property(ruleList, defaultTargets, event, (rules, targets, seen) => {
        expect(checkRules(rules, { targetIds })).toEqual([]);
        const compiled = compileRules(rules, { defaultTargets: targets });
        const explained = compiled.explain(seen);
        expect(compiled.decide(seen)).toEqual(explained.decision);
        const matched = explained.rules.filter(({ result }) => result === 'matched');
        expect(matched.map(({ rule }) => rule)).toEqual(explained.decision.matched.map(({ rule }) => rule));
      }),
      { numRuns: 500 },
    );
  });

  it('matches a rule exactly when every row of its explanation holds, those of alternatives aside', () => {
    fc.assert(
      fc.property(ruleList, event, (rules, seen) => {
        for (const { result, conditions } of compileRules(rules, { defaultTargets: [] }).explain(seen)
          .rules) {
          const holds = conditions.every((row) => row.holds || row.field.startsWith('any['));
          if (result !== 'skipped') expect(result).toBe(holds ? 'matched' : 'not_matched');
        }
      }),
    );
  });

  it('takes with `not` exactly what it leaves without', () => {
    fc.assert(
      fc.property(fieldAndCondition, event, ([field, condition], seen) => {
        expect(takes({ [field]: { not: condition } }, seen)).toBe(!takes({ [field]: condition }, seen));
      }),
      { numRuns: 500 },
    );
  });

  it('takes with a list exactly what one of its texts takes', () => {
    fc.assert(
      fc.property(textField, fc.array(someText, { minLength: 1 }), event, (field, list, seen) => {
        const any = list.map((value) => ({ [field]: { equals: value } }));
        const either = compileRules([{ id: 'r', any: any.slice(0, 50), targets: ['t'] }], {
          defaultTargets: [],
        });
        expect(takes({ [field]: list }, seen)).toBe(either.decide(seen).targets.length > 0);
      }),
    );
  });

  it('takes with two comparisons of severity exactly one of them each', () => {
    fc.assert(
      fc.property(fc.constantFrom(...severities), event, (severity, seen) => {
        expect(takes({ severity: `>= ${severity}` }, seen)).toBe(!takes({ severity: `< ${severity}` }, seen));
        expect(takes({ severity: `<= ${severity}` }, seen)).toBe(!takes({ severity: `> ${severity}` }, seen));
      }),
    );
  });

  it('decides the same with a rule in front that does not match', () => {
    fc.assert(
      fc.property(ruleList, alternative, event, (rules, map, seen) => {
        fc.pre(!takes(map, seen));
        const front: RuleSettings = { id: 'front', when: map, targets: ['t1'] };
        const options = { defaultTargets: ['t4'] };
        expect(compileRules([front, ...rules], options).decide(seen)).toEqual(
          compileRules(rules, options).decide(seen),
        );
      }),
    );
  });

  it('chooses each target once, and only targets of the rules that matched', () => {
    fc.assert(
      fc.property(ruleList, defaultTargets, event, (rules, fallback, seen) => {
        const { matched, targets } = compileRules(rules, { defaultTargets: fallback }).decide(seen);
        expect(new Set(targets).size).toBe(targets.length);
        expect(new Set(targets)).toEqual(new Set(matched.flatMap((match) => match.targets)));
      }),
    );
  });
});

describe('for arbitrary junk', () => {
  it('checks without throwing, and compiles whatever it finds nothing wrong with', () => {
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(fc.constantFrom('not', 'in', 'matches', 'cidr'), fc.jsonValue()),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(textField, fc.constant('severity'), fc.string()), junk),
        event,
        (map, seen) => {
          const rules: RuleSettings[] = [{ id: 'r', when: map, targets: ['t1'] }];
          const faults = checkRules(rules, { targetIds });
          const compile = () => compileRules(rules, { defaultTargets: [] }).decide(seen);
          if (faults.length === 0) expect(compile).not.toThrow();
          else expect(compile).toThrow(TypeError);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('checks any text as a pattern without throwing', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '1',
      '0',
      ',',
      '*',
      '+',
      '?',
      '\\',
      'p',
      'Q',
      '^',
      ':',
      '<',
      'P',
      '-',
      '|',
      'a',
    );
    const pattern = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(pattern, event, (matches, seen) => {
        const rules: RuleSettings[] = [{ id: 'r', when: { title: { matches } }, targets: ['t1'] }];
        if (checkRules(rules, { targetIds }).length > 0) return;
        compileRules(rules, { defaultTargets: [] }).decide(seen);
      }),
      { numRuns: 2000 },
    );
  });
});
