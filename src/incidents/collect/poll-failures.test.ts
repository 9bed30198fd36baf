import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpReceiver } from '../../../tests/support/http-receiver.ts';
import type { UpstreamFault } from '../../../tests/support/incident-upstream-fault.ts';
import { IncidentUpstream } from '../../../tests/support/incident-upstream.ts';
import { feedOf, Polling } from '../../../tests/support/poll-stage.ts';
import type { PolledFeed } from '../feeds/feed.ts';

const cleanups: (() => Promise<unknown>)[] = [];
let upstream: IncidentUpstream;

beforeEach(async () => {
  upstream = await IncidentUpstream.start();
  cleanups.push(() => upstream.close());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function polling(more: Partial<PolledFeed> = {}): Polling {
  const one = new Polling(feedOf(upstream, more));
  cleanups.push(() => one.collector.close());
  return one;
}
async function elsewhere(): Promise<HttpReceiver> {
  const receiver = await HttpReceiver.start();
  cleanups.push(() => receiver.close());
  return receiver;
}

const answer = (
  status: number,
  body: string | Buffer = '',
  headers: Record<string, string> = {},
): UpstreamFault => ({ kind: 'answer', status, body, headers });

describe('a list that cannot be had is told with its reason, and loses no other', () => {
  const faults: readonly [string, UpstreamFault, string, number | undefined][] = [
    ['500', answer(500, 'oops'), 'status_refused', 500],
    ['404', answer(404), 'status_refused', 404],
    ['401', answer(401), 'status_refused', 401],
    ['204', answer(204), 'status_refused', 204],
    ['304 that nobody asked for', answer(304), 'status_refused', 304],
    ['a page with a 200', answer(200, ' \n<html>down</html>'), 'not_json', 200],
    ['what is no UTF-8', answer(200, Buffer.from([0x7b, 0xff, 0x7d])), 'not_json', 200],
    ['an unknown coding', answer(200, 'x', { 'content-encoding': 'zstd' }), 'answer_invalid', 200],
    ['a broken coding', answer(200, 'x', { 'content-encoding': 'gzip' }), 'answer_invalid', 200],
    ['a coding over another', answer(200, 'x', { 'content-encoding': 'gzip, gzip' }), 'answer_invalid', 200],
    ['too many bytes', { kind: 'huge', bytes: 1_000_001 }, 'too_large', 200],
    ['a gzip bomb', { kind: 'huge', bytes: 20_000_000, coding: 'gzip' }, 'too_large', 200],
    ['a brotli bomb', { kind: 'huge', bytes: 20_000_000, coding: 'br' }, 'too_large', 200],
    ['no answer', { kind: 'hang', at: 'before' }, 'timeout', undefined],
    ['half an answer', { kind: 'hang', at: 'mid_body' }, 'timeout', undefined],
    ['a drip', { kind: 'drip', everyMs: 20 }, 'timeout', undefined],
    ['a dropped connection', { kind: 'drop', at: 'before' }, 'connection_reset', undefined],
    ['a connection dropped half-way', { kind: 'drop', at: 'mid_body' }, 'connection_reset', undefined],
    ['a redirect to nowhere', answer(302), 'redirect_refused', 302],
    ['a redirect to no URL', { kind: 'redirect', to: 'http://[' }, 'redirect_refused', 302],
    ['a redirect to itself', { kind: 'redirect', to: '/incidents/misuse/' }, 'redirect_refused', 302],
    ['a redirect to a file', { kind: 'redirect', to: 'file:///etc/passwd' }, 'redirect_refused', 302],
  ];

  it.each(faults)('%s', async (_name, fault, reason, status) => {
    upstream.fail('misuse', fault);
    const collected = await polling({ readTimeoutMs: 1_500 }).refresh();
    const misuse = collected.of('misuse');
    expect(misuse).toMatchObject({ failure: { reason }, status, body: undefined, isUnchanged: false });
    const others = collected.lists.filter((list) => list !== misuse);
    expect(others.map(({ failure }) => failure)).toEqual(Array.from({ length: 7 }, () => undefined));
  });

  it('takes as many bytes as it may, and no more, compressed or not', async () => {
    const exact = Buffer.from(`[${'1,'.repeat(500)}1]`);
    const gzip = { 'content-encoding': 'gzip' };
    upstream.fail('denial', answer(200, exact));
    upstream.fail('misuse', answer(200, gzipSync(exact), gzip));
    const whole = await polling({ bytesMax: exact.length, identitiesPath: undefined }).refresh();
    expect([whole.of('denial').body, whole.of('misuse').body]).toEqual([String(exact), String(exact)]);
    const less = await polling({ bytesMax: exact.length - 1, identitiesPath: undefined }).refresh();
    expect(less.of('denial').failure?.reason).toBe('too_large');
    expect(less.of('misuse').failure?.reason).toBe('too_large');
  });

  it('a feed where nobody listens, and one that must not be dialled', async () => {
    const denied = await polling({ egressAllow: [] }).refresh();
    expect(denied.lists.map(({ failure }) => failure?.reason)).toEqual(Array(8).fill('egress_denied'));
    expect(upstream.requests).toEqual([]);
    const deaf = polling();
    await upstream.close();
    cleanups.shift();
    const refused = await deaf.refresh();
    expect(refused.lists.map(({ failure }) => failure?.reason)).toEqual(Array(8).fill('connection_refused'));
  });

  it('says nothing of what is no JSON: that is for who reads it', async () => {
    upstream.fail('misuse', { kind: 'truncated' });
    const { failure, body } = (await polling().refresh()).of('misuse');
    expect(failure).toBeUndefined();
    expect(body).toMatch(/^\{"results":\[/);
  });

  it('names no secret, no part of an URL and nothing of a body in any detail', async () => {
    const hush = { password: 'hushpass', query: 'hushquery', body: 'hushbody' };
    const details: unknown[] = [];
    const hostile: UpstreamFault[] = [
      ...faults.map(([, fault]) => fault),
      answer(500, hush.body),
      answer(200, `<${hush.body}`),
      { kind: 'redirect', to: `http://u:${hush.password}@127.0.0.2/?${hush.query}` },
      { kind: 'redirect', to: `?${hush.query}` },
    ];
    const one = polling({
      url: `${upstream.url}`,
      incidentsPath: `/incidents/{type}/`,
      readTimeoutMs: 100,
      credentials: { kind: 'bearer', token: hush.password },
    });
    for (const fault of hostile) {
      upstream.fail('*', fault);
      details.push((await one.refresh()).lists.map(({ failure }) => failure));
    }
    expect(JSON.stringify(details)).not.toMatch(/hush|127\.0\.0|passwd|http:/);
  });
});

describe('redirects', () => {
  it('are followed on the same origin, with what proves the request', async () => {
    const collected = await polling({
      identitiesPath: '/identities',
      incidentsPath: '/incidents/{type}',
    }).refresh();
    expect(collected.lists.every(({ failure }) => failure === undefined)).toBe(true);
    expect(upstream.asked('misuse').map(({ path }) => path)).toEqual([
      '/incidents/misuse',
      '/incidents/misuse/',
    ]);
  });

  it('are followed three times and no more', async () => {
    upstream.fail('misuse', { kind: 'redirect', to: '/incidents/misuse/' }, 3);
    upstream.fail('denial', { kind: 'redirect', to: '/incidents/denial/' }, 4);
    const collected = await polling().refresh();
    expect(collected.of('misuse')).toMatchObject({ failure: undefined, status: 200 });
    expect(collected.of('denial')).toMatchObject({ failure: { reason: 'redirect_refused' } });
    expect(upstream.asked('denial')).toHaveLength(4);
  });

  it.each(['http', 'userinfo', 'scheme-relative', 'tls'])(
    'never take a request or its credentials to another origin: %s',
    async (how) => {
      const other = await elsewhere();
      const host = `127.0.0.1:${other.port}`;
      const places: Readonly<Record<string, string>> = {
        http: `http://${host}/incidents/misuse/`,
        userinfo: `http://127.0.0.1:${upstream.port}@${host}/`,
        'scheme-relative': `//${host}/`,
        tls: `https://127.0.0.1:${upstream.port}/incidents/misuse/`,
      };
      upstream.fail('misuse', { kind: 'redirect', to: places[how] ?? '' });
      const { failure } = (await polling().refresh()).of('misuse');
      expect(failure).toEqual({ reason: 'redirect_refused', detail: 'redirected to another origin' });
      expect(other.connections).toBe(0);
      expect(upstream.asked('misuse')).toHaveLength(1);
    },
  );

  it('do not change who we are', async () => {
    upstream.fail('misuse', { kind: 'redirect', to: upstream.url.replace('//', '//admin:x@') });
    expect((await polling().refresh()).of('misuse').failure?.reason).toBe('redirect_refused');
    expect(upstream.requests.every(({ path }) => path !== '/')).toBe(true);
  });
});
