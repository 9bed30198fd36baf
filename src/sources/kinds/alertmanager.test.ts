import { expect, test } from 'vitest';
import { expectSafe, expectSound, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { alertmanager } from './alertmanager.ts';

const FIRING = fixture('alertmanager/firing.json');
const RESOLVED = fixture('alertmanager/resolved.json');
const OLD = fixture('alertmanager/before-0.20.json');
const format = openFormat(alertmanager);

/** One alert in a group of its own. */
const group = (alert: object, more: object = {}) =>
  JSON.stringify({ version: '4', alerts: [alert], ...more });
const alertWith = (labels: object, more: object = {}) =>
  group({ status: 'firing', startsAt: '2026-03-02T06:00:00Z', fingerprint: 'f1', labels, ...more });

test('makes an event of each alert of a group', () => {
  const [disk, pod] = format.drafts(FIRING);
  expect(disk).toMatchObject({
    type: 'alert.hostoutofdiskspace',
    severity: 'medium',
    title: 'Disk of db-1.example.com is almost full',
    occurredAt: Date.parse('2026-03-02T06:15:08.828Z'),
    subject: { kind: 'host', id: 'db-1.example.com:9100' },
    state: 'open',
    link: 'http://prometheus.example.com:9090/graph?g0.expr=node_filesystem_avail_bytes+%3C+1e9&g0.tab=1',
    observables: [{ kind: 'host', value: 'db-1.example.com' }],
    labels: {
      alertname: 'HostOutOfDiskSpace',
      mountpoint: '/var/lib/postgresql',
      alertstate: 'firing',
      receiver: 'tocsin',
      truncated_alerts: '3',
      runbook_url: 'https://runbooks.example.com/HostOutOfDiskSpace',
    },
  });
  expect(pod).toMatchObject({
    type: 'alert.kubepodcrashlooping',
    severity: 'critical',
    title: 'Pod shop/api-7c9f6d5b8-x2x7k (api) is restarting 1.05 times / 10 minutes.',
    occurredAt: Date.parse('2026-03-02T06:16:41.200Z'),
    subject: { kind: 'pod', id: 'shop/api-7c9f6d5b8-x2x7k' },
    link: 'http://alertmanager.example.com:9093',
  });
  expect(FIRING).toContain(disk?.payload);
  expect(JSON.parse(disk?.payload ?? '')).toMatchObject({ fingerprint: '5eadbeef00000001' });
});

test('the end of an alert is of the same matter and says so', () => {
  const [begun] = format.drafts(FIRING);
  const ended = format.draft(RESOLVED);
  expect(ended).toMatchObject({
    state: 'resolved',
    severity: 'medium',
    title: 'Resolved: Disk of db-1.example.com is almost full',
    occurredAt: Date.parse('2026-03-02T07:02:38.828Z'),
    fingerprint: begun?.fingerprint,
  });
  expect(ended.dedupeKey).not.toBe(begun?.dedupeKey);
  expect(ended.labels['truncated_alerts']).toBeUndefined();
});

test('what an Alertmanager repeats is a repeat, in whichever group and with whichever measured values', () => {
  const [first] = format.drafts(FIRING);
  const [again] = format.drafts(
    FIRING.replace('4.91%', '3.70%').replace('"truncatedAlerts": 3', '"truncatedAlerts": 0'),
  );
  expect(again?.dedupeKey).toBe(first?.dedupeKey);
});

test('an alert that begins anew, and another alert, are news', () => {
  const [first] = format.drafts(FIRING);
  const [anew, other] = format.drafts(FIRING.replace('06:15:08.828Z', '09:00:00Z'));
  expect(anew?.dedupeKey).not.toBe(first?.dedupeKey);
  expect(anew?.fingerprint).toBe(first?.fingerprint);
  expect(other?.fingerprint).not.toBe(first?.fingerprint);
});

test('without fingerprints the labels make an alert this one', () => {
  const first = format.draft(OLD);
  const [labels] = /"labels": \{[^}]*\}/.exec(OLD) ?? [''];
  const turned = `"labels": ${JSON.stringify(Object.fromEntries(Object.entries((JSON.parse(`{${labels}}`) as { labels: object }).labels).toReversed()))}`;
  expect(format.draft(OLD.replace(labels, turned)).fingerprint).toBe(first.fingerprint);
  expect(format.draft(OLD.replace('"blackbox"', '"other"')).fingerprint).not.toBe(first.fingerprint);
  expect(first).toMatchObject({
    severity: 'unknown',
    title: 'ProbeFailed',
    observables: [{ kind: 'url', value: 'https://shop.example.com/health' }],
  });
});

