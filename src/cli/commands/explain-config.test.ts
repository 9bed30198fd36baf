import { expect, test } from 'vitest';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const SECRET = 'a-secret-that-nobody-sees';
const YAML = `http:
  port: 8080
targets:
  - id: hook
    kind: http
    url: https://example.com/\${HOOK_PATH}
`;
const surrounded = {
  cwd: testDirectory({ 'tocsin.yaml': YAML, '.env': 'TOCSIN_LOG_LEVEL=warn' }),
  env: { SIGNATURE_KEY: SECRET, HOOK_PATH: SECRET, TOCSIN_TOKEN: SECRET },
};

test('shows every setting with its value and where it was set', async () => {
  const { code, out } = await cli(['explain-config', '--host', '::1'], surrounded);
  expect(code).toBe(0);
  expect(out).toMatch(/^http\.port +8080 +tocsin\.yaml:2$/m);
  expect(out).toMatch(/^http\.host +::1 +--host$/m);
  expect(out).toMatch(/^log\.level +warn +\.env TOCSIN_LOG_LEVEL$/m);
  expect(out).toMatch(/^http\.allowPlain +false +default$/m);
  expect(out).toMatch(/^targets\[0\]\.url +https:\/\/example\.com\/\$\{HOOK_PATH\} +tocsin\.yaml:6$/m);
});

test.each([[[]], [['--json']]])('shows no secret %j', async (more) => {
  const { out } = await cli(['explain-config', ...more], surrounded);
  expect(out).not.toContain(SECRET);
  expect(out).toContain('[secret]');
});

test('as JSON it is the answer of the API', async () => {
  const { out } = await cli(['explain-config', '--json'], surrounded);
  expect(JSON.parse(out)).toMatchObject({
    items: expect.arrayContaining([{ path: 'http.port', value: 8080, origin: 'tocsin.yaml:2' }]),
  });
});

test('a faulty config is told on standard error and exits with 3', async () => {
  const { code, out, err } = await cli(['explain-config', '--port', 'x'], surrounded);
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain('http.port');
});
