import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at, listAt, textAt } from '../../../tests/support/ask.ts';
import { type RouteServer, serveRoutes } from '../../../tests/support/route-server.ts';
import { hostileValues } from '../../../tests/journeys/hostile-input.ts';
import { listAudit } from '../../access/audit.ts';
import type { Logger } from '../../kernel/log.ts';
import { CompiledQuery } from 'kysely';
import { StoreUnavailable } from '../../storage/store.ts';
import type { FindingChange } from '../findings/finding.ts';
import { ScanEnds } from '../findings/scan-ends.ts';
import { TestBench } from '../findings/test-bench.ts';
import { testCheck } from '../findings/test-checks.ts';
import {
  ACCOUNT,
  failure,
  idOf,
  opened,
  outcomeOf,
  resolved,
  runningScan,
} from '../findings/test-findings.ts';
import { findingRoutes, type FindingRoutesOptions } from './findings-routes.ts';

const checks = [
  testCheck('s3.versioning', {
    controls: [
      { framework: 'cis-aws', version: '6.0', control: '3.1' },
      { framework: 'aws-fsbp', version: '2026-03', control: 'S3.14' },
    ],
  }),
  testCheck('s3.website', { controls: [{ framework: 'cis-aws', version: '6.0', control: '3.2' }] }),
];

let bench: TestBench;
let server: RouteServer;
let options: FindingRoutesOptions;
let isAway = false;
const logged: string[] = [];
const note = (_fields: object, message: string) => void logged.push(message);
const log: Logger = { debug() {}, info() {}, warn: note, error: note };

/** What is asked of the store rejects while it is away. */
const guarded = <T extends object>(target: T): T =>
  new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...asked: unknown[]): unknown => {
        if (isAway) return Promise.reject(new StoreUnavailable('away'));
        return Reflect.apply(value, target, asked);
      };
    },
  });

beforeAll(async () => {
  bench = await TestBench.open();
  const { clock, journal } = bench;
  options = {
    reader: guarded(bench.reader),
    scans: guarded(bench.scans),
    journal,
    checks,
    publicUrl: () => 'https://tocsin.example.com',
    clock,
    log,
  };
  server = await serveRoutes(findingRoutes(options), { clock, log });
});
beforeEach(async () => {
  isAway = false;
  logged.length = 0;
  const tables = ['aws_findings', 'aws_scans', 'aws_filled', 'audit'];
  await bench.store.transact(tables.map((table) => CompiledQuery.raw(`DELETE FROM ${table}`)));
});
afterAll(async () => {
  await server.close();
  await bench.close();
});

async function scan(changes: readonly FindingChange[], outcome = outcomeOf()): Promise<void> {
  const running = await runningScan(bench.store, { requestedAt: bench.clock.now() });
  const recorded = await bench.writer.write(running, [changes]);
  if (recorded === undefined) throw new TypeError('the scan of the test was lost');
  await new ScanEnds({ ...bench, ingest: bench.ingest }).done(running, outcome, recorded);
}
const namesOf = (json: unknown) => listAt(json, 'items').map((item) => at(item, 'resource', 'name'));
const post = (path: string, body?: object) =>
  server.operator(path, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });

describe('the list of findings', () => {
  test('is the most severe first, in pages that follow each other', async () => {
    await scan([
      opened(failure('low', { severity: 'low' })),
      opened(failure('top', { severity: 'critical' })),
      opened(failure('mid')),
    ]);
    const first = await server.operator('/api/v1/findings?limit=2');
    expect(namesOf(first.json)).toEqual(['top', 'mid']);
    const cursor = textAt(first.json, 'nextCursor');
    const second = await server.operator(`/api/v1/findings?limit=2&cursor=${cursor}`);
    expect([namesOf(second.json), at(second.json, 'nextCursor')]).toEqual([['low'], null]);
  });

  test.each([
    [`accountId=${ACCOUNT}&severity=high`, ['site']],
    ['check=s3.website', ['site']],
    ['severityMin=high', ['site']],
    ['state=resolved', ['mended']],
    ['muted=true', []],
    ['framework=aws-fsbp', ['a', 'mended']],
    ['framework=cis-aws&control=3.2', ['site']],
    ['framework=cis-aws&version=5.0', []],
    ['framework=aws-fsbp&check=s3.website', []],
    ['text=SITE', ['site']],
    ['resource=arn:aws:s3:::a', ['a']],
    ['service=ecs', []],
  ])('with %s holds what fits it and nothing else', async (query, names) => {
    await scan([
      opened(failure('a')),
      opened(failure('site', { checkId: 's3.website', severity: 'high' })),
      opened(failure('mended', { severity: 'low' })),
    ]);
    await scan([resolved(idOf('mended'))]);
    const { status, json } = await server.operator(`/api/v1/findings?${query}`);
    expect([status, namesOf(json)]).toEqual([200, names]);
  });
});

