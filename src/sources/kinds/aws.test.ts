import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectSafe, expectSound, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { aws } from './aws.ts';

const format = openFormat(aws);
const sample = (name: string) => fixture(`aws/${name}.json`);
const names = readdirSync(new URL('../../../../tests/fixtures/aws/', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5));
const read = (name: string, messageId?: string) => format.draft(sample(name), {}, messageId);

test('is proved as SNS signs unless the config says otherwise', () => {
  expect(aws.scheme).toBe('sns');
});

test.each([
  ['guardduty-instance', 'guardduty.finding.unauthorizedaccess.ec2.sshbruteforce', 'low', 'open'],
  [
    'guardduty-instance-archived',
    'guardduty.finding.unauthorizedaccess.ec2.sshbruteforce',
    'low',
    'resolved',
  ],
  [
    'guardduty-access-key',
    'guardduty.finding.unauthorizedaccess.iamuser.instancecredentialexfiltration.outsideaws',
    'high',
    'open',
  ],
  ['securityhub-failed', 'securityhub.finding.security_hub', 'high', 'open'],
  ['securityhub-passed', 'securityhub.finding.security_hub', 'informational', 'resolved'],
  ['securityhub-ocsf', 'securityhub.finding.guardduty', 'low', 'open'],
  ['alarm-alarm', 'cloudwatch.alarm', 'medium', 'open'],
  ['alarm-ok', 'cloudwatch.alarm', 'informational', 'resolved'],
  ['alarm-event', 'cloudwatch.alarm', 'medium', 'open'],
  ['inspector', 'inspector2.inspector2_finding', 'medium', 'open'],
  ['macie', 'macie.macie_finding', 'high', 'open'],
  ['access-analyzer-active', 'access-analyzer.access_analyzer_finding', 'unknown', 'open'],
  ['access-analyzer-resolved', 'access-analyzer.access_analyzer_finding', 'unknown', 'resolved'],
  ['config-noncompliant', 'config.config_rules_compliance_change', 'unknown', 'open'],
  ['console-sign-in', 'signin.aws_console_sign_in_via_cloudtrail', 'unknown', undefined],
])('%s: type, severity and state', (name, type, severity, state) => {
  expect(read(name)).toMatchObject({ type: `aws.${type}`, severity, state });
});

test.each([
  ['guardduty-instance', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc1234def567890'],
  ['guardduty-access-key', 'arn:aws:iam::111122223333:role/deploy'],
  ['securityhub-failed', 'arn:aws:s3:::example-invoices'],
  ['securityhub-ocsf', 'ASIAEXAMPLE0000000002'],
  ['alarm-alarm', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:root login'],
  ['inspector', 'i-0abc1234def567890'],
  ['macie', 'arn:aws:s3:::example-invoices'],
  ['access-analyzer-active', 'arn:aws:s3:::example-invoices'],
  ['config-noncompliant', 'sg-0aa'],
])('%s is about %s', (name, id) => {
  expect(read(name).subject).toMatchObject({ kind: 'resource', id });
});

test.each(names)('%s says account and region', (name) => {
  expect(read(name).labels).toMatchObject({ account: '111122223333', region: 'eu-west-1' });
});

test.each([
  [0.1, 'low'],
  [3.9, 'low'],
  [4, 'medium'],
  [6.9, 'medium'],
  [7, 'high'],
  [8.9, 'high'],
  [9, 'critical'],
  [10, 'critical'],
  [11, 'unknown'],
  ['HIGH', 'high'],
  [null, 'unknown'],
])('a GuardDuty severity of %s is %s', (severity, expected) => {
  const detail = { id: '1', severity };
  const body = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail };
  expect(format.draft(JSON.stringify(body)).severity).toBe(expected);
});

test.each([
  [{ Workflow: { Status: 'NEW' }, RecordState: 'ACTIVE' }, 'open'],
  [{ Workflow: { Status: 'NOTIFIED' }, RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } }, 'open'],
  [{ Workflow: { Status: 'RESOLVED' }, RecordState: 'ACTIVE' }, 'resolved'],
  [{ Workflow: { Status: 'SUPPRESSED' }, RecordState: 'ACTIVE' }, 'resolved'],
  [{ Workflow: { Status: 'NEW' }, RecordState: 'ARCHIVED' }, 'resolved'],
  [{ Workflow: { Status: 'NEW' }, Compliance: { Status: 'PASSED' } }, 'resolved'],
])('a Security Hub finding %j is %s', (finding, state) => {
  const body = { source: 'aws.securityhub', 'detail-type': 'x', detail: { findings: [finding] } };
  expect(format.draft(JSON.stringify(body)).state).toBe(state);
});

