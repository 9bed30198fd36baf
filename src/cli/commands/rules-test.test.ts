import { expect, test } from 'vitest';
import { sampleRecords, sampleText } from '../../../tests/support/sqreen-samples.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const YAML = `application: {id: our-own}
admins: [chat]
targets:
  - {id: mail, kind: http, url: "https://example.com/mail"}
  - {id: chat, kind: http, url: "https://example.com/chat"}
sources:
  - {id: waf, kind: sqreen, key: "\${WAF_KEY}"}
rules:
  - id: staging
    when: {labels.environment: staging}
    targets: []
  - id: severe
    when: {severity: ">= high"}
    targets: [mail, chat]
  - id: rest
    when: {source: [waf, manual]}
    targets: [mail]
`;
const EVENT = { source: 'manual', type: 'login.failed', severity: 'high' };
const cwd = testDirectory({ 'tocsin.yaml': YAML, 'event.json': JSON.stringify(EVENT) });
const env = { WAF_KEY: 'k' };
const rulesTest = (line: readonly string[], stdin = '') =>
  cli(['rules', 'test', ...line], { cwd, env, stdin });

test('says of every rule whether it takes the event and why, and where it goes', async () => {
  const { code, out } = await rulesTest(['event.json']);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'login.failed',
    'manual · login.failed · high',
    '',
    '✗ staging',
    '    ✗  labels.environment  is "staging"  (nothing)',
    '✓ severe → mail, chat',
    '    ✓  severity  >= high  high',
    '· rest: not asked, a rule above took the event',
    '· default: not asked, a rule above took the event',
    '',
    'Goes to mail, chat',
  ]);
});

test('an event that a rule keeps for itself goes nowhere', async () => {
  const { out } = await rulesTest(['-'], JSON.stringify({ ...EVENT, labels: { environment: 'staging' } }));
  expect(out).toContain('✓ staging → no target');
  expect(out).toContain('Goes nowhere');
});

test.each([
  ['the same targets', 'mail,chat', 0],
  ['the same in another order', 'chat,mail', 0],
  ['one too few', 'mail', 1],
  ['one too many', 'mail,chat,log', 1],
  ['none', '', 1],
])('--expect with %s exits accordingly', async (_name, expected, code) => {
  const ended = await rulesTest(['event.json', '--expect', expected]);
  expect(ended.code).toBe(code);
  expect(ended.err === '').toBe(code === 0);
});

test('--json has the event, the targets and every condition', async () => {
  const { out } = await rulesTest(['event.json', '--json', '--expect', 'mail']);
  expect(JSON.parse(out)).toMatchObject({
    items: [
      {
        event: { source: 'manual', type: 'login.failed' },
        targets: ['mail', 'chat'],
        rules: [
          { rule: 'staging', result: 'not_matched' },
          { rule: 'severe', conditions: [{ field: 'severity', holds: true }] },
          { rule: 'rest', result: 'skipped' },
          { rule: 'default' },
        ],
      },
    ],
    expected: ['mail'],
    met: false,
  });
});

test.each(['v1-security-event.json', 'v2-security-event.json', 'v2-playbook.json'])(
  'takes a notification as the sender sends it, without a signature: %s',
  async (name) => {
    const { code, out } = await rulesTest(['-', '--json'], sampleText(name));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ items: [{ event: { source: 'sqreen' } }] });
  },
);

test('takes one notification out of its array, and one of a source of the config', async () => {
  const [one] = sampleRecords('v2-security-event.json');
  const known = await rulesTest(['-', '--expect', 'log'], JSON.stringify(one));
  expect(known).toMatchObject({ code: 0, err: '' });
  const told = await rulesTest(['-', '--source', 'waf', '--expect', 'mail'], JSON.stringify(one));
  expect(told).toMatchObject({ code: 0, err: '' });
});

const FORMATS = testDirectory({
  'tocsin.yaml': `targets:
  - {id: mail, kind: http, url: "https://example.com/mail"}
  - {id: page, kind: http, url: "https://example.com/page"}
sources:
  - {id: prometheus, kind: alertmanager, key: "\${TOKEN}"}
  - {id: errors, kind: sentry, key: "\${TOKEN}"}
  - {id: scanner, kind: json, scheme: bearer, key: "\${TOKEN}", items: /findings, map: {title: /rule}}
