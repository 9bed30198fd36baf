import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { TObject } from 'typebox';
import { Check, Default } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { definition } from '../../src/app/settings.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readSearch } from '../../src/events/search/query.ts';
import { checkRules } from '../../src/rules/check.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { readEventFile } from '../../src/rules/event-file.ts';
import { fieldNames } from '../../src/rules/field.ts';
import type { Fault } from '../../src/kernel/fault.ts';
import { sourceKinds } from '../../src/sources/kinds/index.ts';
import { verificationSettings } from '../../src/sources/schemes/settings.ts';
import { targetKinds } from '../../src/targets/kinds/index.ts';
import { targetSettings } from '../../src/targets/open-target.ts';
import { openTemplate, templateFaults } from '../../src/targets/template.ts';
import { hostileEvent, sampleEvent, sampleJob } from '../support/sample-event.ts';
import { fitting } from './fitting.ts';
import { mangled, quickly, values } from './mangled.ts';

const EXAMPLE = readFileSync(new URL('../../../tocsin.example.yaml', import.meta.url), 'utf8');
const CONFIG = '/config/tocsin.yaml';
/** An operator's own file, read at a start and at a reload: 64 KiB of opening braces take about 90 ms. */
const OWN_FILE_MS = 500;

/** Loads a text as the config file; nothing else of the machine is read. */
function load(text: string) {
  return loadConfig({
    definition,
    env: { SECRET: 'a secret that is long enough to be a key' },
    cwd: '/config',
    flags: { config: CONFIG },
    readFile: (path) => (path === CONFIG ? { kind: 'text', text } : { kind: 'absent' }),
  });
}

function expectAnswer(loaded: ReturnType<typeof load>): void {
  if (loaded.kind === 'faulty') expect(loaded.faults.length).toBeGreaterThan(0);
}

describe('the config reader takes or refuses', () => {
  it('the example file with anything changed', () => {
    fc.assert(
      fc.property(mangled([EXAMPLE]), (text) =>
        expectAnswer(quickly(() => load(text.toString('utf8')), OWN_FILE_MS)),
      ),
      { numRuns: 150 },
    );
  });

  const kindsOf = (list: 'sources' | 'targets', all: readonly { kind: string; settings: TObject }[]) =>
    all.map(({ kind, settings }) => ({ list, kind, settings }));
  it.each([...kindsOf('sources', sourceKinds), ...kindsOf('targets', targetKinds)])(
    '$list of kind $kind with whatever settings',
    ({ list, kind, settings }) => {
      const common = list === 'sources' ? verificationSettings : targetSettings;
      const names = [...Object.keys(settings.properties), ...Object.keys(common.properties)];
      const member = fc.dictionary(fc.constantFrom(...names), values(names), {
        maxKeys: 12,
        noNullPrototype: true,
      });
      fc.assert(
        fc.property(member, (chance) => {
          const text = JSON.stringify({ [list]: [{ ...chance, id: 'one', kind }] });
          expectAnswer(quickly(() => load(text), OWN_FILE_MS));
        }),
        { numRuns: 150 },
      );
    },
  );
});

type Checked = { kind: string; settings: TObject; check?: (settings: never) => readonly Fault[] };
const checked: readonly Checked[] = [...sourceKinds, ...targetKinds];

it.each(checked.filter(({ check }) => check !== undefined))(
  'the own check of $kind says what is wrong with settings of the right shape, and never throws',
  ({ settings, check }) => {
    let ofShape = 0;
    fc.assert(
      fc.property(fitting(settings), (chance) => {
        const complete: unknown = Default(settings, structuredClone(chance));
        if (!Check(settings, complete)) return;
        ofShape += 1;
        // The schema is the check's own, and has just been held against it.
        for (const { message } of quickly(() => check?.(complete as never) ?? []))
          expect(message).not.toBe('');
      }),
      { numRuns: 500 },
    );
    expect(ofShape).toBeGreaterThan(0);
  },
);

const operators = [
  'equals', 'not', 'in', 'prefix', 'suffix', 'contains', 'matches', 'cidr', 'exists', '>=', '(a+)+$', '10.0.0.0/8',
]; // prettier-ignore

it('rules are refused with reasons, or decide about every event', () => {
  const when = fc.dictionary(fc.constantFrom(...fieldNames, 'labels.x', 'labels.'), values(operators), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  const rule = fc.record(
    {
      id: fc.constantFrom('a', 'b', 'default'),
      targets: fc.array(fc.constantFrom('log', 'x'), { maxLength: 3 }),
      when,
      any: fc.array(when, { maxLength: 3 }),
      continue: fc.boolean(),
    },
    { requiredKeys: ['id', 'targets'], noNullPrototype: true },
  );
  const events = [sampleEvent(), hostileEvent()];
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
      const faults = quickly(() => checkRules(rules, { targetIds: ['log'] }));
      for (const { message } of faults) expect(message).not.toBe('');
      if (faults.length > 0) return;
      const set = compileRules(rules, { defaultTargets: ['log'] });
      for (const event of events) quickly(() => set.decide(event));
    }),
    { numRuns: 3_000 },
  );
});

const pieces = [
  '{{', '}}', '{%', '%}', '{{-', '-%}', ' event.title ', ' event.labels ', ' delivery.id ', '|', ' json', ' truncate: 9', 'for x in ',
  'event.observables ', 'endfor', 'if ', 'endif', 'assign a = ', 'capture b', 'endcapture', 'include "x"', 'render "x"', 'layout',
  'raw', 'endraw', 'comment', 'endcomment', '(1..1000000)', 'tablerow', 'cycle "a","b"', 'event["__proto__"]', 'constructor', '"', "'",
  ' append: a', 'increment c', 'x', '\n', ' == ', 'unless ', 'endunless', 'case ', 'when ', 'endcase', 'break', ' limit: 99999999',
]; // prettier-ignore

it.each(['json', 'text'] as const)(
  'a %s template is refused with reasons, or filled with every event',
  (format) => {
    const template = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join(''));
    const jobs = [sampleJob(), sampleJob(hostileEvent())];
    fc.assert(
      fc.property(template, (text) => {
        const faults = quickly(() => templateFaults('template', text, format));
        for (const { message } of faults) expect(message).not.toBe('');
        if (faults.length > 0) return;
        const fill = openTemplate(text, format, 'https://tocsin.example');
        for (const job of jobs) quickly(() => fill(job));
      }),
      { numRuns: 2_000 },
    );
  },
);

it('a search is refused with a reason, or is words', () => {
  fc.assert(
    fc.property(mangled(['auth tor "a phrase" begin* 10.0.0.1', '"never closed', 'é🦊 ﬁ \u0130']), (text) => {
      const read = quickly(() => readSearch(text.toString('utf8')));
      if (typeof read === 'string') expect(read).not.toBe('');
      else expect(read.terms.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

it('an event file is refused with reasons, or is an event', () => {
  const names = [
    'id',
    'source',
    'type',
    'severity',
    'title',
    'occurredAt',
    'subject',
    'labels',
    'observables',
    'kind',
    'value',
  ];
  fc.assert(
    fc.property(values(names), values(names), (one, other) => {
      for (const file of [one, { source: 'a', type: 'b', labels: one, observables: other, subject: one }]) {
        const read = quickly(() => readEventFile(file));
        if (Array.isArray(read)) expect(read.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 2_000 },
  );
});
