import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver, type ReceivedRequest } from '../../../tests/support/http-receiver.ts';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { hostileEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { sha256, sha256Hex } from '../../kernel/secret.ts';
import { signAws } from '../aws-sign.ts';
import type { TargetContext } from '../target.ts';
import { targetContract } from './contract.ts';
import { s3 } from './s3.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 's3cret/access+key',
  sessionToken: 't0ken-of-session',
};
const settings = { bucket: 'events', ...credentials };
const linesOf = (request: ReceivedRequest | undefined): string[] => {
  if (request === undefined) return [];
  const isGzip = request.headers['content-encoding'] === 'gzip';
  const text = (isGzip ? gunzipSync(request.bytes) : request.bytes).toString('utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
};

targetContract('s3', {
  modes: ['fail', 'hang', 'reset'],
  failReason: 'http_status',
  hasIds: true,
  previewed: ({ raw }) => `${raw}\n`,
  start: () =>
    httpStage({
      open: (receiver) => openKind(s3, { ...settings, endpoint: receiver.url('') }, { concurrency: 1 }),
      secrets: [credentials.secretAccessKey, credentials.sessionToken],
      read: (request) => {
        const [line = '', ...more] = linesOf(request);
        expect(more).toEqual([]);
        const { data } = JSON.parse(line);
        const text = data.internalAlert ? `[INTERNAL SECURITY ALERT] ${data.title}` : data.title;
        return { id: /(dlv_[^/]+)-[0-9a-f]{12}\.ndjson/.exec(request.path)?.[1], text, raw: line };
      },
      refuse: (quote) => ({ status: 403, body: quote }),
    }),
  expectHarmless: ({ raw }, { title }) => {
    expect(JSON.parse(raw).data.title).toBe(title);
    expect(raw).not.toMatch(/[\r\n]/);
  },
});

describe('s3', () => {
  let receiver: HttpReceiver;
  const opened: OpenedKind[] = [];
  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await receiver.close();
  });
  const open = (more: object = {}, context: Partial<TargetContext> = {}) => {
    const input = { ...settings, endpoint: receiver.url(''), ...more };
    const one = openKind(s3, JSON.parse(JSON.stringify(input)), { concurrency: 1, ...context });
    opened.push(one);
    return (job = sampleJob()) => one.target.send(job, new AbortController().signal);
  };

  it('signs what it puts, with checksums of the very bytes', async () => {
    const now = Date.UTC(2026, 0, 31, 23, 59, 59);
    const send = open({}, { clock: new ManualClock(undefined, now) });
    const job = sampleJob();
    expect(await send(job)).toMatchObject({ kind: 'delivered', status: 200 });
    const [request] = receiver.requests;
    if (request === undefined) throw new Error('nothing came');
    const { method, path, headers, bytes } = request;
    expect(method).toBe('PUT');
    expect(path).toMatch(
      new RegExp(`^/events/tocsin/2026/01/31/23/${job.deliveryId}-[0-9a-f]{12}\\.ndjson\\.gz$`),
    );
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': String(bytes.length),
      'x-amz-content-sha256': sha256Hex(bytes),
      'x-amz-checksum-sha256': sha256(bytes).toString('base64'),
      'x-amz-date': '20260131T235959Z',
      'x-amz-security-token': credentials.sessionToken,
    });
    const signedNames = /SignedHeaders=([^,]*),/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
    expect(signedNames).toEqual(
      expect.arrayContaining([
        'host',
        'x-amz-checksum-sha256',
        'x-amz-content-sha256',
        'x-amz-security-token',
      ]),
    );
    const names = signedNames.filter(
      (name) => !['host', 'x-amz-date', 'x-amz-security-token'].includes(name),
    );
    const again = await signAws(
      {
        service: 's3',
        region: 'us-east-1',
        method: 'PUT',
        url: receiver.url(path),
        headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
        body: bytes,
      },
      credentials,
      now,
    );
    expect(headers['authorization']).toBe(again['authorization']);
  });

  it('writes deliveries of the same moment into one object, each a line, and only then calls them delivered', async () => {
    let answer = (): void => {};
    receiver.answer = (response) => void (answer = () => void response.writeHead(200).end());
    const send = open({ compress: false }, { concurrency: 3 });
    const jobs = [
      sampleJob(),
      sampleJob(hostileEvent()),
      sampleJob(sampleEvent({ payload: '{\n "a":\r\n1}' })),
    ];
    let settled = 0;
    const sent = jobs.map((job) => send(job).finally(() => (settled += 1)));
    await receiver.received(1);
    expect(settled).toBe(0);
    answer();
    for (const outcome of await Promise.all(sent)) expect(outcome).toMatchObject({ kind: 'delivered' });
    expect(receiver.requests).toHaveLength(1);
    const ids = linesOf(receiver.requests[0]).map((line) => JSON.parse(line).id);
    expect(ids).toEqual(jobs.map(({ event }) => event.id));
  });

  it('gives the same records the same key, and other records another', async () => {
    const send = open({}, { concurrency: 2 });
    const [first, second, third] = [sampleJob(), sampleJob(), sampleJob()];
    await Promise.all([send(first), send(second)]);
    await Promise.all([send(first), send(second)]);
    await Promise.all([send(first), send(third)]);
    const [one, again, other] = receiver.requests.map(({ path }) => path);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
    expect(other).toContain(first.deliveryId);
  });

  it.each([
    [{ prefix: '' }, /^\/events\/20\d\d\//],
    [{ prefix: 'a/year=x/b.c' }, /^\/events\/a\/year%3Dx\/b\.c\/20\d\d\//],
    [{ compress: false }, /\.ndjson$/],
  ])('makes of %j the key %s', async (more, key) => {
    expect(await open(more)()).toMatchObject({ kind: 'delivered' });
    expect(receiver.requests[0]?.path).toMatch(key);
  });

  it('asks for encryption and for the owner it expects', async () => {
    await open({ encryption: 'aws:kms', kmsKeyId: 'alias/events', bucketOwner: '123456789012' })();
    expect(receiver.requests[0]?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/events',
      'x-amz-expected-bucket-owner': '123456789012',
    });
  });

  it.each([
    [{ endpoint: undefined }, 'https://events.s3.us-east-1.amazonaws.com/tocsin/'],
    [{ endpoint: undefined, region: 'cn-north-1' }, 'https://events.s3.cn-north-1.amazonaws.com.cn/tocsin/'],
    [{ endpoint: undefined, bucket: 'a.b' }, 'https://s3.us-east-1.amazonaws.com/a.b/tocsin/'],
    [{ endpoint: undefined, pathStyle: true }, 'https://s3.us-east-1.amazonaws.com/events/tocsin/'],
    [{ endpoint: 'https://minio:9000/' }, 'https://minio:9000/events/tocsin/'],
    [{ endpoint: 'https://store.example', pathStyle: false }, 'https://events.store.example/tocsin/'],
  ])('finds the bucket of %j', async (more, base) => {
    const asked: string[] = [];
    const http = {
      request: ({ url }: { url: string }) => {
        asked.push(url);
        return Promise.resolve({ ok: true, status: 200, headers: {}, body: '' } as const);
      },
    };
    await open(more, { http })();
    expect(asked[0]?.startsWith(base)).toBe(true);
  });

  const error = (code: string) =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Words</Message></Error>`;
  it.each([
    [403, error('AccessDenied'), { kind: 'retry', reason: 'http_status', answer: 'AccessDenied: Words' }],
    [404, error('NoSuchBucket'), { kind: 'retry', reason: 'http_status', answer: 'NoSuchBucket: Words' }],
    [503, error('SlowDown'), { kind: 'retry', reason: 'rate_limited' }],
    [301, error('PermanentRedirect'), { kind: 'retry', reason: 'redirect' }],
    [500, 'no XML', { kind: 'retry', reason: 'http_status', answer: 'no XML' }],
  ])('takes %d %s for %j', async (status, body, outcome) => {
    receiver.answer = answers.status(status, body);
    expect(await open()()).toMatchObject({ ...outcome, status });
  });

  it.each([
    [{ bucket: 'Events' }, 'schema'],
    [{ bucket: 'a/b' }, 'schema'],
    [{ prefix: '/a' }, 'schema'],
    [{ prefix: 'a/../b' }, 'schema'],
    [{ prefix: 'a b' }, 'schema'],
    [{ endpoint: 'https://a/b' }, 'schema'],
    [{ endpoint: 'https://a:99999' }, 'endpoint: must be'],
    [{ endpoint: 'http://store.example' }, 'endpoint: must be'],
    [{ secretAccessKey: undefined }, 'secretAccessKey: is missing'],
    [{ accessKeyId: undefined }, 'accessKeyId: is missing'],
    [{ accessKeyId: undefined, secretAccessKey: undefined }, 'sessionToken: is of no use'],
    [{ kmsKeyId: 'k' }, 'kmsKeyId: is of use'],
    [{ kmsKeyId: 'k', encryption: 'AES256' }, 'kmsKeyId: is of use'],
    [{ bucketOwner: '1' }, 'schema'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(s3, JSON.parse(JSON.stringify({ ...settings, ...wrong })))[0]).toContain(fault);
  });
});
