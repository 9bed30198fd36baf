import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TokenStore } from '../../access/token-store.ts';
import { listAudit } from '../../access/audit.ts';
import type { TokenWire } from '../../access/tokens-wire.ts';
import { hashOf } from '../../access/token.ts';
import { openSqlite } from '../../storage/sqlite/open.ts';
import { answered, bodyOf, objectOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const SECRET = 'tocsin_a-secret-of-a-test';
const token = (overrides: Partial<TokenWire> = {}): TokenWire => ({
  id: 'tok_first',
  name: 'first run',
  scope: 'admin',
  origin: 'store',
  state: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: null,
  expiresAt: null,
  rotatedAt: null,
  previousUntil: null,
  lastUsedAt: null,
  ...overrides,
});
const issuing = (overrides: Partial<TokenWire> = {}, status = 201) =>
  testApi(() => answered({ ...token(overrides), secret: SECRET }, status));

test('the name of the group alone lists every token with its scope, its end and its last use', async () => {
  const items = [
    token({ id: 'tok_environment_1', name: 'TOCSIN_TOKEN', origin: 'settings', createdAt: null }),
    token({ lastUsedAt: '2026-01-31T11:59:00.000Z' }),
    token({
      id: 'tok_ci',
      name: 'c\u001bi',
      scope: 'read',
      state: 'expired',
      expiresAt: '2026-01-30T00:00:00.000Z',
    }),
  ];
  const api = await testApi(() => answered({ items }));
  const { code, out } = await cli(['token'], { env: api.env });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^tok_environment_1 +TOCSIN_TOKEN +admin +in the settings +not used yet$/),
    expect.stringMatching(/^tok_first +first run +admin +no end +used 2026-01-31T11:59:00\.000Z$/),
    expect.stringMatching(/^tok_ci +c\\u001bi +read +expired 2026-01-30T00:00:00\.000Z +not used yet$/),
  ]);
  expect(api.requests).toMatchObject([{ method: 'GET', path: '/api/v1/tokens' }]);
});

test('a new secret alone is on standard output, what there is to know of it on the other', async () => {
  const api = await issuing({
    id: 'tok_ci',
    name: 'ci',
    scope: 'read',
    expiresAt: '2026-05-01T00:00:00.000Z',
  });
  const line = ['token', 'create', ' ci ', '--scope', 'read', '--expires-in', '90d'];
  const { code, out, err } = await cli(line, { env: api.env });
  expect([code, out]).toEqual([0, SECRET]);
  expect(err).toContain('tok_ci: ci, read, until 2026-05-01T00:00:00.000Z.');
  expect(err).not.toContain(SECRET);
  expect(api.requests).toMatchObject([{ method: 'POST', path: '/api/v1/tokens' }]);
  expect(bodyOf(api.requests[0])).toEqual({ name: 'ci', scope: 'read', expiresIn: '90d' });
  const json = await cli([...line, '--json'], { env: api.env });
  expect(objectOf(json.out)).toMatchObject({ id: 'tok_ci', secret: SECRET });
});

test.each([
  [['tok_first'], {}],
  [['tok_first', '--grace', '24h'], { grace: '24h' }],
  [['tok_first', '--grace', '1h', '--expires-in', '30d'], { grace: '1h', expiresIn: '30d' }],
])('rotate %j asks for just that', async (line, body) => {
  const api = await issuing({ previousUntil: '2026-02-01T12:00:00.000Z' }, 200);
  const { code, out, err } = await cli(['token', 'rotate', ...line], { env: api.env });
  expect([code, out]).toEqual([0, SECRET]);
  expect(err).toContain('The secret before is valid until 2026-02-01T12:00:00.000Z.');
  expect(api.requests[0]).toMatchObject({ method: 'POST', path: '/api/v1/tokens/tok_first/rotate' });
  expect(bodyOf(api.requests[0])).toEqual(body);
});

test('revoke says nothing when it is done, and the service’s words when it is refused', async () => {
  const done = await testApi(() => ({ status: 204, body: '' }));
  expect(await cli(['token', 'revoke', 'tok_ci'], { env: done.env })).toMatchObject({
    code: 0,
    out: '',
    err: '',
  });
  expect(done.requests).toMatchObject([{ method: 'DELETE', path: '/api/v1/tokens/tok_ci' }]);
  const json = await cli(['token', 'revoke', 'tok_ci', '--json'], { env: done.env });
  expect(objectOf(json.out)).toEqual({ id: 'tok_ci', revoked: true });
  const last = await testApi(() => refused(409, 'conflict', 'This is the last token of an admin.'));
  const { code, err } = await cli(['token', 'revoke', 'tok_ci'], { env: last.env });
  expect([code, err]).toEqual([1, 'This is the last token of an admin.']);
});

test.each([
  [['create', 'ci']],
  [['create', '  ', '--scope', 'read']],
  [['create', 'ci', '--scope', 'root']],
  [['create', 'ci', '--scope', 'read', '--expires-in', 'soon']],
  [['rotate', '../session']],
  [['revoke', 'evt_1']],
  [['revoke']],
  [['fly']],
])('%j exits with 2 before anything is asked', async (line) => {
  const api = await testApi(() => answered({}));
  expect((await cli(['token', ...line], { env: api.env })).code).toBe(2);
  expect(api.requests).toEqual([]);
});

test('who lost the token makes another in the store itself, an admin’s unless told otherwise, and it is audited', async () => {
  const cwd = testDirectory();
  const env = { TOCSIN_DATA_DIR: join(cwd, 'data') };
  const { code, out, err } = await cli(['token', 'create', 'owner', '--local'], { cwd, env });
  expect(code, err).toBe(0);
  expect(out).toMatch(/^tocsin_[\w-]{43}$/);
  const reader = await cli(
    ['token', 'create', 'r', '--local', '--scope', 'read', '--expires-in', '1h', '--json'],
    {
      cwd,
      env,
    },
  );
  expect(objectOf(reader.out)).toMatchObject({ scope: 'read', createdBy: 'local' });
  const store = await openSqlite(env.TOCSIN_DATA_DIR, []);
  try {
    expect(await new TokenStore(store).byHash(hashOf(out))).toMatchObject({ name: 'owner', scope: 'admin' });
    expect(await listAudit(store, { actor: 'local', action: 'token.create' }, 10)).toHaveLength(2);
  } finally {
    await store.close();
  }
});

test('a store in use is left alone, and it says to stop the service', async () => {
  const data = testDirectory();
  const store = await openSqlite(data, []);
  try {
    const { code, out, err } = await cli(['token', 'create', 'owner', '--local'], {
      cwd: data,
      env: { TOCSIN_DATA_DIR: data },
    });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('Stop the service first');
  } finally {
    await store.close();
  }
});

test('a faulty config exits with 3 and opens nothing', async () => {
  const cwd = testDirectory({ 'tocsin.yaml': 'nonsense: 1' });
  expect((await cli(['token', 'create', 'owner', '--local'], { cwd })).code).toBe(3);
});
