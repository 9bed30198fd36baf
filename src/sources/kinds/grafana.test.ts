import { expect, test } from 'vitest';
import { expectSafe, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { grafana } from './grafana.ts';

const FIRING = fixture('grafana/firing.json');
const RESOLVED = fixture('grafana/resolved.json');
const NO_DATA = fixture('grafana/no-data.json');
const TEST = fixture('grafana/test.json');
const format = openFormat(grafana);

test('makes an event of each alert, with the panel, the values and where to silence it', () => {
  const [logins, queue] = format.drafts(FIRING);
  expect(logins).toMatchObject({
    type: 'alert.many_failed_logins',
    severity: 'high',
    title: 'Many failed logins on sso-2',
    occurredAt: Date.parse('2026-04-12T07:51:03.157Z'),
    subject: { kind: 'host', id: 'sso-2.example.com' },
    state: 'open',
    link: 'https://grafana.example.com/d/logins?orgId=1&viewPanel=4',
    labels: {
      team: 'blue',
      alertstate: 'firing',
      values: 'B=44.23943737541908, C=1',
      dashboard_url: 'https://grafana.example.com/d/logins?orgId=1',
      runbook_url: 'https://runbooks.example.com/logins',
      org_id: '1',
    },
  });
  expect(logins?.labels['silence_url']).toContain('https://grafana.example.com/alerting/silence/new');
  expect(queue).toMatchObject({
    title: 'The queue of eu-1 grows',
    severity: 'unknown',
    link: 'https://grafana.example.com/alerting/grafana/rule-queue/view?orgId=1',
  });
});

test('the end of an alert is of the same matter, a repeat is a repeat', () => {
  const [begun] = format.drafts(FIRING);
  const [again] = format.drafts(FIRING.replace('44.23943737541908', '51'));
  const ended = format.draft(RESOLVED);
  expect(ended).toMatchObject({
    state: 'resolved',
    title: 'Resolved: Many failed logins on sso-2',
    occurredAt: Date.parse('2026-04-12T08:07:00Z'),
    fingerprint: begun?.fingerprint,
  });
  expect(again?.dedupeKey).toBe(begun?.dedupeKey);
  expect(ended.dedupeKey).not.toBe(begun?.dedupeKey);
});

test('a rule without data says so, not what the rule is for', () => {
  const [noData, failed] = format.drafts(NO_DATA);
  expect(noData).toMatchObject({
    type: 'alert.datasource_no_data',
    title: 'No data for Many failed logins',
    severity: 'high',
    state: 'open',
  });
  expect(failed).toMatchObject({
    type: 'alert.datasource_error',
    title: 'Queue grows could not be evaluated',
    labels: { error: 'dial tcp 192.0.2.7:9090: connect: connection refused' },
  });
  const [ended] = format.drafts(NO_DATA.replaceAll('"firing"', '"resolved"'));
  expect(ended).toMatchObject({
    title: 'Resolved: No data for Many failed logins',
    fingerprint: noData?.fingerprint,
  });
});

test("a contact point's test is a test and leaves nothing open", () => {
  const first = format.draft(TEST);
  expect(first).toMatchObject({
    type: 'test',
    severity: 'informational',
    title: 'Notification test',
    state: undefined,
  });
  expect(format.draft(TEST.replace('12:00:00.0', '12:00:05.0')).dedupeKey).not.toBe(first.dedupeKey);
});

test('a URL that no label can hold is left out, not cut', () => {
  const long = `https://grafana.example.com/${'x'.repeat(600)}`;
  const [draft] = format.drafts(FIRING.replace(/"silenceURL": "[^"]*"/, `"silenceURL": "${long}"`));
  expect(draft?.labels).not.toHaveProperty('silence_url');
});

test('refuses the alerting of before Grafana 9 and says what is expected', () => {
  expect(format.detail('{"ruleName":"Test","state":"alerting","evalMatches":[]}')).toContain('"alerts"');
});

test('whatever is sent, it never throws and its events are sound', () => {
  expectSafe(format, [FIRING, RESOLVED, NO_DATA, TEST]);
});