test('one finding is told with its evidence and its check', async () => {
  await scan([opened(failure('a'))]);
  const { json } = await server.operator(`/api/v1/findings/${idOf('a')}`);
  expect(json).toMatchObject({
    id: idOf('a'),
    accountId: ACCOUNT,
    check: 's3.versioning',
    title: 'Buckets have s3.versioning',
    state: 'open',
    muted: false,
    mute: null,
    evidence: { versioning: 'Never' },
    checkFacts: {
      id: 's3.versioning',
      actions: ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListAllMyBuckets'],
    },
    resolvedAt: null,
  });
  expect((await server.operator(`/api/v1/findings/${idOf('b')}`)).status).toBe(404);
  expect((await server.operator('/api/v1/findings/fnd_1')).status).toBe(404);
});

describe('a mute', () => {
  test('is told with its reason and its end, taken back, and both are in the audit log', async () => {
    await scan([opened(failure('a'))]);
    const until = '2027-01-01T00:00:00.000Z';
    const muted = await post(`/api/v1/findings/${idOf('a')}/mute`, { until, why: ' known\n to us ' });
    expect([muted.status, muted.json]).toMatchObject([
      200,
      { muted: true, mute: { until, why: 'known  to us' } },
    ]);
    expect(namesOf((await server.operator('/api/v1/findings?muted=true')).json)).toEqual(['a']);
    const unmuted = await post(`/api/v1/findings/${idOf('a')}/unmute`);
    expect([unmuted.status, at(unmuted.json, 'mute')]).toEqual([200, null]);
    await post(`/api/v1/findings/${idOf('a')}/unmute`);
    const audit = await listAudit(bench.store, {}, 10);
    expect(audit.map(({ action, subject }) => [action, subject])).toEqual([
      ['finding.unmute', idOf('a')],
      ['finding.mute', idOf('a')],
    ]);
    expect(audit[1]).toMatchObject({ before: null, after: { why: 'known  to us', until } });
  });

  test.each([
    ['without a reason', {}, 400],
    ['with one that cannot be read', { why: '\u202e ' }, 400],
    ['until a time that is over', { why: 'x', until: '2020-01-01T00:00:00Z' }, 400],
    ['until a time that is none', { why: 'x', until: '2027-13-41T00:00:00Z' }, 400],
    ['until a time beyond the calendar', { why: 'x', until: '9999-12-31T23:59:59-23:59' }, 400],
    ['with more than it has', { why: 'x', for: 'ever' }, 400],
  ])('%s is refused', async (_name, body, status) => {
    await scan([opened(failure('a'))]);
    expect((await post(`/api/v1/findings/${idOf('a')}/mute`, body)).status).toBe(status);
    expect(await listAudit(bench.store, {}, 10)).toEqual([]);
  });

  test('of a finding that is not there is 404', async () => {
    expect((await post(`/api/v1/findings/${idOf('x')}/mute`, { why: 'x' })).status).toBe(404);
    expect((await post(`/api/v1/findings/${idOf('x')}/unmute`)).status).toBe(404);
  });
});

test('findings are counted by what they are of, muted ones beside the open', async () => {
  await scan([
    opened(failure('a')),
    opened(failure('b')),
    opened(failure('c', { severity: 'critical' })),
    opened(failure('d', { checkId: 's3.website' })),
  ]);
  await scan([resolved(idOf('b'))]);
  await post(`/api/v1/findings/${idOf('a')}/mute`, { why: 'known' });
  const { json } = await server.operator('/api/v1/findings/counts');
  const all = {
    open: { informational: 0, low: 0, medium: 1, high: 0, critical: 1 },
    muted: 1,
    resolved: 1,
  };
  expect(json).toMatchObject({
    ...all,
    services: [{ service: 's3', ...all }],
    accounts: [{ accountId: ACCOUNT, ...all }],
    checks: [{ check: 's3.versioning' }, { check: 's3.website', muted: 0, resolved: 0 }],
  });
  const other = await server.operator('/api/v1/findings/counts?accountId=210987654321');
  expect(other.json).toMatchObject({ muted: 0, services: [] });
});

test('a framework’s controls stand as their checks do', async () => {
  const counts = { PASS: 1, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0 };
  await scan(
    [opened(failure('a'))],
    outcomeOf({ checks: { 's3.versioning': { ...counts, FAIL: 1 }, 's3.website': counts } }),
  );
  const list = await server.operator('/api/v1/findings/frameworks');
  expect(listAt(list.json, 'items')).toMatchObject([
    { framework: 'aws-fsbp', version: '2026-03', statuses: { fail: 1, pass: 0 } },
    { framework: 'cis-aws', version: '6.0', statuses: { fail: 1, unknown: 0, pass: 1, not_applicable: 0 } },
  ]);
  const one = await server.operator('/api/v1/findings/frameworks/cis-aws/6.0');
  expect(listAt(one.json, 'controls')).toMatchObject([
    { control: '3.1', status: 'fail', checks: ['s3.versioning'], resources: { fail: 1, pass: 1 } },
    { control: '3.2', status: 'pass' },
  ]);
  expect((await server.operator('/api/v1/findings/frameworks/cis-aws/1.0')).status).toBe(404);
});

