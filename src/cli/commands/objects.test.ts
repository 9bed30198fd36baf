import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statements } from '../../app/services.ts';
import { systemClock } from '../../kernel/clock.ts';
import { Sealer } from '../../kernel/seal.ts';
import { ObjectStore } from '../../registry/object-store.ts';
import { migrate } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import { openSqlite } from '../../storage/sqlite/open.ts';
import { answered, bodyOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const SECRET = 'Bearer a-secret-of-the-tests';
const MEMBER = `kind: http
url: https://\${HOST:-example.org}/hook
secretHeaders: {Authorization: "\${HOOK_AUTH}"}
headers: {X-Price: "$\${5}"}
`;
const cwd = testDirectory({ 'hook.yaml': MEMBER, 'auth.txt': `${SECRET}\n` });

describe('put', () => {
  test('sends what the file holds, with what the environment here has', async () => {
    const api = await testApi(() => answered({ id: 'hook' }));
    const env = { ...api.env, HOOK_AUTH: SECRET };
    const { code, out } = await cli(['targets', 'put', 'hook', 'hook.yaml'], { cwd, env });
    expect([code, out]).toEqual([0, 'hook is in force.']);
    expect(api.requests[0]).toMatchObject({ method: 'PUT', path: '/api/v1/targets/hook' });
    expect(bodyOf(api.requests[0])).toEqual({
      kind: 'http',
      url: 'https://example.org/hook',
      secretHeaders: { Authorization: SECRET },
      headers: { 'X-Price': '${5}' },
    });
    expect(api.requests[0]?.headers['if-none-match']).toBeUndefined();
  });

  test('finds a secret in a file that the environment names, and takes JSON from standard input', async () => {
    const api = await testApi(() => answered({ id: 'ci' }));
    const env = { ...api.env, HOOK_AUTH_FILE: join(cwd, 'auth.txt') };
    const stdin = '{"kind": "github", "key": "${HOOK_AUTH}"}';
    expect((await cli(['sources', 'put', 'ci', '-', '--new'], { env, stdin })).code).toBe(0);
    expect(bodyOf(api.requests[0])).toEqual({ kind: 'github', key: SECRET });
    expect(api.requests[0]?.headers['if-none-match']).toBe('*');
  });

  test.each([
    ['a variable that is not set', MEMBER, 'secretHeaders.Authorization: names HOOK_AUTH'],
    ['a brace that is none', 'kind: "${"', 'write "$${"'],
    ['what is no YAML', 'kind: [', 'line 1'],
    ['a list', '- kind: log', 'name: value'],
  ])('of %s sends nothing', async (_name, stdin, told) => {
    const api = await testApi(() => answered({ id: 'hook' }));
    const { code, out, err } = await cli(['targets', 'put', 'hook', '-'], { env: api.env, stdin });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(told);
    expect(api.requests).toEqual([]);
  });

  test('tells every fault in the words of the service', async () => {
    const api = await testApi(() => ({
      status: 422,
      body: {
        code: 'config_faulty',
        detail: 'This has faults.',
        errors: [{ path: 'url', message: 'is missing' }],
      },
    }));
    const { code, err } = await cli(['targets', 'put', 'hook', '-'], { env: api.env, stdin: 'kind: http' });
    expect([code, err]).toEqual([1, 'This has faults.\n  url: is missing']);
  });
});

describe('test and preview', () => {
  const trial = {
    deliveryId: 'dlv_1',
    event: { id: 'evt_1', title: '[Test] \u001b[2J', severity: 'high' },
    outcome: 'delivered',
    reason: null,
    status: 200,
    answer: 'ok \u001b[2J',
    durationMs: 12,
    preview: null,
  };

  test('a test exits by what came of it, and cannot steer the terminal', async () => {
    const api = await testApi(() => answered(trial));
    const { code, out } = await cli(['targets', 'test', 'hook', '--severity', 'high'], { env: api.env });
    expect(code).toBe(0);
    expect(out).toMatch(/Outcome +delivered/);
    expect(out).not.toContain('\u001b');
    expect(bodyOf(api.requests[0])).toEqual({ severity: 'high' });
    const failing = await testApi(() =>
      answered({ ...trial, outcome: 'retry', reason: 'http_status', status: 500 }),
    );
    const failed = await cli(['targets', 'test', 'hook', '--json'], { env: failing.env });
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.out)).toMatchObject({ status: 500 });
  });

  test('a preview is the text, or why there is none', async () => {
    const preview = { mediaType: 'text/plain', text: 'one\ntwo\u001b', isCut: false, fault: null };
    const api = await testApi(() => answered({ preview }));
    expect((await cli(['targets', 'preview', 'hook'], { env: api.env })).out).toBe('one\ntwo\\u001b');
    const faulty = await testApi(() =>
      answered({ preview: { ...preview, text: '', fault: 'template fails' } }),
    );
    expect(await cli(['targets', 'preview', 'hook'], { env: faulty.env })).toMatchObject({
      code: 1,
      err: 'template fails',
    });
    const none = await testApi(() => answered({ preview: null }));
    expect((await cli(['targets', 'preview', 'hook'], { env: none.env })).code).toBe(1);
  });
});

