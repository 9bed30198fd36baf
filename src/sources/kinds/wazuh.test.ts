import { expect, test } from 'vitest';
import { expectSafe, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { wazuh } from './wazuh.ts';

const SSHD = fixture('wazuh/sshd.json');
const WINDOWS = fixture('wazuh/windows.json');
const LINES = fixture('wazuh/alerts.ndjson');
const SHUFFLE = fixture('wazuh/shuffle.json');
const format = openFormat(wazuh);

test('reads an alert as the manager writes it', () => {
  expect(format.draft(SSHD)).toMatchObject({
    type: 'wazuh.5712',
    severity: 'medium',
    title: 'sshd: brute force trying to get access to the system. Non existent user.',
    occurredAt: Date.parse('2026-03-04T10:15:22.412Z'),
    subject: { kind: 'host', id: '003', name: 'web-1.example.com' },
    state: undefined,
    observables: [
      { kind: 'ip', value: '198.51.100.12' },
      { kind: 'user', value: 'admin' },
      { kind: 'host', value: 'web-1.example.com' },
      { kind: 'ip', value: '192.0.2.31' },
      { kind: 'host', value: 'web-1' },
    ],
    labels: {
      rule_id: '5712',
      level: '10',
      groups: 'syslog,sshd,authentication_failures',
      agent: 'web-1.example.com',
      decoder: 'sshd',
      location: '/var/log/auth.log',
      mitre_id: 'T1110',
      mitre_tactic: 'Credential Access',
    },
    payload: SSHD,
  });
});

test("reads Windows' events, of which dashes and `any` say nothing", () => {
  expect(format.draft(WINDOWS)).toMatchObject({
    severity: 'critical',
    occurredAt: Date.parse('2026-03-04T10:00:01.003Z'),
    observables: [
      { kind: 'ip', value: '2001:db8::17' },
      { kind: 'user', value: 'j.doe' },
      { kind: 'host', value: 'PC-204' },
    ],
  });
});

test('reads alerts.json as a log shipper sends it, a line each', () => {
  const drafts = format.drafts(LINES);
  expect(drafts.map(({ severity }) => severity)).toEqual(['informational', 'low', 'high']);
  expect(drafts.map(({ payload }) => payload)).toEqual(LINES.split('\n').filter((line) => line !== ''));
});

test('finds the alert in the frame of an integration', () => {
  expect(format.draft(SHUFFLE)).toMatchObject({
    type: 'wazuh.550',
    severity: 'medium',
    title: 'Integrity checksum changed.',
    subject: { id: '003' },
    labels: { file: '/etc/passwd' },
  });
});

test.each([
  [0, 'informational'],
  [3, 'informational'],
  [4, 'low'],
  [6, 'low'],
  [7, 'medium'],
  [11, 'medium'],
  [12, 'high'],
  [14, 'high'],
  [15, 'critical'],
  [16, 'critical'],
  ['12', 'high'],
  [17, 'unknown'],
  [-1, 'unknown'],
  [null, 'unknown'],
])('level %j is %s', (level, severity) => {
  expect(format.draft(JSON.stringify({ rule: { level } })).severity).toBe(severity);
});

test('an alert that is sent again is a repeat, also in another frame', () => {
  const first = format.draft(SSHD);
  const framed = format.draft(JSON.stringify({ all_fields: JSON.parse(SSHD) as unknown }));
  expect(framed.dedupeKey).toBe(first.dedupeKey);
  const later = format.draft(SSHD.replace('1772619322.284615', '1772619323.284999'));
  expect(later.dedupeKey).not.toBe(first.dedupeKey);
});

test('the same rule on the same machine is one matter', () => {
  const first = format.draft(SSHD);
  expect(format.draft(SSHD.replace('1772619322.284615', '1.1')).fingerprint).toBe(first.fingerprint);
  expect(format.draft(SSHD.replace('"003"', '"004"')).fingerprint).not.toBe(first.fingerprint);
  expect(format.draft(SSHD.replace('"5712"', '"5710"')).fingerprint).not.toBe(first.fingerprint);
});

test('whatever is sent, it never throws and its events are sound', () => {
  expectSafe(format, [SSHD, WINDOWS, SHUFFLE]);
});
