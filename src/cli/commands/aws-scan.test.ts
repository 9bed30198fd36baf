import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { HttpReceiver } from '../../../tests/support/http-receiver.ts';
import type { ScanDetails } from '../aws-wire.ts';
import { answered, type Answered, bodyOf, objectOf, refused, TEST_TOKEN, testApi } from '../test-api.ts';
import { aScan, progress, SCAN, tally } from '../test-aws.ts';
import { cli, type Surrounded } from '../test-cli.ts';

const running = (phase: 'reading' | 'judging', done: number): ScanDetails =>
  aScan({ state: 'running', endedAt: null, tally: null, progress: { ...progress, phase, done } });

const streamOf = (...scans: readonly ScanDetails[]): Answered => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: scans
    .map((scan) => `${scan.endedAt === null ? '' : 'event: over\n'}data: ${JSON.stringify(scan)}\n\n`)
    .join(''),
});

/** A service that makes this of a scan; `streams`: what each connection tells, the last one again and again. */
async function service(
  end: ScanDetails,
  streams: readonly Answered[] = [streamOf(running('reading', 5), end)],
) {
  let opened = 0;
  return testApi(({ method, path }) => {
    if (method === 'POST') return answered(aScan({ state: 'requested', endedAt: null, tally: null }), 202);
    if (path.endsWith('/progress'))
      return streams[Math.min(opened++, streams.length - 1)] ?? answered({}, 404);
    return answered(end);
  });
}

const run = (line: string, env: Surrounded['env'], more: Surrounded = {}) =>
  cli(['aws', 'scan', ...line.split(' ').filter((word) => word !== '')], { ...more, ...(env && { env }) });

test('a scan is asked for, followed to its end, and told with what it could not read', async () => {
  const api = await service(aScan());
  const { code, out, err } = await run('--account prod --region eu-west-1,us-west-2', api.env);
  expect(code).toBe(0);
  expect(bodyOf(api.requests[0])).toEqual({ account: 'prod', regions: ['eu-west-1', 'us-west-2'] });
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /api/v1/scans',
    `GET /api/v1/scans/${SCAN}/progress`,
    `GET /api/v1/scans/${SCAN}`,
  ]);
  expect(err).toBe('reading: 5 of 68 steps, 157 calls, 4 opened, 2 resolved');
  for (const told of [
    /^prod \(314159265358\) {2}scn_/,
    /State +done after 6.3 s/,
    /Open +1 high, 3 medium; 1 muted/,
    /Since before +4 opened, 1 worse, 2 resolved/,
    /Results +1 checks: 7 pass, 0 fail, 2 unknown/,
    /Coverage +147 reads by 157 calls: 2 denied/,
    /Left out +us-east-1/,
    /denied +s3:GetBucketAcl +us-west-2 +AccessDenied +2 times/,
  ])
    expect(out).toMatch(told);
});

test.each([
  ['high', 4],
  ['medium', 4],
  ['critical', 0],
])('--fail-on %s ends with %i where one is high, whatever is muted', async (severity, expected) => {
  const api = await service(aScan());
  const { code, err } = await run(`--fail-on ${severity}`, api.env);
  expect(code).toBe(expected);
  expect(err.includes('or worse.')).toBe(expected === 4);
});

test('--fail-on lets pass what is less severe, and an account without findings', async () => {
  const api = await service(aScan({ tally: tally({}) }));
  expect((await run('--fail-on informational', api.env)).code).toBe(0);
});

test('whoever asks whether all is well hears what was not judged, and can be failed for it', async () => {
  const api = await service(aScan());
  const told = await run('--fail-on critical', api.env);
  expect([told.code, told.err]).toEqual([0, expect.stringContaining('2 reads failed')]);
  expect((await run('--fail-on-unread', api.env)).code).toBe(4);
  expect((await run('', api.env)).err).not.toContain('reads failed');
  const { coverage } = aScan();
  const whole = await service(aScan({ coverage: coverage && { ...coverage, denied: 0, failures: [] } }));
  expect((await run('--fail-on critical --fail-on-unread', whole.env)).code).toBe(0);
});

test.each(['failed', 'cancelled', 'abandoned'] as const)(
  'a scan that is %s ends with 1, also with --fail-on, and says why',
  async (state) => {
    const api = await service(aScan({ state, tally: null, coverage: null, detail: 'no \u001b[31mkeys' }));
    const { code, out, err } = await run('--fail-on low', api.env);
    expect(code).toBe(1);
    expect(err).toContain(`The scan was not made to its end (${state}): no \\u001b[31mkeys`);
    expect(out).not.toContain('\u001b');
  },
);