rules:
  - {id: down, when: {source: prometheus, labels.alertname: HostDown}, targets: [page]}
  - {id: artifacts, when: {type: sentry.preprod_artifact.created}, targets: [mail]}
  - {id: ports, when: {source: scanner, title: Open port}, targets: [mail]}
`,
});
const HOST_DOWN = { status: 'firing', labels: { alertname: 'HostDown' }, fingerprint: 'a' };

test.each([
  ['an Alertmanager', ['--source', 'prometheus', '--expect', 'page'], { alerts: [HOST_DOWN] }],
  ['a mapped sender', ['--source', 'scanner', '--expect', 'mail'], { findings: [{ rule: 'Open port' }] }],
  [
    'one that says in a header what it is',
    ['--source', 'errors', '--header', 'Sentry-Hook-Resource: preprod_artifact', '--expect', 'mail'],
    { action: 'created', data: { preprod_artifact: {} } },
  ],
])('reads what %s sends in the format of its source', async (_name, line, body) => {
  const ended = await cli(['rules', 'test', '-', ...line], {
    cwd: FORMATS,
    env: { TOKEN: 'a-token-of-the-tests' },
    stdin: JSON.stringify(body),
  });
  expect(ended).toMatchObject({ code: 0, err: '' });
});

test.each([
  ['what is not in the format of the source', ['--source', 'prometheus'], '{"a":1}', 'an array "alerts"'],
  ['what tells nothing', ['--source', 'prometheus'], '{"alerts":[]}', 'tells nothing'],
  ["another format without the source's name", [], JSON.stringify({ alerts: [HOST_DOWN] }), '--source'],
])('refuses %s', async (_name, line, stdin, told) => {
  const env = { TOKEN: 'a-token-of-the-tests' };
  const { code, out, err } = await cli(['rules', 'test', '-', ...line], { cwd: FORMATS, env, stdin });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(told);
});

test('a header that is none is a wrong use', async () => {
  const { code, err } = await rulesTest(['-', '--source', 'waf', '--header', 'nonsense'], '[{}]');
  expect(code).toBe(2);
  expect(err).toContain('--header must be a header and its value');
});

test('an alert about our own application goes to the admins too', async () => {
  const alert = [{ message_type: 'security_event', message: { application_id: 'our-own' } }];
  const { code, out } = await rulesTest(['-', '--expect', 'log,chat'], JSON.stringify(alert));
  expect(code).toBe(0);
  expect(out).toContain('✓ internal-alert → chat');
});

test.each([
  ['a file that is not there', ['none.json'], '', 'does not exist'],
  ['what is no JSON', ['-'], '{', 'not JSON'],
  ['what is no event', ['-'], '{"sourc": "x", "type": "t"}', 'did you mean "source"?'],
  ['an empty array', ['-'], '[]', 'the array is empty'],
  ['a source that is not there', ['-', '--source', 'nope'], '[{}]', 'no source "nope"'],
])('refuses %s', async (_name, line, stdin, told) => {
  const { code, out, err } = await rulesTest(line, stdin);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(told);
});

test('faulty rules exit with 3', async () => {
  const faulty = testDirectory({ 'tocsin.yaml': 'rules: [{id: a, when: {severty: high}, targets: [log]}]' });
  const { code, err } = await cli(['rules', 'test', '-'], { cwd: faulty, stdin: '{}' });
  expect(code).toBe(3);
  expect(err).toContain('did you mean "severity"?');
});

test('an event cannot steer the terminal', async () => {
  const evil = '\u001b[2J\n\u009b31m\u202e';
  const labels = { environment: evil, [evil]: evil };
  const { out } = await rulesTest(['-'], JSON.stringify({ ...EVENT, title: evil, type: evil, labels }));
  expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('a notification has the countries that the service would give it', async () => {
  const rules = `
countries: {source: [RO]}
rules:
  - {id: elsewhere, when: {geo.allowed: false}, targets: []}
`;
  const directory = (lines: string) =>
    testDirectory({ 'tocsin.yaml': lines, 'attack.json': sampleText('v1-security-event.json') });
  const tried = (lines: string) =>
    cli(['rules', 'test', 'attack.json'], { cwd: directory(lines), env: { SIGNATURE_KEY: 'k' } });
  expect((await tried(rules)).out).toContain('✗ elsewhere');
  expect((await tried(rules.replace('RO', 'FR'))).out).toContain('✓ elsewhere → no target');
  expect(await tried(`geo: {database: none.mmdb}\n${rules}`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('geo.database'),
  });
});
