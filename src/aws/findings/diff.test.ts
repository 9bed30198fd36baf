import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type CheckResult,
  type CheckRun,
  type CheckSeverity,
  severities,
  statuses,
} from '../checks/check.ts';
import { diffRuns, digestOf } from './diff.ts';
import type { FindingChange, FindingId, OpenFinding } from './finding.ts';
import { ACCOUNT, idOf, result, run } from './test-findings.ts';

const diff = (runs: readonly CheckRun[], open: readonly OpenFinding[] = []): readonly FindingChange[] => [
  ...diffRuns(runs, ACCOUNT, new Map(open.map((finding) => [finding.id, finding]))),
];
const kindsOf = (changes: readonly FindingChange[]) =>
  changes.map(({ kind }) => kind).filter((kind) => kind !== 'ran');

const known = (name: string, over: Partial<OpenFinding> = {}): OpenFinding => ({
  id: idOf(name, over.checkId),
  checkId: 's3.versioning',
  place: 'global',
  severity: 'medium',
  digest: digestOf(`${name}: FAIL`, {}),
  ...over,
});

describe('what a scan changes', () => {
  it('opens what fails and is not open, with the check’s severity unless the result says its own', () => {
    const changes = diff([run([result('a', 'FAIL'), result('b', 'FAIL', { severity: 'critical' })])]);
    expect(changes).toMatchObject([
      { kind: 'opened', finding: { id: idOf('a'), severity: 'medium', place: 'global', evidence: {} } },
      { kind: 'opened', finding: { id: idOf('b'), severity: 'critical' } },
      { kind: 'ran' },
    ]);
  });

  it('is nothing but a sight of what fails as before', () => {
    expect(diff([run([result('a', 'FAIL')])], [known('a')])[0]).toEqual({ kind: 'seen', id: idOf('a') });
  });

  it('is worse only where the severity rises, and altered where it falls or other words are used', () => {
    const of = (over: Partial<CheckResult>) =>
      kindsOf(diff([run([result('a', 'FAIL', over)])], [known('a')]));
    expect(of({ severity: 'high' })).toEqual(['worse']);
    expect(of({ severity: 'low' })).toEqual(['altered']);
    expect(of({ reason: 'other words' })).toEqual(['altered']);
    expect(of({ evidence: { rule: 7 } })).toEqual(['altered']);
    expect(of({ evidence: {} })).toEqual(['seen']);
  });

  it('resolves what passes or does not apply any more, and nothing that was not open', () => {
    const open = [known('a'), known('b')];
    const results = [result('a', 'PASS'), result('b', 'NOT_APPLICABLE'), result('c', 'PASS')];
    expect(diff([run(results)], open).filter(({ kind }) => kind !== 'ran')).toEqual([
      { kind: 'resolved', id: idOf('a'), because: 'passed', reason: 'a: PASS' },
      { kind: 'resolved', id: idOf('b'), because: 'not_applicable', reason: 'b: NOT_APPLICABLE' },
    ]);
  });

  it('neither opens nor resolves anything by what could not be read', () => {
    expect(kindsOf(diff([run([result('a', 'UNKNOWN'), result('b', 'UNKNOWN')])], [known('a')]))).toEqual([]);
  });

  it('takes for gone only what a whole run of its own check and place does not name', () => {
    const gone = [{ kind: 'resolved', id: idOf('a'), because: 'gone' }];
    expect(diff([run([])], [known('a')])).toMatchObject([{ kind: 'ran' }, ...gone]);
    expect(kindsOf(diff([run([], { isWhole: false })], [known('a')]))).toEqual([]);
    expect(kindsOf(diff([run([], { place: 'eu-west-1' })], [known('a')]))).toEqual([]);
    expect(kindsOf(diff([run([], { checkId: 's3.website' })], [known('a')]))).toEqual([]);
    expect(kindsOf(diff([], [known('a')]))).toEqual([]);
    // One of two lists of the same place broke off: what it would have named is not known.
    expect(kindsOf(diff([run([]), run([], { isWhole: false })], [known('a')]))).toEqual([]);
  });

  it('takes the worse of two results of one resource, whichever comes first', () => {
    const pair = [result('a', 'PASS'), result('a', 'FAIL', { severity: 'low' })];
    expect(kindsOf(diff([run(pair)]))).toEqual(['opened']);
    expect(kindsOf(diff([run(pair.toReversed())]))).toEqual(['opened']);
    // What could not be read may be a failure: the other's passing does not resolve it.
    expect(kindsOf(diff([run([result('a', 'PASS'), result('a', 'UNKNOWN')])], [known('a')]))).toEqual([]);
    // The check's own severity counts where a result says none.
    const fails = [result('a', 'FAIL', { severity: 'low' }), result('a', 'FAIL')];
    expect(diff([run(fails)])[0]).toMatchObject({ finding: { severity: 'medium' } });
  });

  it('is told to be in another place by now', () => {
    const [change] = diff([run([result('a', 'FAIL')])], [known('a', { place: 'eu-west-1' })]);
    expect(change).toMatchObject({ kind: 'altered', finding: { place: 'global' } });
  });
});

