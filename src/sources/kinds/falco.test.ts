import { expect, test } from 'vitest';
import { expectSafe, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { falco } from './falco.ts';

const SYSCALL = fixture('falco/syscall.json');
const SIDEKICK = fixture('falco/falcosidekick.json');
const TEST = fixture('falco/test-rule.json');
const format = openFormat(falco);

test("reads what Falco's http_output sends", () => {
  const draft = format.draft(SYSCALL);
  expect(draft).toMatchObject({
    type: 'falco.read_sensitive_file_untrusted',
    severity: 'medium',
    title: 'Sensitive file opened for reading by non-trusted program',
    occurredAt: Date.parse('2026-03-02T16:31:56.746Z'),
    subject: { kind: 'host', id: 'node-3.example.com' },
    state: undefined,
    link: undefined,
    observables: [
      { kind: 'user', value: 'root' },
      { kind: 'host', value: 'node-3.example.com' },
    ],
    labels: {
      rule: 'Read sensitive file untrusted',
      priority: 'Warning',
      source: 'syscall',
      hostname: 'node-3.example.com',
      tags: 'T1555,container,filesystem,host,maturity_stable,mitre_credential_access',
      'proc.cmdline': 'cat /etc/shadow',
      'fd.name': '/etc/shadow',
      'user.uid': '0',
    },
    payload: SYSCALL,
  });
  expect(draft.labels).not.toHaveProperty(['k8s.pod.name']);
});

test('reads what Falcosidekick sends, with the pod and the address it spoke to', () => {
  expect(format.draft(SIDEKICK)).toMatchObject({
    severity: 'critical',
    title: 'Outbound connection to a mining pool',
    subject: { kind: 'pod', id: 'shop/web-6d4cf56db6-2qk9p' },
    observables: [
      { kind: 'ip', value: '203.0.113.66' },
      { kind: 'host', value: 'pool.example.net' },
      { kind: 'user', value: 'www-data' },
      { kind: 'host', value: 'node-3.example.com' },
    ],
    labels: { cluster: 'eu-1', 'container.image.repository': 'docker.io/library/nginx' },
  });
  expect(format.draft(TEST)).toMatchObject({
    severity: 'informational',
    title: 'This is a test from falcosidekick',
  });
});

test('outside of Kubernetes the container is the subject', () => {
  const fields = { 'container.id': '1f2e3d4c5b6a', 'container.name': 'web', 'k8s.pod.name': '<NA>' };
  expect(format.draft(JSON.stringify({ rule: 'r', output_fields: fields })).subject).toEqual({
    kind: 'container',
    id: '1f2e3d4c5b6a',
    name: 'web',
  });
});

test.each([
  ['Emergency', 'critical'],
  ['Alert', 'critical'],
  ['Critical', 'critical'],
  ['Error', 'high'],
  ['Warning', 'medium'],
  ['Notice', 'low'],
  ['Informational', 'informational'],
  ['Debug', 'informational'],
  ['Louder', 'unknown'],
])('priority %s is %s', (priority, severity) => {
  expect(format.draft(JSON.stringify({ priority })).severity).toBe(severity);
});

test.each([
  ['no fields in it', 'Shell in a container', 'Shell in a container'],
  ['fields behind a bar', '10:00:00.1: Notice A shell | user=root', 'A shell'],
  ['fields in brackets', '10:00:00.123456789: Critical A shell (user=root tty=1)', 'A shell'],
  ['words in brackets', 'A shell (again) in a container (user=root)', 'A shell (again) in a container'],
  ['nothing but fields', 'user=root tty=1', 'user=root'],
])('the title is the sentence of an output with %s', (_name, output, title) => {
  expect(format.draft(JSON.stringify({ output, rule: 'r' })).title).toBe(title);
});

test('the same again is a repeat, the same rule in the same place is the same matter', () => {
  const first = format.draft(SYSCALL);
  const later = format.draft(SYSCALL.replaceAll('746609046', '746609047'));
  expect(format.draft(SYSCALL).dedupeKey).toBe(first.dedupeKey);
  expect(later.dedupeKey).not.toBe(first.dedupeKey);
  expect(later.fingerprint).toBe(first.fingerprint);
  expect(format.draft(SYSCALL.replace('node-3', 'node-4')).fingerprint).not.toBe(first.fingerprint);
});

test("Falcosidekick's uuid knows a repeat whatever else changed on the way", () => {
  const first = format.draft(SIDEKICK);
  expect(format.draft(SIDEKICK.replace('"eu-1"', '"eu-2"')).dedupeKey).toBe(first.dedupeKey);
  expect(format.draft(SIDEKICK.replace('3f0b6c7e', '3f0b6c7f')).dedupeKey).not.toBe(first.dedupeKey);
});

test('takes an array and one alert a line, as log shippers send them', () => {
  const line = JSON.stringify(JSON.parse(SYSCALL));
  expect(format.drafts(`[${SYSCALL},${SIDEKICK}]`)).toHaveLength(2);
  expect(format.drafts(`${line}\n${TEST}`).map(({ payload }) => payload)).toEqual([line, TEST.trim()]);
});

test('refuses what is no record', () => {
  expect(format.detail('"an alert"')).toContain('JSON object');
});

test('whatever is sent, it never throws and its events are sound', () => {
  expectSafe(format, [SYSCALL, SIDEKICK, TEST]);
});
