import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IncidentUpstream, type UpstreamOptions } from '../../../tests/support/incident-upstream.ts';
import { feedOf, PauselessClock, Polling } from '../../../tests/support/poll-stage.ts';
import { until } from '../../../tests/support/until.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { PolledFeed } from '../feeds/feed.ts';
import { elevateTypes } from '../feeds/presets.ts';

const cleanups: (() => Promise<unknown>)[] = [];
let upstream: IncidentUpstream;

beforeEach(() => restart());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function restart(options: UpstreamOptions = {}): Promise<void> {
  upstream = await IncidentUpstream.start(options);
  const { close } = { close: upstream.close.bind(upstream) };
  cleanups.push(close);
}
function polling(more: Partial<PolledFeed> = {}, clock?: Clock, random?: () => number): Polling {
  const one = new Polling(feedOf(upstream, more), clock, random);
  cleanups.push(() => one.collector.close());
  return one;
}
const types = elevateTypes.map(({ type }) => type);
const sha = (text: string | undefined) =>
  createHash('sha256')
    .update(text ?? '')
    .digest('hex');

describe('a refresh', () => {
  it('has the identities first, then every list whole', async () => {
    const { lists, ...rest } = await polling().refresh();
    expect(upstream.requests[0]?.list).toBe('identities');
    expect(new Set(lists.map(({ type }) => type))).toEqual(new Set([undefined, ...types]));
    expect(rest).toMatchObject({ parallel: 4, breaker: 'closed' });
    for (const { type, body, ...told } of lists) {
      const right =
        type === undefined ? Object.fromEntries(upstream.identities) : { results: upstream.records(type) };
      expect(sha(body)).toBe(sha(JSON.stringify(right)));
      expect(told).toMatchObject({ failure: undefined, status: 200, attempts: 1, isUnchanged: false });
    }
  });

  it('hands on each list as soon as it is there', async () => {
    upstream.fail('misuse', { kind: 'hang', at: 'mid_body' });
    const one = polling();
    const abort = new AbortController();
    const refresh = one.refresh(abort.signal);
    await until('all others are there', () => one.handed.length === 7);
    abort.abort();
    expect((await refresh).of('misuse').failure?.reason).toBe('timeout');
  });

  it('does not hold up lists for identities that do not come', async () => {
    upstream.fail('identities', { kind: 'hang', at: 'before' });
    const one = polling();
    const abort = new AbortController();
    const refresh = one.refresh(abort.signal);
    await until('all lists are there', () => one.handed.length === 7);
    abort.abort();
    await refresh;
  });

  it('asks nothing for identities where the feed has none', async () => {
    const { lists } = await polling({ identitiesPath: undefined }).refresh();
    expect(lists.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
    expect(upstream.asked('identities')).toEqual([]);
  });

  it.each([
    [{ kind: 'bearer', token: 'abc' }, 'authorization', 'Bearer abc'],
    [{ kind: 'header', name: 'X-Api-Key', value: 'abc' }, 'x-api-key', 'abc'],
    [{ kind: 'none' }, 'authorization', undefined],
    [{ kind: 'basic', user: 'ü', password: 'a:ß' }, 'authorization', 'Basic w7w6YTrDnw=='],
  ] as const)('proves itself with %j', async (credentials, name, value) => {
    await polling({ credentials }).refresh();
    expect(upstream.requests.map(({ headers }) => headers[name])).toEqual(Array(8).fill(value));
  });

  it.each(['gzip', 'br'] as const)('reads %s', async (coding) => {
    upstream.coding = coding;
    const { body, bytes } = (await polling().refresh()).of('identities');
    expect(JSON.parse(body ?? '')).toEqual(Object.fromEntries(upstream.identities));
    expect(bytes).toBeLessThan((body ?? '').length);
  });

  it('is never made twice at once', async () => {
    const one = polling();
    const first = one.refresh();
    await expect(one.refresh()).rejects.toThrow('already');
    expect((await first).lists).toHaveLength(8);
    expect((await one.refresh()).lists).toHaveLength(8);
  });

  it('ends at once when it is aborted, and leaves nothing under way', async () => {
    upstream.fail('*', { kind: 'hang', at: 'before' });
    const one = polling({ parallelMax: 2, attemptsMax: 3 });
    const abort = new AbortController();
    const refresh = one.refresh(abort.signal);
    await until('it hangs', () => upstream.requests.length === 2);
    abort.abort();
    const { lists, breaker, parallel } = await refresh;
    expect(lists.map(({ failure }) => failure)).toEqual(
      lists.map(() => ({ reason: 'timeout', detail: 'aborted' })),
    );
    expect({ breaker, parallel }).toEqual({ breaker: 'closed', parallel: 2 });
    expect(one.handed).toEqual([]);
    await until('its connections are closed', () => upstream.connections === 0);
    expect(upstream.requests).toHaveLength(2);
  });

  it('ends with the collector', async () => {
    upstream.fail('*', { kind: 'hang', at: 'before' });
    const one = polling();
    const refresh = one.refresh();
    await until('it hangs', () => upstream.requests.length > 0);
    await one.collector.close();
    expect((await refresh).of('misuse').failure?.detail).toBe('aborted');
    expect((await one.refresh()).lists.every(({ attempts }) => attempts <= 1)).toBe(true);
  });

  it('rejects with the bug of who reads a list, once nothing is under way any more', async () => {
    const one = polling();
    upstream.fail('misuse', { kind: 'hang', at: 'before' });
    const bug = one.collector.collect(new AbortController().signal, ({ type }) => {
      if (type === 'denial') throw new TypeError('a bug');
    });
    await expect(bug).rejects.toThrow('a bug');
    upstream.heal();
    expect((await one.refresh()).of('denial').failure).toBeUndefined();
  });
});

describe('what has not changed', () => {
  it('is asked for by its entity tag, and told without a body', async () => {
    upstream.isConditional = true;
    const one = polling();
    await one.refresh();
    upstream.add('misuse', { priority: 'low', employee_id: 1, timestamp: 1 });
    const second = await one.refresh();
    expect(second.of('denial')).toMatchObject({ status: 304, isUnchanged: true, body: undefined, bytes: 0 });
    expect(second.of('misuse')).toMatchObject({ status: 200, isUnchanged: false, failure: undefined });
    expect(second.of('misuse').body).toContain('"employee_id":1,');
  });

  it('is found out where the feed does not tell', async () => {
    const one = polling();
    await one.refresh();
    upstream.identify('17.33.119.155', 7);
    const second = await one.refresh();
    expect(second.of('denial')).toMatchObject({ status: 200, isUnchanged: true, body: undefined });
    expect(second.of('identities')).toMatchObject({ isUnchanged: false });
    expect(upstream.asked('denial')[1]?.headers['if-none-match']).toBeUndefined();
  });

  it('is had whole again when it was refused further on', async () => {
    upstream.isConditional = true;
    const one = polling();
    await one.refresh();
    one.collector.forget('denial');
    one.collector.forget(undefined);
    const second = await one.refresh();
    expect(second.of('denial')).toMatchObject({ status: 200, isUnchanged: false });
    expect(second.of('identities')).toMatchObject({ status: 200, isUnchanged: false });
    expect(second.of('misuse')).toMatchObject({ status: 304, isUnchanged: true });
  });

  it('is still known after an answer that failed', async () => {
    upstream.isConditional = true;
    const one = polling();
    await one.refresh();
    upstream.fail('denial', { kind: 'answer', status: 500 }, 1);
    expect((await one.refresh()).of('denial').isUnchanged).toBe(false);
    expect((await one.refresh()).of('denial')).toMatchObject({ status: 304, isUnchanged: true });
  });

  const dates = { date: 'Thu, 01 Jan 2026 00:00:10 GMT', modified: 'Thu, 01 Jan 2026 00:00:09 GMT' };
  it.each([
    [
      'a date',
      { date: dates.date, 'last-modified': dates.modified },
      { 'if-modified-since': dates.modified },
    ],
    ['a date of the same second', { date: dates.date, 'last-modified': dates.date }, {}],
    ['a date that is none', { date: dates.date, 'last-modified': 'yesterday' }, {}],
    ['a weak tag', { etag: 'W/"a"' }, { 'if-none-match': 'W/"a"' }],
    ['a tag that cannot be sent', { etag: '"\u00fc\u0161"'.normalize() }, {}],
    ['a tag that is none', { etag: 'a' }, {}],
    ['a tag without end', { etag: `"${'a'.repeat(5_000)}"` }, {}],
  ])('is asked for with %s as far as that may be', async (_name, headers, expected) => {
    upstream.fail('misuse', { kind: 'answer', headers: latin1(headers), body: '{"results":[]}' });
    const one = polling();
    await one.refresh();
    const second = await one.refresh();
    expect(second.of('misuse').isUnchanged).toBe(true);
    const sent = Object.entries(upstream.asked('misuse')[1]?.headers ?? {});
    expect(Object.fromEntries(sent.filter(([name]) => name.startsWith('if-')))).toEqual(expected);
  });
});

/** Headers as bytes: what Node would not send as text. */
function latin1(headers: Readonly<Record<string, string>>): Record<string, string> {
  const bytes = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
  return Object.fromEntries(bytes) as Record<string, string>;
}

describe('another attempt', () => {
  it('is made at what may pass, after a pause with jitter', async () => {
    const clock = new PauselessClock();
    upstream.fail('misuse', { kind: 'answer', status: 503 }, 2);
    const draws = [0, 1];
    const one = polling({ attemptsMax: 3, identitiesPath: undefined }, clock, () => draws.shift() ?? 0.5);
    expect((await one.refresh()).of('misuse')).toMatchObject({
      failure: undefined,
      status: 200,
      attempts: 3,
    });
    expect(clock.pauses.filter((ms) => ms !== 1_000)).toEqual([125, 750]);
  });

  it.each([
    [408, 3],
    [429, 3],
    [500, 3],
    [400, 1],
    [401, 1],
    [403, 1],
    [404, 1],
    [304, 1],
  ])('at status %d: %d in all', async (status, attempts) => {
    upstream.fail('misuse', { kind: 'answer', status });
    const collected = await polling({ attemptsMax: 3 }, new PauselessClock()).refresh();
    expect(collected.of('misuse')).toMatchObject({ failure: { reason: 'status_refused' }, status, attempts });
    expect(upstream.asked('misuse')).toHaveLength(attempts);
  });

  it('is made after a time-out and a reset, and not after what will be the same', async () => {
    upstream.fail('denial', { kind: 'hang', at: 'before' }, 1);
    upstream.fail('misuse', { kind: 'drop', at: 'mid_body' }, 1);
    upstream.fail('other', { kind: 'huge', bytes: 2_000_000 });
    upstream.fail('probing', { kind: 'redirect', to: 'http://127.0.0.2/' });
    const collected = await polling({ attemptsMax: 2, readTimeoutMs: 500 }, new PauselessClock()).refresh();
    const attempts = ['denial', 'misuse', 'other', 'probing'].map((type) => collected.of(type).attempts);
    expect(attempts).toEqual([2, 2, 1, 1]);
    expect([collected.of('denial').failure, collected.of('misuse').failure]).toEqual([undefined, undefined]);
  });

  it('does not come before the time that the feed asks for, of that list alone, and at most ten minutes', async () => {
    const clock = new PauselessClock();
    const one = polling({ attemptsMax: 3 }, clock);
    const later = (seconds: string) => ({ status: 429, headers: { 'retry-after': seconds } });
    upstream.fail('misuse', { kind: 'answer', ...later('60') }, 1);
    upstream.fail('denial', { kind: 'answer', ...later('86400') }, 1);
    expect((await one.refresh()).of('misuse')).toMatchObject({ status: 429, attempts: 1 });
    const misuseAndDenial = async () => {
      const collected = await one.refresh();
      expect(collected.of('other').failure).toBeUndefined();
      return [collected.of('misuse').attempts, collected.of('denial').attempts];
    };
    clock.time += 59_999;
    expect(await misuseAndDenial()).toEqual([0, 0]);
    clock.time += 1;
    expect(await misuseAndDenial()).toEqual([1, 0]);
    clock.time += 539_999;
    expect(await misuseAndDenial()).toEqual([1, 0]);
    clock.time += 1;
    expect(await misuseAndDenial()).toEqual([1, 1]);
  });
});

describe('a feed that is down', () => {
  it('is asked for one list at growing intervals, and for all as soon as that one is had', async () => {
    const clock = new PauselessClock();
    const one = polling({}, clock, () => 1);
    upstream.fail('*', { kind: 'answer', status: 500 });
    const steps: (readonly [string, number])[] = [];
    const step = async (ms: number) => {
      clock.time += ms;
      const before = upstream.requests.length;
      const { breaker } = await one.refresh();
      steps.push([breaker, upstream.requests.length - before]);
    };
    for (const ms of [0, 8_000, 8_000, 15_999, 1, 31_999, 1, 63_999, 1, 119_999, 1, 119_999, 1])
      await step(ms);
    const down = [
      ['closed', 8],
      ['closed', 8],
      ['open', 8],
    ];
    const waits = Array.from({ length: 5 }, () => [
      ['open', 0],
      ['half_open', 1],
    ]).flat();
    expect(steps).toEqual([...down, ...waits]);
    upstream.heal();
    steps.length = 0;
    for (const ms of [119_999, 1, 8_000]) await step(ms);
    expect(steps).toEqual([
      ['open', 0],
      ['closed', 8],
      ['closed', 8],
    ]);
  });

  it('is not left alone for longer because the clock was set back', async () => {
    const clock = new PauselessClock();
    const one = polling({}, clock);
    upstream.fail('*', { kind: 'answer', status: 500 });
    for (let refresh = 0; refresh < 3; refresh += 1) await one.refresh();
    upstream.heal();
    upstream.fail('misuse', { kind: 'answer', status: 429, headers: { 'retry-after': '60' } }, 1);
    clock.time += 120_000;
    expect((await one.refresh()).breaker).toBe('closed');
    clock.time -= 86_400_000;
    expect((await one.refresh()).of('misuse').failure).toBeUndefined();
    upstream.fail('*', { kind: 'answer', status: 500 });
    for (let refresh = 0; refresh < 3; refresh += 1) await one.refresh();
    upstream.heal();
    clock.time -= 86_400_000;
    expect((await one.refresh()).breaker).toBe('closed');
  });

  it('tells of lists that were not asked for', async () => {
    const one = polling({ identitiesPath: undefined }, new PauselessClock());
    upstream.fail('*', { kind: 'answer', status: 500 });
    for (let refresh = 0; refresh < 3; refresh += 1) await one.refresh();
    const { lists } = await one.refresh();
    expect(lists.map(({ failure }) => failure?.reason)).toEqual(Array(7).fill('breaker_open'));
    expect(one.handed).toHaveLength(7);
  });

  it('is not one of which a single list works', async () => {
    const one = polling({}, new PauselessClock());
    upstream.fail('*', { kind: 'answer', status: 500 });
    upstream.fail('misuse', { kind: 'answer', body: '{"results":[]}' });
    for (let refresh = 0; refresh < 5; refresh += 1) expect((await one.refresh()).breaker).toBe('closed');
  });

  it('is found up again though the first list never works', async () => {
    const clock = new PauselessClock();
    const one = polling({}, clock);
    upstream.fail('*', { kind: 'answer', status: 500 });
    for (let refresh = 0; refresh < 3; refresh += 1) await one.refresh();
    upstream.heal();
    upstream.fail('identities', { kind: 'answer', status: 500 });
    clock.time += 120_000;
    expect((await one.refresh()).breaker).toBe('half_open');
    clock.time += 120_000;
    const { breaker, lists } = await one.refresh();
    expect(breaker).toBe('closed');
    expect(lists.filter(({ failure }) => failure !== undefined)).toHaveLength(1);
  });
});

describe('lists at once', () => {
  it('are never more than may be', async () => {
    await restart({ factor: 0.02 });
    await polling({ parallelMax: 3 }).refresh();
    expect(upstream.mostUnderWay).toBe(3);
  });

  it('become fewer while the feed is too slow for them, and more again', async () => {
    const one = polling({ parallelMax: 4, readTimeoutMs: 300, identitiesPath: undefined }, systemClock);
    upstream.fail('*', { kind: 'hang', at: 'before' });
    expect((await one.refresh()).parallel).toBe(2);
    expect((await one.refresh()).parallel).toBe(1);
    upstream.heal();
    for (const parallel of [2, 3, 4, 4]) expect((await one.refresh()).parallel).toBe(parallel);
  });
});
