import { expect, test } from 'vitest';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const FAULTY = `http:
  port: 99999
targets:
  - id: mail
    kind: http
    url: https://example.com/hook
rules:
  - id: all
    targets: [mial]
`;

test('an empty surrounding is ok', async () => {
  expect(await cli(['check-config'], { cwd: testDirectory() })).toMatchObject({
    code: 0,
    out: 'ok',
    err: '',
  });
});

test('tells every fault at once, each with its place and what was meant, and exits with 3', async () => {
  const { code, out } = await cli(['check-config'], { cwd: testDirectory({ 'tocsin.yaml': FAULTY }) });
  expect(code).toBe(3);
  expect(out).toContain('2 faults:');
  expect(out).toMatch(/http\.port: .*\(tocsin\.yaml:2\)/);
  expect(out).toMatch(/rules\[0\]\.targets\[0\]: no such target; did you mean "mail"\? \(tocsin\.yaml:9\)/);
});

test('gives the same as JSON', async () => {
  const directory = testDirectory({ 'other.yaml': FAULTY });
  const { code, out } = await cli(['check-config', '--json', '--config', 'other.yaml'], { cwd: directory });
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    faults: [
      { path: 'http.port', origin: 'other.yaml:2' },
      { path: 'rules[0].targets[0]', origin: 'other.yaml:9' },
    ],
    warnings: [],
  });
});

test('warnings are told and are no faults', async () => {
  const { code, out } = await cli(['check-config'], { cwd: testDirectory(), env: { TOCSIN_PROT: '1' } });
  expect(code).toBe(0);
  expect(out).toMatch(/^Warnings:\n.*did you mean TOCSIN_PORT\? \(env TOCSIN_PROT\)\nok$/);
});

test('flags are checked as `serve` would', async () => {
  const { code, out } = await cli(['check-config', '--port', 'http'], { cwd: testDirectory() });
  expect(code).toBe(3);
  expect(out).toContain('(--port)');
});

test('a name in the file cannot steer the terminal', async () => {
  const yaml = '"\\e[2Jx": 1\n';
  const { code, out } = await cli(['check-config'], { cwd: testDirectory({ 'tocsin.yaml': yaml }) });
  expect(code).toBe(3);
  expect(out).not.toContain('\u001b');
});