test.each([
  ['guardduty-instance', 'guardduty-instance-archived'],
  ['securityhub-failed', 'securityhub-passed'],
  ['alarm-alarm', 'alarm-ok'],
  ['alarm-alarm', 'alarm-event'],
  ['access-analyzer-active', 'access-analyzer-resolved'],
])('%s and %s are events of one matter', (first, second) => {
  expect(read(second).fingerprint).toBe(read(first).fingerprint);
  expect(read(second).dedupeKey).not.toBe(read(first).dedupeKey);
});

test('all samples but the pairs are matters of their own', () => {
  expect(new Set(names.map((name) => read(name).fingerprint)).size).toBe(names.length - 5);
});

test('sees remote addresses, users and hosts', () => {
  expect(read('guardduty-instance').observables).toEqual([
    { kind: 'ip', value: '203.0.113.99' },
    { kind: 'host', value: 'ec2-198-51-100-7.eu-west-1.compute.amazonaws.com' },
    { kind: 'host', value: 'ip-10-0-0-12.eu-west-1.compute.internal' },
  ]);
  expect(read('guardduty-access-key').observables).toContainEqual({ kind: 'ip', value: '2001:db8::99' });
  expect(read('guardduty-access-key').observables).toContainEqual({ kind: 'user', value: 'deploy' });
  expect(read('securityhub-ocsf').observables).toEqual([{ kind: 'ip', value: '203.0.113.50' }]);
  expect(read('console-sign-in').observables).toEqual([
    { kind: 'ip', value: '203.0.113.60' },
    { kind: 'user', value: 'root' },
  ]);
});

test('marks samples, so that a rule can leave them out', () => {
  expect(read('guardduty-access-key').labels['sample']).toBe('true');
  expect(read('guardduty-instance').labels['sample']).toBeUndefined();
});

test('links to the console of the region, and of no host that a sender names', () => {
  expect(read('guardduty-instance').link).toBe(
    'https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?macros=current&fId=16afba5c5c43e07c9e3e5e2e544e95df',
  );
  expect(read('alarm-alarm').link).toBe(
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/root%20login',
  );
  const link = (region: string) =>
    format.draft(
      JSON.stringify({
        source: 'aws.guardduty',
        'detail-type': 'GuardDuty Finding',
        region,
        detail: { id: '1' },
      }),
    ).link;
  expect(link('cn-north-1')).toContain('https://cn-north-1.console.amazonaws.cn/');
  expect(link('us-gov-west-1')).toContain('https://us-gov-west-1.console.amazonaws-us-gov.com/');
  expect(link('evil.example/')).toBeUndefined();
});

test('says titles in words', () => {
  expect(read('console-sign-in').title).toBe('ConsoleLogin by root');
  expect(read('config-noncompliant').title).toBe('restricted-ssh: NON_COMPLIANT');
  expect(read('alarm-ok').title).toContain('root login is OK: Threshold Crossed');
});

test('reads times with and without a colon in the offset', () => {
  expect(read('alarm-alarm').occurredAt).toBe(Date.parse('2024-05-06T07:01:02.345Z'));
  expect(read('securityhub-failed').occurredAt).toBe(Date.parse('2024-05-06T07:00:05.123Z'));
  // Inspector writes its times for people; the event's own is taken.
  expect(read('inspector').occurredAt).toBe(Date.parse('2024-05-06T07:10:00Z'));
});

test('knows an event of EventBridge by its id, however often and by whatever way it comes', () => {
  const first = read('guardduty-instance', 'sns-1');
  expect(read('guardduty-instance', 'sns-2').dedupeKey).toBe(first.dedupeKey);
  expect(read('guardduty-instance').dedupeKey).toBe(first.dedupeKey);
});

