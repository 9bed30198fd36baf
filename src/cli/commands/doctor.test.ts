import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase } from '../../../tests/support/postgres.ts';
import { dispose, newDirectory, type Service, startService } from '../../../tests/support/service.ts';
import { tlsFixture } from '../../../tests/support/tls-fixture.ts';
import { judgeRoom } from '../doctor/check-disk.ts';
import { judgeFiles, judgeMemory, judgeNode, judgeYear, judgeZone } from '../doctor/check-machine.ts';
import { judgeClock } from '../doctor/check-store.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { testMmdb } from '../../countries/test-mmdb.ts';
import { sampleNotification } from '../../sources/sqreen/sample-notification.ts';
import { testDirectory } from '../test-directory.ts';

afterAll(dispose);

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
const FREE_PORT = { TOCSIN_PORT: '0' };

const look = (cwd: string, env: Readonly<Record<string, string>> = FREE_PORT): Promise<readonly Finding[]> =>
  examine({
    cwd,
    env: { TOCSIN_DATA_DIR: join(cwd, 'data'), ...env },
    flags: {},
    configFile: 'tocsin.yaml',
    isFull: false,
    isOffline: false,
    now: () => Date.now(),
  });

const wrong = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ check, verdict, what }) => `${verdict} ${check}: ${what}`);

/** What the child knows itself by. */
const envOf = (service: Service): Readonly<Record<string, string>> => ({
  TOCSIN_PORT: new URL(service.url).port,
  TOCSIN_MASTER_KEY: 'a-master-key-for-tests',
  SIGNATURE_KEY: 'a-webhook-key-for-tests',
});

/** A stopped service's directory, with whatever its start made in the store. */
async function usedDirectory(env: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const service = await startService({ env });
  await service.stop();
  return service.directory;
}

test('nothing is wrong with a directory in which no service ever started, and nothing is made in it', async () => {
  const cwd = testDirectory();
  expect(wrong(await look(cwd))).toEqual([]);
  expect(readdirSync(cwd)).toEqual([]);
});

test('a running service is found, is not held up, and is left as it was', async () => {
  const service = await startService();
  const port = Number(new URL(service.url).port);
  const before = readdirSync(join(service.directory, 'data')).toSorted();
  const findings = await look(service.directory, envOf(service));
  expect(wrong(findings)).toEqual([]);
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'port', what: `Tocsin runs at 127.0.0.1:${port} and is ready` }),
  );
  expect(readdirSync(join(service.directory, 'data')).toSorted()).toEqual(before);
  expect((await service.webhook(JSON.stringify([sampleNotification(Date.now())]))).status).toBe(200);
});

test('what is still sealed under the key before is told of, and no key is shown', async () => {
  const directory = await usedDirectory({ SIGNATURE_KEY: undefined });
  const keys = {
    TOCSIN_MASTER_KEY: 'quite-another-master-key',
    TOCSIN_MASTER_KEY_PREVIOUS: 'a-master-key-for-tests',
  };
  const found = await look(directory, { ...FREE_PORT, ...keys });
  expect(wrong(found)).toEqual(['warn master key: 1 of 1 stored objects are sealed under the key before']);
  for (const key of Object.values(keys)) expect(JSON.stringify(found)).not.toContain(key);
});

test('targets that link to whole texts are told of while nothing says where their readers find the service', async () => {
  const cwd = testDirectory();
  const target = 'kind: slack\n    url: ${SLACK_URL}\n';
  writeFileSync(
    join(cwd, 'tocsin.yaml'),
    `targets:\n  - id: cutting\n    ${target}  - id: linking\n    ${target}    longText: link\n`,
  );
  const env = { ...FREE_PORT, SLACK_URL: 'http://127.0.0.1:1/x' };
  const told = async (more: Readonly<Record<string, string>>) =>
    (await look(cwd, { ...env, ...more })).filter(({ check }) => check === 'long texts');
  expect(await told({})).toMatchObject([
    { verdict: 'warn', what: expect.stringMatching(/^linking: http\.publicUrl is not set/) },
  ]);
  const publicUrl = { TOCSIN_PUBLIC_URL: 'https://tocsin.example' };
  expect(await told(publicUrl)).toMatchObject([{ verdict: 'ok' }]);
  expect(
    await told({ ...publicUrl, TOCSIN_MESSAGES_STORE: 'memory', TOCSIN_ROLES: 'deliver,collect' }),
  ).toMatchObject([{ verdict: 'warn', what: expect.stringContaining('nobody can read them') }]);
});

