import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { TObject } from 'typebox';
import { Check, Default } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/aws/analysis/policy-document.ts';
import { deniesOtherEncryption } from '../../src/aws/analysis/policy-encryption.ts';
import { foreignAdministration } from '../../src/aws/analysis/policy-foreign.ts';
import { deniesPlaintext } from '../../src/aws/analysis/policy-tls.ts';
import { publicGrants, publicWrites } from '../../src/aws/analysis/policy.ts';
import { loginBody, principalOf } from '../../src/aws/session/login-request.ts';
import { definition } from '../../src/app/settings.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readSearch } from '../../src/events/search/query.ts';
import { checkRules } from '../../src/rules/check.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { readEventFile } from '../../src/rules/event-file.ts';
import { fieldNames } from '../../src/rules/field.ts';
import type { Fault } from '../../src/kernel/fault.ts';
import { Problem } from '../../src/kernel/problem.ts';
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

describe('a bucket policy, which is whatever somebody wrote', () => {
  const BUCKET = 'arn:aws:s3:::papers';
  /** Every question that a check asks of it. */
  function judge(text: string): void {
    const statements = readPolicy(text);
    if (statements === undefined) return;
    publicGrants(statements);
    publicWrites(statements);
    deniesPlaintext(statements, BUCKET);
    deniesOtherEncryption(statements, BUCKET);
    foreignAdministration(statements, '111122223333');
  }
  const names = [
    'Version', 'Statement', 'Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource',
    'Condition', 'AWS', 'Service', 'CanonicalUser', 'Bool', 'IpAddress', 'StringNotEqualsIfExists', 'ForAllValues:StringLike',
    'aws:SecureTransport', 'aws:SourceIp', 'aws:PrincipalOrgID', 's3:x-amz-server-side-encryption', '__proto__',
  ]; // prettier-ignore
  const texts = fc.constantFrom(
    '*', 'Allow', 'Deny', 's3:*', 's3:Get*', BUCKET, `${BUCKET}/*`, '*'.repeat(2_000), `${'a*'.repeat(1_000)}b`, '${aws:username}',
    '0.0.0.0/0', '10.0.0.0/33', 'false', 'arn:aws:iam::444455556666:root', '',
  ); // prettier-ignore
  const some = fc.oneof(texts, fc.array(texts, { maxLength: 4 }), values(names));
  const statement = fc.record(
    {
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: fc.oneof(some, fc.record({ AWS: some })),
      Action: some,
      NotAction: some,
      Resource: some,
      Condition: fc.dictionary(
        fc.constantFrom(...names),
        fc.dictionary(fc.constantFrom(...names), some, { noNullPrototype: true }),
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: ['Effect', 'Principal'], noNullPrototype: true },
  );

  it('is judged or not understood, and never takes long', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (stated) => {
        quickly(() => judge(JSON.stringify({ Version: '2012-10-17', Statement: stated })));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is so with anything changed in it', () => {
    const real = `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":"${BUCKET}/*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}},{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*","Resource":["${BUCKET}","${BUCKET}/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`;
    fc.assert(
      fc.property(mangled([real]), (text) => quickly(() => judge(text.toString('utf8')))),
      { numRuns: 1_000 },
    );
  });
});

it('a login to AWS is refused with a reason that repeats nothing of it, or names who asks', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('us-west-2', 'arn:aws:iam::111122223333:role/a', 'x1'),
  );
  const body = fc.record(
    {
      aws_access_key_id: part,
      aws_secret_access_key: fc.constant('a-secret-of-the-body'),
      aws_session_token: part,
      aws_region: part,
      role_arn: part,
      external_id: part,
    },
    { requiredKeys: ['aws_access_key_id', 'aws_secret_access_key'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(body, (sent) => {
      if (!Check(loginBody, sent)) return;
      try {
        expect(principalOf(sent).keys.secretAccessKey).toBe('a-secret-of-the-body');
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        expect(String(error)).not.toContain('a-secret-of-the-body');
      }
    }),
    { numRuns: 2_000 },
  );
});