test('over time there is a point for each done scan', async () => {
  await scan([opened(failure('a'))]);
  const { json } = await server.operator('/api/v1/findings/history');
  expect(listAt(json, 'points')).toMatchObject([
    {
      accountId: ACCOUNT,
      open: { medium: 1 },
      opened: 1,
      results: { PASS: 3 },
      figures: { buckets: 4, bucketBytes: null },
    },
  ]);
  const early = await server.operator(
    '/api/v1/findings/history?since=0000-01-01T00:00:00%2B23:59&until=2020-01-01T00:00:00Z',
  );
  expect([early.status, at(early.json, 'points')]).toEqual([200, []]);
  const turned = await server.operator(
    '/api/v1/findings/history?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z',
  );
  expect(turned.status).toBe(400);
});

test('checks are listed, and told one by one', async () => {
  const { json } = await server.operator('/api/v1/checks');
  expect(listAt(json, 'items').map((item) => at(item, 'id'))).toEqual(['s3.versioning', 's3.website']);
  const one = await server.operator('/api/v1/checks/s3.website');
  expect(one.json).toMatchObject({ id: 's3.website', fix: { cli: 'aws s3api put <BUCKET>' } });
  expect((await server.operator('/api/v1/checks/s3.none')).status).toBe(404);
});

describe('an export', () => {
  test('is a file of all that fits a filter, as OCSF or as a table', async () => {
    await scan(Array.from({ length: 250 }, (_, n) => opened(failure(`b${n}`))));
    const ocsf = await server.operator('/api/v1/findings/export');
    expect(ocsf.text.trimEnd().split('\n')).toHaveLength(250);
    expect(ocsf.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="tocsin-findings.ocsf.ndjson"',
    });
    const csv = await server.operator('/api/v1/findings/export?format=csv&text=b249');
    expect(csv.text.split('\r\n')).toHaveLength(3);
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
  });

  test('that the store fails in the middle is cut, so that nobody takes half for the whole', async () => {
    await scan(Array.from({ length: 250 }, (_, n) => opened(failure(`b${n}`))));
    const find = bench.reader.find.bind(bench.reader);
    bench.reader.find = async (...asked) => {
      const page = await find(...asked);
      isAway = true;
      return page;
    };
    try {
      const ended = server.operator('/api/v1/findings/export');
      await expect(ended).rejects.toThrow(/aborted|hang up|ECONNRESET/);
      expect(logged).toContain('an export of findings was cut');
    } finally {
      bench.reader.find = find;
    }
  });
});

const stored = [
  '/api/v1/findings',
  `/api/v1/findings/${idOf('a')}`,
  '/api/v1/findings/counts',
  '/api/v1/findings/export',
  '/api/v1/findings/frameworks',
  '/api/v1/findings/frameworks/cis-aws/6.0',
  '/api/v1/findings/history',
];

test.each([...stored, '/api/v1/checks', '/api/v1/checks/s3.website'])(
  '%s is an operator’s alone, and HEAD goes as GET does',
  async (path) => {
    await scan([opened(failure('a'))]);
    expect((await server.ask({ path })).status).toBe(401);
    const got = await server.operator(path);
    const head = await server.operator(path, { method: 'HEAD' });
    expect([got.status, head.status, head.text]).toEqual([200, 200, '']);
  },
);

test.each(stored)('%s says when the store is away, and when to come again', async (path) => {
  isAway = true;
  const { status, json, headers } = await server.operator(path);
  expect([status, at(json, 'code')]).toEqual([503, 'store_unavailable']);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
});

test('to mute says when the store is away', async () => {
  isAway = true;
  expect((await post(`/api/v1/findings/${idOf('a')}/mute`, { why: 'x' })).status).toBe(503);
  expect((await post(`/api/v1/findings/${idOf('a')}/unmute`)).status).toBe(503);
});

test('no value of any parameter is too much for its route', async () => {
  for (const route of findingRoutes(options).filter(({ method }) => method === 'GET')) {
    const path = route.path.replace(/\{\w+\}/g, '7');
    for (const name of Object.keys(route.query?.properties ?? {})) {
      for (const value of [...hostileValues, 'a%00b']) {
        const { status } = await server.operator(`${path}?${name}=${value}`);
        expect(status, `${path}?${name}=${value}`).toBeLessThan(500);
      }
    }
    for (const value of hostileValues.filter((one) => one !== '')) {
      const { status } = await server.operator(route.path.replace(/\{\w+\}/g, value));
      expect(status, `${route.path} ${value}`).toBeLessThan(500);
    }
  }
});
