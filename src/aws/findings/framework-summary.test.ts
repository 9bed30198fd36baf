import { expect, test } from 'vitest';
import { frameworkSummaries, type Standing } from './framework-summary.ts';
import { testCheck } from './test-checks.ts';

const control = (name: string, version = '6.0') => ({ framework: 'cis-aws', version, control: name });
const said = (over: object = {}) => ({ PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0, ...over });
const open = (check: string, count: number, muted = false) =>
  ({ check, state: 'open', muted, count }) as const;

const statusOf = (scan: Standing['scans'][number], findings: Standing['findings'] = []) => {
  const checks = [
    testCheck('s3.a', { controls: [control('1.1')] }),
    testCheck('s3.b', { controls: [control('1.1')] }),
  ];
  return frameworkSummaries(checks, { scans: [scan], findings })[0]?.controls[0]?.status;
};

test('a control fails with any of its checks, and passes only if all of them are known to', () => {
  const passes = said({ PASS: 2 });
  expect(statusOf({ 's3.a': passes, 's3.b': passes })).toBe('pass');
  expect(statusOf({ 's3.a': passes, 's3.b': said({ PASS: 1, UNKNOWN: 1 }) })).toBe('unknown');
  expect(statusOf({ 's3.a': passes })).toBe('unknown');
  expect(statusOf({ 's3.a': passes, 's3.b': said({ UNKNOWN: 1 }) }, [open('s3.a', 1)])).toBe('fail');
  expect(statusOf({ 's3.a': passes, 's3.b': said() })).toBe('pass');
  expect(statusOf({ 's3.a': said({ NOT_APPLICABLE: 1 }), 's3.b': said() })).toBe('not_applicable');
});

test('what is muted is accepted: it does not fail its control, and is counted beside', () => {
  const checks = [testCheck('s3.a', { controls: [control('1.1')] })];
  const [summary] = frameworkSummaries(checks, {
    scans: [{ 's3.a': said({ PASS: 3, FAIL: 2 }) }, { 's3.a': said({ PASS: 1 }) }],
    findings: [open('s3.a', 2, true), { ...open('s3.a', 9), state: 'resolved' }, open('s3.other', 5)],
  });
  expect(summary?.controls).toEqual([
    {
      control: '1.1',
      status: 'pass',
      checks: ['s3.a'],
      resources: { fail: 0, muted: 2, unknown: 0, pass: 4, notApplicable: 0 },
    },
  ]);
});

test('versions stand beside each other, controls in the order of their numbers', () => {
  const checks = [
    testCheck('s3.a', { controls: [control('2.10'), control('2.1', '3.0')] }),
    testCheck('s3.b', {
      controls: [control('2.9'), { framework: 'aws-fsbp', version: '1', control: 'S3.2' }],
    }),
  ];
  const summaries = frameworkSummaries(checks, { scans: [], findings: [] });
  expect(
    summaries.map(({ framework, version, controls }) => [
      framework,
      version,
      controls.map((one) => one.control),
    ]),
  ).toEqual([
    ['aws-fsbp', '1', ['S3.2']],
    ['cis-aws', '3.0', ['2.1']],
    ['cis-aws', '6.0', ['2.9', '2.10']],
  ]);
  expect(summaries[2]?.statuses).toEqual({ fail: 0, unknown: 2, pass: 0, not_applicable: 0 });
});