test('says of a run that it judged, unless all it was asked about could not be read', () => {
  const ranOf = (one: CheckRun) => diff([one]).filter(({ kind }) => kind === 'ran');
  const ran = { kind: 'ran', checkId: 's3.versioning', place: 'global' };
  expect(ranOf(run([]))).toEqual([{ ...ran, isWhole: true }]);
  expect(ranOf(run([result('a', 'PASS')]))).toEqual([{ ...ran, isWhole: true }]);
  expect(ranOf(run([result('a', 'PASS'), result('b', 'UNKNOWN')]))).toEqual([{ ...ran, isWhole: false }]);
  expect(ranOf(run([result('a', 'FAIL')], { isWhole: false }))).toEqual([{ ...ran, isWhole: false }]);
  expect(ranOf(run([result('a', 'UNKNOWN')]))).toEqual([]);
  expect(ranOf(run([], { isWhole: false }))).toEqual([]);
});

test('a digest is of the facts, however their members are ordered', () => {
  expect(digestOf('r', { a: 1, b: [2] })).toBe(digestOf('r', { b: [2], a: 1 }));
  expect(digestOf('r', { a: 1 })).not.toBe(digestOf('r', { a: 2 }));
  expect(digestOf('r', {})).toMatch(/^[0-9a-f]{32}$/);
});

const names = ['a', 'b', 'c', 'd'] as const;
const checkIds = ['s3.versioning', 's3.website'] as const;
const anyResult = fc
  .record({
    name: fc.constantFrom(...names),
    status: fc.constantFrom(...statuses),
    severity: fc.option(fc.constantFrom(...severities), { nil: undefined }),
    reason: fc.constantFrom('one', 'two'),
  })
  .map(({ name, status, severity, reason }) =>
    result(name, status, { reason, ...(severity === undefined ? {} : { severity }) }),
  );
const anyRun = fc.record({
  checkId: fc.constantFrom(...checkIds),
  severity: fc.constant<CheckSeverity>('medium'),
  place: fc.constant('global'),
  isWhole: fc.boolean(),
  results: fc.array(anyResult, { maxLength: 6 }),
});
const runsOfDifferentChecks = fc.uniqueArray(anyRun, { selector: ({ checkId }) => checkId });
const anyOpen = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...names),
    checkId: fc.constantFrom(...checkIds),
    severity: fc.constantFrom(...severities),
    reason: fc.constantFrom('one', 'two'),
  }),
  { selector: ({ name, checkId }) => `${name} ${checkId}` },
);

/** What should become of one finding, in so many words: no map, no order, no memory. */
function expected(runs: readonly CheckRun[], name: string, open: OpenFinding | undefined, checkId: string) {
  const own = runs.find((one) => one.checkId === checkId);
  if (own === undefined) return undefined;
  const results = own.results.filter(({ resource }) => resource.name === name);
  if (results.length === 0) return own.isWhole && open !== undefined ? 'resolved' : undefined;
  const severityOf = ({ severity }: CheckResult) => severities.indexOf(severity ?? own.severity);
  const fails = results.filter(({ status }) => status === 'FAIL');
  if (fails.length > 0) {
    const worst = fails.reduce((a, b) => (severityOf(b) > severityOf(a) ? b : a));
    if (open === undefined) return 'opened';
    const before = severities.indexOf(open.severity);
    if (severityOf(worst) > before) return 'worse';
    return severityOf(worst) === before && digestOf(worst.reason, {}) === open.digest ? 'seen' : 'altered';
  }
  if (results.some(({ status }) => status === 'UNKNOWN')) return undefined;
  return open === undefined ? undefined : 'resolved';
}

test('whatever a scan says, each finding changes as a plain reading of the rules has it, and once', () => {
  fc.assert(
    fc.property(runsOfDifferentChecks, anyOpen, (runs, open) => {
      const openById = new Map<FindingId, OpenFinding>(
        open.map(({ name, checkId, severity, reason }) => {
          const id = idOf(name, checkId);
          return [id, { id, checkId, place: 'global', severity, digest: digestOf(reason, {}) }];
        }),
      );
      const told = [...diffRuns(runs, ACCOUNT, openById)].flatMap((change) => {
        if (change.kind === 'ran') return [];
        return [[change.kind, 'id' in change ? change.id : change.finding.id] as const];
      });
      const wanted = checkIds.flatMap((checkId) =>
        names.flatMap((name) => {
          const id = idOf(name, checkId);
          const kind = expected(runs, name, openById.get(id), checkId);
          return kind === undefined ? [] : [[kind, id] as const];
        }),
      );
      const sorted = (pairs: readonly (readonly [string, string])[]) =>
        pairs.map((pair) => pair.join(' ')).sort();
      expect(sorted(told)).toEqual(sorted(wanted));
    }),
    { numRuns: 2_000 },
  );
});

describe('a failure whose severity is left open by what could not be read', () => {
  const after = (severity: CheckSeverity, open: readonly OpenFinding[]) =>
    diff([run([result('a', 'FAIL', { severity, isSeverityOpen: true })])], open)[0];

  it('is neither worse nor less bad than it is known to be', () => {
    expect(after('critical', [known('a', { severity: 'low' })])?.kind).toBe('seen');
    expect(after('medium', [known('a', { severity: 'critical' })])?.kind).toBe('seen');
    const said = after('critical', [known('a', { severity: 'low', digest: 'other words' })]);
    expect(said).toMatchObject({ kind: 'altered', finding: { severity: 'low' } });
  });

  it('has the one that the check gives where it was not known', () => {
    expect(after('high', [])).toMatchObject({ kind: 'opened', finding: { severity: 'high' } });
  });
});