test('a database of countries that the service would not start with is told', async () => {
  const cwd = testDirectory();
  const told = async (more: Readonly<Record<string, string>>) =>
    (await look(cwd, { ...FREE_PORT, ...more })).filter(({ check }) => check === 'countries');
  const database = join(cwd, 'countries.mmdb');
  writeFileSync(database, 'nothing of the kind');
  expect(await told({ TOCSIN_GEO_DATABASE: database })).toMatchObject([
    { verdict: 'fail', what: expect.stringContaining('is not a MaxMind DB (.mmdb) file') },
  ]);
  writeFileSync(database, testMmdb({ ipVersion: 4, recordSize: 24, networks: [] }));
  expect(await told({ TOCSIN_GEO_DATABASE: database })).toMatchObject([
    { verdict: 'warn', what: expect.stringContaining('is it one of countries?') },
  ]);
  expect(await told({ TOCSIN_GEO_LOOKUP: 'false' })).toMatchObject([{ verdict: 'ok' }]);
});

test('a stopped one is too, and starts afterwards', async () => {
  const directory = await usedDirectory();
  const findings = await look(directory, { ...FREE_PORT, TOCSIN_MASTER_KEY: 'a-master-key-for-tests' });
  expect(wrong(findings)).toEqual([]);
  expect(findings.map(({ what }) => what).join('\n')).toMatch(/sound \(quick_check\)/);
  expect((await (await startService({ directory })).api('/readyz')).status).toBe(200);
});

test('a port that another program has is told from a free one and from our own', async () => {
  const { createServer } = await import('node:http');
  const other = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const found = wrong(await look(testDirectory(), { TOCSIN_PORT: port }));
  other.close();
  expect(found).toEqual([`fail port: another program answers at 127.0.0.1:${port} (http.port)`]);
});

test('every fault of the config is told, and what does not need it is looked at all the same', async () => {
  const findings = await look(testDirectory({ 'tocsin.yaml': 'http: {port: many}\nroles: [sleep]\n' }), {});
  expect(wrong(findings)).toHaveLength(2);
  expect(findings.some(({ check }) => check === 'node')).toBe(true);
});

test('another master key than the one that sealed is found out, and no key is shown', async () => {
  // Without a source of its own, the first start makes one in the store.
  const directory = await usedDirectory({ SIGNATURE_KEY: undefined });
  const found = await look(directory, { ...FREE_PORT, TOCSIN_MASTER_KEY: 'quite-another-master-key' });
  expect(wrong(found)).toEqual(['fail master key: it does not open 1 of 1 stored objects: source/try-it']);
  expect(JSON.stringify(found)).not.toContain('quite-another');
});

test('who else may read secrets or change the config is told, each with its cure', async () => {
  const directory = await usedDirectory({ TOCSIN_MASTER_KEY: undefined });
  writeFileSync(join(directory, 'tocsin.yaml'), '{}');
  writeFileSync(join(directory, '.env'), '');
  chmodSync(join(directory, 'data'), 0o755);
  chmodSync(join(directory, 'data', 'master.key'), 0o644);
  chmodSync(join(directory, 'tocsin.yaml'), 0o666);
  chmodSync(join(directory, '.env'), 0o640);
  const found = (await look(directory)).filter(({ check }) => check === 'permissions');
  expect(
    found.map(({ verdict, todo }) => `${verdict} ${String(todo).split(' ').slice(0, 2).join(' ')}`),
  ).toEqual(['warn chmod 700', 'fail chmod 600', 'fail chmod go-w', 'fail chmod 600']);
});

test('a damaged store, and one of a newer version, are told as such', async () => {
  const newer = await usedDirectory();
  const path = join(newer, 'data', 'tocsin.db');
  const { Database } = await import('../../storage/sqlite/database.ts');
  const database = new Database(path, [], { readOnly: false });
  database.exec("INSERT INTO schema_migrations VALUES (9999, 'later', 'x', 0)");
  database.close();
  expect(wrong(await look(newer)).join('\n')).toMatch(/fail store: it has schema 9999/);

  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([Buffer.from('no database at all'), bytes.subarray(18)]));
  expect(wrong(await look(newer)).join('\n')).toMatch(/fail store: .*not a database/);
});

test('a certificate that ends soon, has ended, or is for another name is told', async () => {
  const { X509Certificate } = await import('node:crypto');
  const { checkTls } = await import('../doctor/check-tls.ts');
  const { load } = await import('../../app/load.ts');
  const of = (publicUrl: string) => {
    const env = {
      TOCSIN_TLS_CERT: tlsFixture.certFile,
      TOCSIN_TLS_KEY: tlsFixture.keyFile,
      TOCSIN_PUBLIC_URL: publicUrl,
    };
    const loaded = load({ env, cwd: testDirectory(), flags: {} });
    if (loaded.kind !== 'ok') throw new TypeError('the config has faults');
    return loaded.config;
  };
  const ends = Date.parse(new X509Certificate(tlsFixture.cert).validTo);
  const verdicts = (config: ReturnType<typeof of>, now: number) =>
    checkTls(config, now).map(({ verdict }) => verdict);
  expect(verdicts(of('https://localhost'), ends - 100 * 86_400_000)).toEqual(['ok']);
  expect(verdicts(of('https://localhost'), ends - 3 * 86_400_000)).toEqual(['warn']);
  expect(verdicts(of('https://localhost'), ends + 3 * 86_400_000)).toEqual(['fail']);
  expect(verdicts(of('https://tocsin.example'), ends - 100 * 86_400_000)).toEqual(['warn']);
});

