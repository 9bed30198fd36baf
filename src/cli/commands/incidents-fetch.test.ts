import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IncidentUpstream } from '../../../tests/support/incident-upstream.ts';
import { objectOf } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

let upstream: IncidentUpstream;
let cwd: string;
beforeEach(async () => {
  upstream = await IncidentUpstream.start();
  cwd = testDirectory();
});
afterEach(() => upstream.close());

const envOf = ({ url, user, password }: IncidentUpstream) => ({
  TOCSIN_INCIDENTS_URL: url,
  ELEVATE_API_USER: user,
  ELEVATE_API_PASSWORD: password,
  SIEM_KEY: 'a-key-for-tests',
});
const fetchNow = (...line: readonly string[]) =>
  cli(['incidents', 'fetch', ...line], { env: envOf(upstream), cwd });

interface Level {
  readonly count: number;
  readonly incidents: readonly { readonly type: string }[];
}
const incidentsOf = (text: string) =>
  Object.values(objectOf(text) as Readonly<Record<string, Readonly<Record<string, Level>>>>).flatMap(
    (levels) => Object.values(levels).flatMap(({ incidents }) => incidents),
  );

test('the environment alone is enough: every list is asked for once and the document printed', async () => {
  const { code, out, err } = await fetchNow();
  expect([code, err]).toEqual([0, '']);
  expect(incidentsOf(out)).toHaveLength(2_100);
  expect(upstream.requests.map(({ list }) => list).toSorted()).toEqual(
    ['identities', ...upstream.lists.keys()].toSorted(),
  );
});

test('--debug says of each list what became of it, and no secret', async () => {
  upstream.fail('misuse', { kind: 'answer', status: 404 });
  upstream.forgotten = 10;
  upstream.add('other', { identifier: 1, priority: 'huge', timestamp: 1 });
  const { code, out, err } = await fetchNow('--debug');
  expect(code).toBe(1);
  const lines = err.split('\n');
  expect(lines).toHaveLength(9);
  expect(lines[0]).toMatch(/^elevate\/identities +\d+ ms +200 +\d+ bytes +1 attempt +4990 +0 invalid$/);
  expect(lines[1]).toMatch(
    /^elevate\/denial +\d+ ms +200 +\d+ bytes +1 attempt +300 +0 unresolved +0 invalid$/,
  );
  expect(lines[4]).toMatch(
    /^elevate\/misuse +\d+ ms +404 +0 bytes +1 attempt +0 .*status_refused: status 404$/,
  );
  expect(lines[7]).toMatch(/1 invalid$/);
  expect(lines[8]).toMatch(/^total: 7 of 8 lists, 1800 incidents, \d+ unresolved, 1 invalid, \d+ ms$/);
  const unresolved = Number(/(\d+) unresolved/.exec(lines[8] ?? '')?.[1]);
  expect(unresolved).toBeGreaterThan(0);
  expect(incidentsOf(out)).toHaveLength(1_800 - unresolved);
  expect(err + out).not.toContain(upstream.password);
  expect(err).not.toContain(Buffer.from(`${upstream.user}:${upstream.password}`).toString('base64'));
});

test('without --debug what failed or was left out is told all the same', async () => {
  upstream.fail('misuse', { kind: 'answer', status: 404 });
  upstream.replace('denial', [{ reported_by: 'nobody', priority: 'low', timestamp: 1 }, { priority: 'x' }]);
  const { code, err } = await fetchNow();
  expect(code).toBe(1);
  expect(err.split('\n')).toEqual([
    'elevate/misuse was not had: status_refused: status 404',
    'left out: 1 incident; no employee is known',
    'left out: 1 record; invalid',
  ]);
});

test('nothing is printed in place of a document when no list was had', async () => {
  upstream.fail('*', { kind: 'answer', status: 500 });
  const { code, out, err } = await fetchNow();
  expect([code, out]).toEqual([1, '']);
  expect(err.split('\n')).toHaveLength(8);
});

test('records cannot command a terminal, and the document says the same', async () => {
  const note = '\u009b2J\u202e\u001b[2J';
  upstream.replace('misuse', [{ employee_id: 7, priority: 'low', timestamp: 1, note }]);
  const { out } = await fetchNow();
  // oxlint-disable-next-line no-control-regex
  expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(out)).toBe(false);
  expect(incidentsOf(out)).toContainEqual(expect.objectContaining({ type: 'misuse', note }));
});

const config = (feeds: string): void => writeFileSync(join(cwd, 'tocsin.yaml'), `feeds:\n${feeds}`);

test('--feed asks one feed, and of the one whose identities it needs only these', async () => {
  mkdirSync(join(cwd, 'files'));
  writeFileSync(
    join(cwd, 'files/a.ndjson'),
    '{"type":"probing","ip":"17.0.0.1","priority":"low","timestamp":5}\n',
  );
  upstream.identify('17.0.0.1', 42);
  config(
    `  - {id: soc, kind: file, path: ${join(cwd, 'files')}, identitiesOf: elevate}\n  - {id: siem, kind: push, scheme: sqreen, key: "\${SIEM_KEY}"}\n`,
  );
  const { code, out } = await fetchNow('--feed', 'soc');
  expect(code).toBe(0);
  expect(Object.keys(objectOf(out))).toEqual(['42']);
  expect(upstream.requests.map(({ list }) => list)).toEqual(['identities']);
  expect((await fetchNow('--feed', 'siem')).err).toContain('The feed siem is sent to');
  expect(await fetchNow('--feed', 'soc2')).toMatchObject({
    code: 1,
    err: 'There is no feed soc2. There are: elevate, soc, siem.',
  });
});

test('without a feed, and with a faulty config, it says what to set', async () => {
  const none = await cli(['incidents', 'fetch'], { cwd });
  expect([none.code, none.err]).toEqual([
    1,
    'No incident feed is configured. Set TOCSIN_INCIDENTS_URL, or `feeds` in tocsin.yaml.',
  ]);
  const { TOCSIN_INCIDENTS_URL: _, ...credentials } = envOf(upstream);
  const faulty = await cli(['incidents', 'fetch'], { cwd, env: credentials });
  expect(faulty.code).toBe(3);
  expect(faulty.err).toContain('set TOCSIN_INCIDENTS_URL');
  expect(faulty.err).not.toContain(upstream.password);
});
