import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectSafe, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { github } from './github.ts';

const format = openFormat(github);
const sample = (name: string) => fixture(`github/${name}.json`);
const names = readdirSync(new URL('../../../../tests/fixtures/github/', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5));
const read = (name: string, event?: string) =>
  format.draft(sample(name), event === undefined ? {} : { 'x-github-event': event });

/** A sample with members replaced. */
function changed(name: string, change: (body: Record<string, unknown>) => void): string {
  const body: unknown = JSON.parse(sample(name));
  if (typeof body !== 'object' || body === null) throw new TypeError('no object');
  const copy = { ...body };
  change(copy);
  return JSON.stringify(copy);
}

test('is proved as GitHub signs unless the config says otherwise', () => {
  expect(github.scheme).toBe('github');
});

test.each([
  [
    'code-scanning-created',
    'code_scanning_alert.created',
    'critical',
    'open',
    'https://github.com/example-org/billing/security/code-scanning/42',
  ],
  [
    'code-scanning-fixed',
    'code_scanning_alert.fixed',
    'critical',
    'resolved',
    'https://github.com/example-org/billing/security/code-scanning/42',
  ],
  [
    'secret-scanning-created',
    'secret_scanning_alert.created',
    'critical',
    'open',
    'https://github.com/example-org/billing/security/secret-scanning/7',
  ],
  [
    'secret-scanning-resolved',
    'secret_scanning_alert.resolved',
    'medium',
    'resolved',
    'https://github.com/example-org/billing/security/secret-scanning/7',
  ],
  [
    'secret-scanning-location',
    'secret_scanning_alert_location.created',
    'critical',
    'open',
    'https://github.com/example-org/billing/security/secret-scanning/7',
  ],
  [
    'dependabot-created',
    'dependabot_alert.created',
    'high',
    'open',
    'https://github.com/example-org/billing/security/dependabot/13',
  ],
  [
    'dependabot-auto-dismissed',
    'dependabot_alert.auto_dismissed',
    'high',
    'resolved',
    'https://github.com/example-org/billing/security/dependabot/13',
  ],
  [
    'vulnerability-alert-create',
    'repository_vulnerability_alert.create',
    'medium',
    'open',
    'https://github.com/example-org/billing/security/dependabot/13',
  ],
  [
    'security-advisory-published',
    'security_advisory.published',
    'medium',
    undefined,
    'https://github.com/advisories/GHSA-2222-3333-4444',
  ],
  [
    'security-advisory-withdrawn',
    'security_advisory.withdrawn',
    'medium',
    'resolved',
    'https://github.com/advisories/GHSA-2222-3333-4444',
  ],
  [
    'repository-advisory-reported',
    'repository_advisory.reported',
    'high',
    undefined,
    'https://github.com/example-org/billing/security/advisories/GHSA-5555-6666-7777',
  ],
  [
    'branch-protection-deleted',
    'branch_protection_rule.deleted',
    'medium',
    undefined,
    'https://github.com/example-org/billing',
  ],
  ['ping', 'ping', 'informational', undefined, 'https://github.com/example-org/billing'],
])('%s: type, severity, state and link', (name, type, severity, state, link) => {
  expect(read(name)).toMatchObject({ type: `github.${type}`, severity, state, link });
});

test('says in the title what happened to which alert where', () => {
  expect(read('code-scanning-fixed').title).toBe(
    'Code scanning alert #42 fixed: Database query built from user-controlled sources (example-org/billing)',
  );
  expect(read('secret-scanning-created').title).toBe(
    'Secret scanning alert #7 created: Example Cloud API key (example-org/billing)',
  );
  expect(read('push', 'push').title).toBe('GitHub push (example-org/billing)');
});

test('names the repository, who did it and what rules ask for', () => {
  const draft = read('dependabot-created');
  expect(draft.subject).toEqual({ kind: 'repository', id: 'example-org/billing' });
  expect(draft.labels).toMatchObject({
    action: 'created',
    organization: 'example-org',
    package: 'example-parser',
    ecosystem: 'npm',
    ghsa: 'GHSA-aaaa-bbbb-cccc',
    cve: 'CVE-2024-00001',
    path: 'package-lock.json',
  });
  expect(draft.observables).toEqual([{ kind: 'user', value: 'robin' }]);
  expect(read('secret-scanning-created').observables).toContainEqual({ kind: 'user', value: 'sam' });
});

test('an alert reopened is not as old as the alert, where nothing says when', () => {
  const reopened = changed('code-scanning-created', (body) => {
    body['action'] = 'reopened_by_user';
    body['alert'] = Object.assign({}, body['alert'], { updated_at: undefined });
  });
  expect(format.draft(reopened)).toMatchObject({ state: 'open', occurredAt: undefined });
});

test('takes the time of the end for an end, of the beginning for a beginning', () => {
  expect(read('code-scanning-created').occurredAt).toBe(Date.parse('2024-05-06T07:08:09Z'));
  expect(read('code-scanning-fixed').occurredAt).toBe(Date.parse('2024-05-07T10:11:12Z'));
  expect(read('secret-scanning-resolved').occurredAt).toBe(Date.parse('2024-03-01T15:30:00Z'));
});