test('does not take a word that a template put in place of the id for an id', () => {
  const body = (title: string) =>
    JSON.stringify({ id: 'fixed', source: 'a', 'detail-type': 'b', detail: { title } });
  expect(format.draft(body('one')).dedupeKey).not.toBe(format.draft(body('two')).dedupeKey);
  expect(format.draft(body('one')).dedupeKey).toBe(format.draft(body('one')).dedupeKey);
});

test('knows an alarm by the id of the SNS message, which its proof covers', () => {
  expect(read('alarm-alarm', 'sns-1').dedupeKey).toBe(read('alarm-alarm', 'sns-1').dedupeKey);
  expect(read('alarm-alarm', 'sns-1').dedupeKey).not.toBe(read('alarm-alarm', 'sns-2').dedupeKey);
});

const findings = (count: number) =>
  Array.from({ length: count }, (_, index) => `{"Id":"f-${index}","Title":"t ${index}","n":1.00}`);
const imported = (items: readonly string[]) =>
  `{"source":"aws.securityhub","detail-type":"Security Hub Findings - Imported","account":"1","detail":{"findings": [${items.join(' , ')}]}}`;

test('makes an event of each finding, each with its own text', () => {
  const drafts = format.drafts(imported(findings(3)));
  expect(drafts.map(({ title }) => title)).toEqual(['t 0', 't 1', 't 2']);
  expect(drafts.map(({ payload }) => payload)).toEqual(findings(3));
  expect(new Set(drafts.map(({ dedupeKey }) => dedupeKey)).size).toBe(3);
});

test('keeps the envelope of an only finding', () => {
  expect(format.draft(imported(findings(1))).payload).toBe(imported(findings(1)));
});

test('takes a thousand findings in a body and no more, however they are spread', () => {
  expect(format.drafts(imported(findings(1_000)))).toHaveLength(1_000);
  const detail = 'the body holds more than 1000 findings';
  expect(format.detail(imported(findings(1_001)))).toBe(detail);
  expect(format.detail(`[${imported(findings(600))},${imported(findings(600))}]`)).toBe(detail);
});

test('takes an SNS message that is plain text, its text as the title', () => {
  const draft = format.draft('[FIRING] disk full on db-1', {}, 'sns-1');
  expect(draft).toMatchObject({
    type: 'aws.message',
    severity: 'unknown',
    title: '[FIRING] disk full on db-1',
    payload: '[FIRING] disk full on db-1',
  });
  expect(draft.dedupeKey).not.toBe(format.draft('[FIRING] disk full on db-1', {}, 'sns-2').dedupeKey);
  expect(format.draft('"quoted"').title).toBe('"quoted"');
});

test('takes any other object that is published', () => {
  const draft = format.draft('{"subject":"Backup failed","account":"111122223333"}');
  expect(draft).toMatchObject({
    type: 'aws.message',
    title: 'Backup failed',
    subject: { id: '111122223333' },
  });
});

test('takes any other event of EventBridge, also of an application of your own', () => {
  const body = { source: 'com.example.orders', 'detail-type': 'Order Lost', detail: { severity: 'HIGH' } };
  expect(format.draft(JSON.stringify(body))).toMatchObject({
    type: 'aws.com.example.orders.order_lost',
    severity: 'high',
    title: 'Order Lost',
    state: undefined,
  });
});

test.each([
  ['', 'the body is not valid JSON'],
  [' \n ', 'the body is not valid JSON'],
  ['{"source":', 'the body is not valid JSON'],
  ['[]', 'the array is empty: at least one object is expected'],
  ['[{},7]', 'the item at index 1 is not an object'],
  [Buffer.from([0x7b, 0xff, 0x7d]), 'the body is not valid UTF-8'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 'the body nests deeper than 64 levels'],
])('refuses a body that is none of AWS: %# %s', (body, detail) => {
  expect(format.detail(body)).toBe(detail);
});

test('makes sound events of whatever is sent, and never throws', () => {
  for (const name of names) expectSound(read(name));
  expectSafe(format, names.map(sample));
});
