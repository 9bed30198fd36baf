import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { expectSafe, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { systemClock } from '../../kernel/clock.ts';
import { openSource, schemeFaults } from '../open-source.ts';
import { defaultVerification } from '../schemes/settings.ts';
import { sentry } from './sentry.ts';

const read = (name: string) => fixture(`sentry/${name}.json`);
const NAMES = [
  'issue-created',
  'issue-resolved',
  'issue-archived',
  'event-alert',
  'error',
  'metric-critical',
  'metric-resolved',
  'comment',
  'installation',
  'legacy',
];
const format = openFormat(sentry);

test('reads an issue from its creation', () => {
  expect(format.draft(read('issue-created'))).toMatchObject({
    type: 'sentry.issue.created',
    severity: 'critical',
    title: 'PermissionError: payment key is not readable',
    occurredAt: Date.parse('2026-02-19T20:58:37.391Z'),
    subject: { kind: 'application', id: 'shop-backend', name: 'Shop back end' },
    state: 'open',
    link: 'https://example.sentry.io/issues/4100200300/',
    labels: { level: 'fatal', short_id: 'SHOP-BACKEND-7K', substatus: 'new', platform: 'python' },
  });
});

test.each([
  ['issue-resolved', 'sentry.issue.resolved', 'Resolved: PermissionError: payment key is not readable'],
  ['issue-archived', 'sentry.issue.archived', 'Archived: PermissionError: payment key is not readable'],
])('%s ends the matter that its creation opened', (name, type, title) => {
  const created = format.draft(read('issue-created'));
  const ended = format.draft(read(name));
  expect(ended).toMatchObject({
    type,
    title,
    severity: 'critical',
    state: 'resolved',
    fingerprint: created.fingerprint,
  });
  expect(ended.labels['actor']).toBe('Colleen');
});

test.each([
  ['unresolved', 'unresolved', 'open'],
  ['assigned', 'unresolved', 'open'],
  ['assigned', 'resolved', 'resolved'],
  ['assigned', 'ignored', 'resolved'],
  ['ignored', 'ignored', 'resolved'],
  ['toString', 'constructor', undefined],
])('an issue that is %s with the status %s is %s', (action, status, state) => {
  const body = JSON.stringify({ action, data: { issue: { id: '1', status } } });
  expect(format.draft(body).state).toBe(state);
});

test('an alert about an issue is of that issue, and names its rule and its user', () => {
  const draft = format.draft(read('event-alert'));
  expect(draft).toMatchObject({
    type: 'sentry.event_alert.triggered',
    severity: 'critical',
    occurredAt: Date.parse('2026-02-19T21:06:17.677Z'),
    subject: { kind: 'application', id: 'shop-backend' },
    state: 'open',
    link: 'https://example.sentry.io/issues/4100200300/events/11111111aaaa4bbb8ccc222222222222/',
    fingerprint: format.draft(read('issue-created')).fingerprint,
    labels: { rule: 'Payments must not fail', server_name: 'web-1.example.com', environment: 'production' },
  });
  expect(draft.observables).toEqual([
    { kind: 'ip', value: '203.0.113.90' },
    { kind: 'user', value: '42' },
    { kind: 'user', value: 'buyer@example.net' },
    { kind: 'url', value: 'https://shop.example.com/pay' },
  ]);
});

test('an error and a comment are of their issue and say nothing of its state', () => {
  const { fingerprint } = format.draft(read('issue-created'));
  expect(format.draft(read('error'))).toMatchObject({
    type: 'sentry.error.created',
    severity: 'high',
    state: undefined,
    fingerprint,
  });
  expect(format.draft(read('comment'))).toMatchObject({
    type: 'sentry.comment.created',
    severity: 'informational',
    title: 'Comment created on an issue of shop-backend',
    occurredAt: Date.parse('2026-02-20T07:09:44.118Z'),
    subject: { id: 'shop-backend' },
    labels: { comment: 'Key rotated on Friday, mode was wrong.', actor: 'Colleen' },
    state: undefined,
    fingerprint,
  });
});

test('a metric alert is one matter from its threshold to its end', () => {
  const begun = format.draft(read('metric-critical'));
  const ended = format.draft(read('metric-resolved'));
  expect(begun).toMatchObject({
    type: 'sentry.metric_alert.critical',
    severity: 'critical',
    title: 'Critical: Too many errors',
    subject: { id: 'shop-backend' },
    state: 'open',
    link: 'https://example.sentry.io/alerts/rules/details/7/?alert=1',
    labels: { rule: 'Too many errors' },
  });
  expect(ended).toMatchObject({
    severity: 'critical',
    title: 'Resolved: Too many errors',
    occurredAt: Date.parse('2026-02-13T12:51:00Z'),
    state: 'resolved',
    fingerprint: begun.fingerprint,
  });
});

test('an installation is told', () => {
  expect(format.draft(read('installation'))).toMatchObject({
    type: 'sentry.installation.created',
    severity: 'informational',
    title: 'Sentry installation created',
  });
});

test("the older plug-in's body is an alert about the issue", () => {
  expect(format.draft(read('legacy'))).toMatchObject({
    type: 'sentry.event_alert.triggered',
    severity: 'high',
    title: 'PermissionError: payment key is not readable',
    subject: { id: 'shop-backend', name: 'Shop back end' },
    state: 'open',
    link: 'https://sentry.io/organizations/example/issues/4100200300/?referrer=webhooks_plugin',
    fingerprint: format.draft(read('event-alert')).fingerprint,
    labels: { rule: 'Payments must not fail', server_name: 'web-1.example.com' },
  });
});

test('a resource that came later is taken by its name', () => {
  const draft = format.draft('{"action":"created","data":{"preprod_artifact":{}}}', {
    'sentry-hook-resource': 'preprod_artifact',
  });
  expect(draft).toMatchObject({ type: 'sentry.preprod_artifact.created', severity: 'unknown' });
});

test('a header that no signature covers does not turn one thing into another', () => {
  const forged = { 'sentry-hook-resource': 'comment' };
  expect(format.draft(read('metric-critical'), forged)).toEqual(format.draft(read('metric-critical')));
  const keys = [undefined, 'comment', 'issue'].map(
    (resource) => format.draft(read('issue-created'), { 'sentry-hook-resource': resource }).dedupeKey,
  );
  expect(new Set(keys).size).toBe(1);
});

test('the same body again is a repeat, another is not', () => {
  const keys = NAMES.map((name) => format.draft(read(name)).dedupeKey);
  expect(new Set(keys).size).toBe(NAMES.length);
  expect(NAMES.map((name) => format.draft(read(name)).dedupeKey)).toEqual(keys);
});

const http = { request: () => Promise.reject(new TypeError('nothing is fetched here')) };
const CONTEXT = { id: 'errors', clock: systemClock, http, ownApplication: {} };
const KEY = 'a-client-secret-of-the-tests';

test("is proved by Sentry's own header without a word in the config", async () => {
  const verification = { ...defaultVerification, key: KEY };
  expect(schemeFaults(sentry, verification)).toEqual([]);
  const source = openSource(sentry, {}, verification, CONTEXT);
  const body = Buffer.from(read('issue-created'));
  const signature = createHmac('sha256', KEY).update(body).digest('hex');
  const request = { headers: { 'sentry-hook-signature': signature }, body, clientCertificate: undefined };
  expect(await source.verify(request)).toMatchObject({ kind: 'verified' });
  const changed = { ...request, body: Buffer.from(read('issue-resolved')) };
  expect(await source.verify(changed)).toMatchObject({ kind: 'refused' });
});

test("another way of proving is not mixed with Sentry's", async () => {
  const verification = { ...defaultVerification, scheme: 'bearer' as const, key: KEY };
  expect(schemeFaults(sentry, verification)).toEqual([]);
  const source = openSource(sentry, {}, verification, CONTEXT);
  const body = Buffer.from(read('legacy'));
  const request = { headers: { authorization: `Bearer ${KEY}` }, body, clientCertificate: undefined };
  expect(await source.verify(request)).toMatchObject({ kind: 'verified' });
  expect(await source.verify({ ...request, headers: { 'sentry-hook-signature': KEY } })).toMatchObject({
    kind: 'refused',
  });
});

test('refuses what is no object', () => {
  expect(format.detail('[{}]')).toContain('JSON object');
});

test('whatever is sent, it never throws and its events are sound', () => {
  expectSafe(format, NAMES.map(read));
});