test.each([
  ['code-scanning-created', 'code-scanning-fixed'],
  ['secret-scanning-created', 'secret-scanning-resolved'],
  ['secret-scanning-created', 'secret-scanning-location'],
  ['dependabot-created', 'dependabot-auto-dismissed'],
  ['dependabot-created', 'vulnerability-alert-create'],
  ['security-advisory-published', 'security-advisory-withdrawn'],
])('%s and %s are events of one matter', (first, second) => {
  expect(read(second).fingerprint).toBe(read(first).fingerprint);
  expect(read(second).dedupeKey).not.toBe(read(first).dedupeKey);
});

test('keeps alerts of one number apart by kind and by repository', () => {
  const other = changed('code-scanning-created', (body) => (body['repository'] = { id: 7 }));
  const matters = [
    read('code-scanning-created'),
    format.draft(other),
    read('secret-scanning-created'),
    read('dependabot-created'),
  ].map(({ fingerprint }) => fingerprint);
  expect(new Set(matters).size).toBe(4);
});

test('keeps the matter of a repository that was renamed', () => {
  const renamed = changed(
    'code-scanning-created',
    (body) => (body['repository'] = { id: 612345001, full_name: 'example-org/invoices' }),
  );
  expect(format.draft(renamed).fingerprint).toBe(read('code-scanning-created').fingerprint);
});

test.each([
  [{ publicly_leaked: true, validity: 'unknown' }, 'critical'],
  [{ validity: 'active' }, 'critical'],
  [{ validity: 'unknown' }, 'high'],
  [{}, 'high'],
  [{ validity: 'inactive' }, 'medium'],
])('a secret that is %j is %s', (alert, severity) => {
  const body = changed(
    'secret-scanning-created',
    (body) => (body['alert'] = { number: 1, secret_type: 'key', ...alert }),
  );
  expect(format.draft(body).severity).toBe(severity);
});

test.each([
  [{ severity: 'error' }, 'high'],
  [{ severity: 'warning' }, 'medium'],
  [{ severity: 'note' }, 'low'],
  [{ severity: 'note', security_severity_level: 'high' }, 'high'],
  [{ severity: 7 }, 'unknown'],
])('a code scanning rule %j is %s', (rule, severity) => {
  const body = changed('code-scanning-created', (body) => (body['alert'] = { number: 1, rule, tool: {} }));
  expect(format.draft(body).severity).toBe(severity);
});

test('takes any other event whole, its type after the header and its action', () => {
  expect(read('push', 'push')).toMatchObject({ type: 'github.push', severity: 'unknown', state: undefined });
  const archived = JSON.stringify({ action: 'archived', projects_v2_item: {} });
  expect(format.draft(archived, { 'x-github-event': 'projects_v2_item' }).type).toBe(
    'github.projects_v2_item.archived',
  );
  expect(format.draft('{}').type).toBe('github.event');
});

test('lets the unsigned event header name the type of an unknown body, and nothing else', () => {
  const plain = read('push');
  const named = read('push', 'secret_scanning_alert');
  expect({ ...named, type: plain.type, title: plain.title }).toEqual(plain);
  expect(named.dedupeKey).toBe(plain.dedupeKey);
  expect(named.severity).toBe('unknown');
});

test.each(['ping', 'push', 'no event!', 'x'.repeat(100)])(
  'reads an alert as the alert that it is under the event header %s',
  (event) => {
    expect(read('secret-scanning-created', event)).toEqual(read('secret-scanning-created'));
  },
);

test('never puts the secret of an alert into anything but the payload', () => {
  const body = changed('secret-scanning-created', (body) => {
    body['alert'] = { number: 1, secret_type: 'key', secret: 'hush-hush' };
  });
  const { payload, ...draft } = format.draft(body);
  expect(payload).toContain('hush-hush');
  expect(JSON.stringify(draft)).not.toContain('hush-hush');
});

test('knows a redelivery by its text, and takes another delivery for another event', () => {
  const text = sample('code-scanning-created');
  expect(format.draft(text).dedupeKey).toBe(format.draft(text).dedupeKey);
  const keys = new Set(names.map((name) => read(name).dedupeKey));
  expect(keys.size).toBe(names.length);
});

test('reads the same webhook sent as a form, and keeps its JSON as the payload', () => {
  const text = JSON.stringify({ ...JSON.parse(sample('push')), note: 'a+b & c=d é' });
  const form = new URLSearchParams({ payload: text }).toString();
  expect(format.draft(form)).toEqual(format.draft(text));
  expect(format.draft(form).payload).toBe(text);
  expect(format.draft(`${form}&other=1`).payload).toBe(text);
});

test.each([
  ['payload=%', 'the payload in the form is not valid percent-encoding'],
  ['payload=%ff', 'the payload in the form is not valid percent-encoding'],
  ['payload=', 'the body is not valid JSON'],
  ['', 'the body is not valid JSON'],
  ['[]', 'the body must be a JSON object'],
  ['7', 'the body must be a JSON object'],
  [`{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'the body nests deeper than 64 levels'],
])('refuses the body %j and says why', (body, detail) => {
  expect(format.detail(body)).toBe(detail);
});

test('makes sound events of whatever is sent, and never throws', () => {
  expectSafe(format, names.map(sample), { 'x-github-event': 'push' });
  expectSafe(format, [sample('push')], { 'x-github-event': ['push', 'ping'] });
});