test('rules are listed in their order with what they took, the default last', async () => {
  const rule = {
    id: 'noise',
    origin: 'store',
    position: 1,
    settings: { targets: [] },
    matches: { lastHour: 3, lastDay: 40 },
    updatedAt: null,
  };
  const rest = { targets: ['log'], matches: { lastHour: 0, lastDay: 1 } };
  const api = await testApi(() => answered({ items: [rule], default: rest }));
  const { out } = await cli(['rules'], { env: api.env });
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^noise +→ nobody +3 in the last hour +40 in the last day +store$/),
    expect.stringMatching(/^default +→ log +0 in the last hour +1 in the last day$/),
  ]);
});

test('rules are put into the order of the arguments', async () => {
  const api = await testApi(() => answered({ rules: ['b', 'a'] }));
  expect(await cli(['rules', 'order', 'b', 'a'], { env: api.env })).toMatchObject({ code: 0, out: 'b a' });
  expect(bodyOf(api.requests[0])).toEqual({ rules: ['b', 'a'] });
});

test('a source is shown with its settings', async () => {
  const source = {
    id: 'ci',
    kind: 'github',
    origin: 'store',
    scheme: 'github',
    path: '/api/v1/sources/ci',
    updatedAt: null,
  };
  const api = await testApi(() => answered({ ...source, settings: { kind: 'github', key: '[secret]' } }));
  const { out } = await cli(['sources', 'show', 'ci'], { env: api.env });
  expect(out).toContain('/api/v1/sources/ci');
  expect(JSON.parse(out.slice(out.indexOf('{')))).toEqual({ kind: 'github', key: '[secret]' });
});

test.each([
  ['targets', 'put', '../session', '-'],
  ['targets', 'put', 'hook'],
  ['rules', 'order', 'UP'],
  ['targets', 'test', 'hook', '--event', 'evt_1'],
  ['sources', 'delete', 'a b'],
  ['sources', 'delete', 'a b', '--local'],
])('%j exits with 2 before anything is asked', async (...line) => {
  const api = await testApi(() => answered({}));
  expect((await cli(line, { env: api.env })).code).toBe(2);
  expect(api.requests).toEqual([]);
});

describe('delete', () => {
  test('asks the service, and says why it refuses', async () => {
    const api = await testApi(() => ({ status: 204, body: '' }));
    const done = await cli(['rules', 'delete', 'noise', '--json'], { env: api.env });
    expect([done.code, JSON.parse(done.out)]).toEqual([0, { deleted: 'noise' }]);
    expect(api.requests).toMatchObject([{ method: 'DELETE', path: '/api/v1/rules/noise' }]);
    const refusing = await testApi(() => refused(409, 'conflict', 'It is named by the rule "r".'));
    const { code, err } = await cli(['targets', 'delete', 'hook'], { env: refusing.env });
    expect([code, err]).toEqual([1, 'It is named by the rule "r".']);
  });

  test('with --local needs neither the service nor the key: what keeps it from starting can be removed', async () => {
    const directory = testDirectory();
    const data = join(directory, 'data');
    const store = await openSqlite(data, statements);
    await migrate(store, migrations);
    const objects = new ObjectStore(store, new Sealer('a-key-that-was-lost', 'objects'), systemClock);
    await objects.put({ kind: 'rule', id: 'stale', body: { targets: ['gone'] } });
    await store.close();
    const env = { TOCSIN_MASTER_KEY: 'another-key-of-the-tests', TOCSIN_DATA_DIR: data };
    const place = { cwd: directory, env };
    const other = await cli(['targets', 'delete', 'stale', '--local'], place);
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('no target of this id')]);
    expect(await cli(['rules', 'delete', 'stale', '--local'], place)).toMatchObject({ code: 0, err: '' });
    const after = await openSqlite(data, statements);
    expect(await new ObjectStore(after, new Sealer('any key at all', 'objects'), systemClock).list()).toEqual(
      [],
    );
    await after.close();
    writeFileSync(join(directory, 'tocsin.yaml'), 'nonsense: 1\n');
    expect((await cli(['rules', 'delete', 'stale', '--local'], place)).code).toBe(3);
    rmSync(directory, { recursive: true });
  });
});