test('a target that cannot be reached fails by its host, and nothing of its URL is shown', async () => {
  const yaml = "targets:\n  - {id: hook, kind: http, url: 'https://127.0.0.1:1/a-secret-path?k=v'}\n";
  const findings = await look(testDirectory({ 'tocsin.yaml': `${yaml}egress: {allow: ['127.0.0.1']}\n` }));
  expect(wrong(findings)).toEqual(['fail target hook: 127.0.0.1:1 refuses the connection (ECONNREFUSED)']);
  expect(JSON.stringify(findings)).not.toContain('secret-path');
});

test('a role that nobody takes is a fault where there is one process', async () => {
  const found = wrong(await look(testDirectory(), { ...FREE_PORT, TOCSIN_ROLES: 'api' }));
  expect(found).toEqual([
    'fail roles: nobody sends: deliveries wait',
    expect.stringMatching(/^fail roles: nobody tidies up/),
  ]);
});

test('the command exits with 1 when something failed, and says the same as JSON', async () => {
  const cwd = newDirectory();
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [MAIN, 'doctor', '--port', '0', ...args], {
      cwd,
      env: { PATH: '' },
    });
  expect((await run()).stdout).toMatch(/^ok {4}config: [^]*\n0 failed, 0 warnings, \d+ ok\n$/);
  writeFileSync(join(cwd, 'tocsin.yaml'), 'roles: [api]\n');
  const failed = await run('--json', '--offline').catch((error: { code: number; stdout: string }) => error);
  expect('code' in failed && failed.code).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({ ok: false, findings: expect.any(Array) });
});

describe('what is judged', () => {
  const verdict = (one: Finding | undefined) => one?.verdict;
  test('Node.js, files, memory, zone and year', () => {
    expect(['20.18.9', '20.19.0', '24.0.0'].map((one) => verdict(judgeNode(one)))).toEqual([
      'fail',
      'ok',
      'ok',
    ]);
    expect([100, 1_024, 65_536].map((one) => verdict(judgeFiles(one)[0]))).toEqual(['fail', 'warn', 'ok']);
    expect(judgeFiles(undefined)).toEqual([]);
    expect(verdict(judgeMemory(2 ** 32, 2 ** 31))).toBe('warn');
    expect(verdict(judgeMemory(2 ** 30, 2 ** 31))).toBe('ok');
    expect(verdict(judgeMemory(2 ** 30, 2 ** 27))).toBe('warn');
    expect(verdict(judgeMemory(2 ** 30, 2 ** 63))).toBe('ok');
    expect(verdict(judgeZone('Mars/Base', 'UTC'))).toBe('warn');
    expect(verdict(judgeZone('Europe/Paris', 'Europe/Paris'))).toBe('ok');
    expect(verdict(judgeYear(0))).toBe('fail');
  });
  test('room on a disk, in bytes and in files', () => {
    const GiB = 2 ** 30;
    const room = { free: 50 * GiB, total: 100 * GiB, files: 1_000, freeFiles: 900 };
    expect(verdict(judgeRoom('data', room))).toBe('ok');
    expect(verdict(judgeRoom('data', { ...room, free: GiB / 2 }))).toBe('warn');
    expect(verdict(judgeRoom('data', { ...room, free: GiB / 20 }))).toBe('fail');
    expect(verdict(judgeRoom('data', { ...room, freeFiles: 3 }))).toBe('warn');
    expect(verdict(judgeRoom('data', { ...room, files: 0, freeFiles: 0 }))).toBe('ok');
  });
  test('clocks that are apart, either way', () => {
    expect([0, 5_000, -5_000, 3_600_000].map((ms) => verdict(judgeClock('its', ms)))).toEqual([
      'ok',
      'warn',
      'warn',
      'fail',
    ]);
  });
});

await describeWith('postgres', 'with PostgreSQL', () => {
  test('a database that nobody migrated, and one that is not there, are told; its password is not', async () => {
    const { url, drop } = await createDatabase();
    const env = { ...FREE_PORT, TOCSIN_MASTER_KEY: 'a-master-key-for-tests' };
    const empty = await look(testDirectory(), { ...env, DATABASE_URL: url });
    expect(wrong(empty)).toEqual(['warn store: it is empty']);
    expect(empty.map(({ what }) => what).join('\n')).toMatch(/PostgreSQL \S+.*, takes writes/);
    const service = await startService({ env: { DATABASE_URL: url } });
    expect(wrong(await look(service.directory, { ...envOf(service), DATABASE_URL: url }))).toEqual([]);
    await service.stop();
    await drop();
    const gone = await look(testDirectory(), {
      ...env,
      DATABASE_URL: 'postgres://someone:a-password@127.0.0.1:1/none',
    });
    expect(wrong(gone).join('\n')).toMatch(/fail store: cannot reach PostgreSQL/);
    expect(JSON.stringify(gone)).not.toContain('a-password');
  });
});