test('two sources never share a matter', () => {
  const [here] = format.drafts(FIRING);
  const [there] = openFormat(alertmanager, {}, 'other').drafts(FIRING);
  expect(there?.fingerprint).not.toBe(here?.fingerprint);
  expect(there?.dedupeKey).not.toBe(here?.dedupeKey);
});

test.each([
  [{ severity: 'P2' }, { severities: { p2: 'critical' } }, 'critical'],
  [{ prio: 'high' }, { severityLabel: 'prio' }, 'high'],
  [{}, { defaultSeverity: 'low' }, 'low'],
  [{ severity: 'banana' }, { defaultSeverity: 'low' }, 'low'],
  [{ severity: 'none' }, { defaultSeverity: 'low' }, 'informational'],
  [{ severity: 'page' }, {}, 'high'],
])('of %j and the settings %j the severity is %s', (labels, settings, severity) => {
  expect(openFormat(alertmanager, settings).draft(alertWith(labels)).severity).toBe(severity);
});

test.each([
  [{ instance: '[2001:db8::1]:9100' }, [{ kind: 'ip', value: '2001:db8::1' }]],
  [{ instance: '192.0.2.1:9100' }, [{ kind: 'ip', value: '192.0.2.1' }]],
  [
    { user: 'eve', src_ip: '192.0.2.9', ip: 'nowhere' },
    [
      { kind: 'ip', value: '192.0.2.9' },
      { kind: 'user', value: 'eve' },
    ],
  ],
])('of the labels %j the observables are %j', (labels, observables) => {
  expect(format.draft(alertWith(labels)).observables).toEqual(observables);
});

test('labels of ours are kept, however many the alert has and whatever it calls them', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`l${index}`, 'x']));
  const { labels } = format.draft(alertWith({ ...many, alertstate: 'forged' }));
  expect(labels['alertstate']).toBe('firing');
  expect(Object.keys(labels).length).toBe(40);
});

test('a group without alerts tells nothing, and nothing is wrong with it', () => {
  expect(format.drafts('{"version":"4","alerts":[]}')).toEqual([]);
});

test.each([
  ['an array', '[]'],
  ['another format', '{"message":"hi"}'],
  ['alerts that are no array', '{"alerts":{}}'],
])('refuses %s and says what is expected', (_name, body) => {
  expect(format.detail(body)).toContain('"alerts"');
});

test('takes all or nothing, and at most 1,000 alerts', () => {
  expect(format.detail('{"alerts":[{},7]}')).toContain('index 1');
  expect(format.drafts(`{"alerts":[${'{},'.repeat(999)}{}]}`)).toHaveLength(1_000);
  expect(format.detail(`{"alerts":[${'{},'.repeat(1_000)}{}]}`)).toContain('more than 1000');
});

test('alerts that say nothing of themselves are told apart by their text', () => {
  const [first, second] = format.drafts('{"alerts":[{"status":"firing"},{"status":"resolved"}]}');
  expect(first?.dedupeKey).not.toBe(second?.dedupeKey);
  for (const draft of [first, second]) if (draft) expectSound(draft);
});

test('whatever is sent, it never throws and its events are sound', () => {
  expectSafe(format, [FIRING, RESOLVED, OLD]);
});