test('a connection that breaks is made again, and the scan goes on being told', async () => {
  const api = await service(aScan(), [
    streamOf(running('reading', 5)),
    answered('bad gateway', 502),
    streamOf(running('judging', 9), aScan()),
  ]);
  const { code, err } = await run('', api.env, { pauses: 9 });
  expect([code, err.split('\n').map((line) => line.split(':')[0])]).toEqual([0, ['reading', 'judging']]);
});

test('whoever waits for a service that is gone hears that the scan goes on', async () => {
  const api = await service(aScan(), [answered('bad gateway', 502)]);
  let pauses = 0;
  const { code, err } = await run('', api.env, { pauses: 1_000, onPause: () => (pauses += 1) });
  expect([code, pauses]).toEqual([1, 15]);
  expect(err).toContain('The service answers 502.');
  expect(err).toContain(
    `The scan goes on: tocsin aws scans ${SCAN} tells of it, tocsin aws cancel ${SCAN} ends it.`,
  );
});

test('Ctrl-C says that the scan goes on, and does not end it', async () => {
  const api = await service(aScan());
  const { err } = await run('', api.env, { interrupt: (press) => press() });
  expect(err).toContain(`The scan goes on: tocsin aws scans ${SCAN}`);
  expect(api.requests.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
});

test('a terminal has one line that is written over, and taken away in the end', async () => {
  const api = await service(aScan(), [streamOf(running('reading', 34), running('judging', 68), aScan())]);
  const { err, status } = await run('', api.env, { hasStatus: true });
  expect(err).toBe('');
  expect(status).toEqual([
    'reading    [##########----------] 34 of 68 steps, 157 calls, 4 opened, 2 resolved',
    'judging    [####################] 68 of 68 steps, 157 calls, 4 opened, 2 resolved',
    '',
  ]);
});

test('--no-wait only asks', async () => {
  const api = await service(aScan());
  const { code, out, err } = await run('--no-wait', api.env);
  expect([code, out]).toEqual([0, SCAN]);
  expect(err).toContain(`tocsin aws scans ${SCAN}`);
  expect(bodyOf(api.requests[0])).toEqual({});
  expect(api.requests).toHaveLength(1);
});

test('--json is the whole report, or with --no-wait what was asked for', async () => {
  const api = await service(aScan());
  expect(objectOf((await run('--json', api.env)).out)).toEqual(aScan());
  expect(objectOf((await run('--json --no-wait', api.env)).out)).toMatchObject({
    id: SCAN,
    state: 'requested',
  });
});

test('one that is under way is told in the words of the service', async () => {
  const api = await testApi(() =>
    refused(409, 'conflict', 'A scan of this account is under way or waiting.'),
  );
  expect(await run('', api.env)).toMatchObject({
    code: 1,
    err: 'A scan of this account is under way or waiting.',
  });
});

test('a stream that tells of no scan is not waited for', async () => {
  const foreign = { ...streamOf(), body: 'data: {"id":1}\n\n' };
  const api = await service(aScan(), [foreign]);
  expect((await run('', api.env, { pauses: 9 })).err).toContain('tells of something that is no scan');
});

test.each([
  ['--region', ['--region', '']],
  ['--region: everywhere is no region', ['--region', 'everywhere']],
  ['--fail-on waits', ['--no-wait', '--fail-on', 'high']],
])('refuses %s before anything is asked', async (told, words) => {
  const api = await service(aScan());
  const { code, err } = await cli(['aws', 'scan', ...words], { env: api.env });
  expect([code, api.requests.length]).toEqual([2, 0]);
  expect(err).toContain(told);
});

test('a process that Ctrl-C ends says that the scan goes on, and ends by the signal', async () => {
  const receiver = await HttpReceiver.start();
  receiver.answer = (response, { method }) => {
    const isAsked = method === 'POST';
    response.writeHead(isAsked ? 202 : 200, {
      'content-type': isAsked ? 'application/json' : 'text/event-stream',
    });
    const scan = JSON.stringify(running('reading', 5));
    // The stream stays open.
    if (isAsked) response.end(scan);
    else response.write(`data: ${scan}\n\n`);
  };
  const main = fileURLToPath(new URL('../../main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'aws', 'scan'], {
    env: { TOCSIN_URL: receiver.url(''), TOCSIN_TOKEN: TEST_TOKEN },
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!err.includes('reading:') && (err + text).includes('reading:')) child.kill('SIGINT');
    err += text;
  });
  const [code, signal]: unknown[] = await once(child, 'close');
  await receiver.close();
  expect([code, signal]).toEqual([null, 'SIGINT']);
  expect(err).toContain(`The scan goes on: tocsin aws scans ${SCAN}`);
  expect(receiver.requests.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
});
