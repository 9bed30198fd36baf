import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAt, textAt } from '../support/ask.ts';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import { scrape, scrapeUntil } from '../support/metrics.ts';
import { pointsOf, type ReceivedSpan, spansOf } from '../support/otlp.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';
import { sawAnswer, secret } from '../support/witness.ts';

const API_KEY = secret('the-key-of-our-collector');
const SENDER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${SENDER.traceId}-${SENDER.spanId}-01`;
const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;

const idDigits = (id: string): string => id.slice(4).replaceAll('-', '');

describe('OpenTelemetry', () => {
  let collector: HttpReceiver;
  let receiver: HttpReceiver;
  beforeEach(async () => {
    collector = await HttpReceiver.start();
    collector.answer = answers.status(200, '{}', { 'content-type': 'application/json' });
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    for (const { body } of collector.requests) sawAnswer('what the collector got', body);
    await collector.close();
    await receiver.close();
  });
  afterAll(endOfVisits);

  /** With a target to send to, and a collector by the variables of OpenTelemetry itself. */
  const observed = (env: Record<string, string> = {}): Promise<Visit> =>
    visit({
      config: `egress: {allow: ['127.0.0.1']}\ndefault: [hook]\ntargets: [{id: hook, kind: http, url: '${receiver.url()}'}]\n`,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url('').replace(/\/$/, ''),
        OTEL_EXPORTER_OTLP_HEADERS: `api-key=${API_KEY},x-scope=a%2Cb`,
        OTEL_SERVICE_NAME: 'tocsin-under-test',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
        ...env,
      },
    });
  const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
    const found = spans.find((span) => span.name === name);
    if (found === undefined)
      throw new Error(`no span ${name} among ${spans.map((span) => span.name).join(', ')}`);
    return found;
  };
  const ended = async (one: Visit): Promise<ReceivedSpan[]> => {
    expect(await one.service.stop()).toBe(0);
    return spansOf(collector);
  };
  const eventIds = async (one: Visit): Promise<string[]> => {
    const { json } = await one.operator('GET', '/api/v1/events');
    return [0, 1].map((index) => textAt(json, 'items', index, 'id'));
  };

  it('gets the way of an event as one trace, whose id is the id of the event', async () => {
    const one = await observed({ TOCSIN_OTLP_PROPAGATE: 'true' });
    await one.webhook('[{"id": "traced"}]', { headers: { traceparent: TRACEPARENT } });
    await receiver.received(1);
    const { json } = await one.operator('GET', '/api/v1/events');
    const traceId = idDigits(textAt(json, 'items', 0, 'id'));
    const spans = (await ended(one)).filter((span) => span.traceId === traceId);
    const request = named(spans, 'POST /v1/webhook');
    const ingest = named(spans, 'ingest');
    const delivery = named(spans, 'deliver hook');
    expect(spans).toHaveLength(3);
    expect([request.parentSpanId, ingest.parentSpanId, delivery.parentSpanId]).toEqual([
      undefined,
      request.spanId,
      ingest.spanId,
    ]);
    expect([request.kind, delivery.kind]).toEqual([SERVER, CLIENT]);
    expect(request.attributes).toMatchObject({
      'http.route': '/v1/webhook',
      'http.response.status_code': 200,
      'tocsin.source.id': 'sqreen',
      'tocsin.events': 1,
    });
    expect(delivery.attributes).toMatchObject({ 'tocsin.target.id': 'hook', 'tocsin.outcome': 'delivered' });
    expect(ingest.durationMs).toBeGreaterThan(0);
    expect(ingest.durationMs).toBeLessThanOrEqual(request.durationMs);
    expect(request.resource).toMatchObject({
      'service.name': 'tocsin-under-test',
      'deployment.environment.name': 'test',
    });
    // A sender's trace is linked, never joined.
    expect(request.links).toEqual([SENDER]);
    expect(receiver.requests[0]?.headers['traceparent']).toBe(`00-${traceId}-${delivery.spanId}-01`);
  });

  it('gets a trace for each event of a request, with a link to the request', async () => {
    const one = await observed();
    await one.webhook('[{"id": "first"}, {"id": "second"}]');
    await receiver.received(2);
    const traces = new Set((await eventIds(one)).map(idDigits));
    const spans = await ended(one);
    const request = named(spans, 'POST /v1/webhook');
    const ingests = spans.filter(({ name }) => name === 'ingest');
    expect(new Set(ingests.map(({ traceId }) => traceId))).toEqual(traces);
    const other = ingests.find(({ traceId }) => traceId !== request.traceId);
    expect(other).toMatchObject({
      parentSpanId: undefined,
      links: [{ traceId: request.traceId, spanId: request.spanId }],
    });
    // Receivers are told of traces only where that is switched on.
    for (const { headers } of receiver.requests) expect(headers['traceparent']).toBeUndefined();
  });

  it('gets what was refused as no failure of ours, and nothing that a stranger says of traces', async () => {
    const one = await observed();
    await one.webhook('[{}]', { key: 'a wrong key', headers: { traceparent: TRACEPARENT } });
    const request = named(await ended(one), 'POST /v1/webhook');
    expect(request).toMatchObject({ status: 0, links: [], parentSpanId: undefined });
    expect(request.traceId).not.toBe(SENDER.traceId);
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 401,
      'tocsin.problem': 'signature_invalid',
    });
  });

  it('gets a failed attempt as an error, with its reason and not with what the receiver said', async () => {
    receiver.answer = answers.status(500, 'a long and private story');
    const one = await observed();
    await one.webhook('[{"id": "failing"}]');
    await receiver.received(1);
    const delivery = named(await ended(one), 'deliver hook');
    expect(delivery.status).toBe(ERROR);
    expect(delivery.attributes).toMatchObject({
      'error.type': 'http_status',
      'http.response.status_code': 500,
      'tocsin.outcome': 'retry',
      'tocsin.attempt': 1,
    });
    expect(collector.requests.map(({ body }) => body).join('')).not.toContain('private story');
  });

  it('gets the metrics that /metrics tells, with their labels', async () => {
    const one = await observed({ TOCSIN_OTLP_INTERVAL: '1s' });
    await one.webhook('[{"id": "counted"}, {"id": "counted too"}]');
    const told = await scrapeUntil(
      'the deliveries',
      one.url,
      ({ value }) => value('tocsin_delivery_attempts_total', { target: 'hook', outcome: 'delivered' }) === 2,
    );
    await until(
      'the metrics to be exported',
      () => pointsOf(collector, 'tocsin_delivery_attempts_total').length > 0,
    );
    await one.service.stop();
    const [events] = pointsOf(collector, 'tocsin_events_total');
    expect(events).toMatchObject({
      attributes: { source: 'sqreen', severity: 'unknown' },
      point: { asDouble: 2 },
    });
    const [latency] = pointsOf(collector, 'tocsin_delivery_latency_seconds');
    expect(latency?.point).toMatchObject({
      count: 2,
      sum: told.value('tocsin_delivery_latency_seconds_sum', { target: 'hook' }),
    });
    const counts = listAt(latency?.point, 'bucketCounts');
    expect(counts.reduce((sum: number, count) => sum + Number(count), 0)).toBe(2);
    expect(counts).toHaveLength(listAt(latency?.point, 'explicitBounds').length + 1);
    expect(pointsOf(collector, 'tocsin_deliveries_pending')[0]).toMatchObject({
      attributes: { target: 'hook' },
    });
    expect(pointsOf(collector, 'process_resident_memory_bytes')).toHaveLength(1);
  });

  it('is sent the headers that were set, and they are shown nowhere', async () => {
    const one = await observed();
    await one.webhook('[{"id": "a"}]');
    const { text } = await one.operator('GET', '/api/v1/config');
    expect(text).toContain('telemetry.otlp.headers');
    await one.service.stop();
    expect(collector.requests.length).toBeGreaterThan(1);
    for (const { headers } of collector.requests)
      expect(headers).toMatchObject({
        'api-key': API_KEY,
        'x-scope': 'a,b',
        'content-type': 'application/json',
      });
  });

  it('may be under TLS by a certificate of your own, and take less to read', async () => {
    const guarded = await HttpReceiver.start('https');
    const one = await observed({
      OTEL_EXPORTER_OTLP_ENDPOINT: guarded.url('/a/path', 'localhost'),
      OTEL_EXPORTER_OTLP_CERTIFICATE: tlsFixture.certFile,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });
    await one.webhook('[{"id": "a"}]');
    expect(await one.service.stop()).toBe(0);
    const exported = guarded.requests.find(({ path }) => path === '/a/path/v1/traces');
    expect(exported?.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(exported?.bytes ?? '').toString()).toContain('POST /v1/webhook');
    await guarded.close();
  });

  it('gets no trace when none is to be kept, and the metrics all the same', async () => {
    const one = await observed({ TOCSIN_OTLP_TRACES_RATIO: '0', TOCSIN_OTLP_PROPAGATE: 'true' });
    await one.webhook('[{"id": "untraced"}]');
    await receiver.received(1);
    expect(await ended(one)).toEqual([]);
    expect(pointsOf(collector, 'tocsin_events_total')).toHaveLength(1);
    expect(receiver.requests[0]?.headers['traceparent']).toBeUndefined();
  });

  it('may be away: the service works on, says so once, and ends as soon as ever', async () => {
    const one = await observed({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      TOCSIN_OTLP_INTERVAL: '1s',
    });
    await one.webhook('[{"id": "before"}]');
    const failed = { signal: 'metrics', outcome: 'failed' };
    await scrapeUntil(
      'an export to fail',
      one.url,
      ({ value }) => (value('tocsin_otlp_exports_total', failed) ?? 0) > 0,
    );
    expect((await one.webhook('[{"id": "after"}]')).status).toBe(200);
    await receiver.received(2);
    expect(await one.service.stop()).toBe(0);
    const told = one.service
      .stdout()
      .split('\n')
      .filter((line) => line.includes('collector did not take'));
    expect(told.filter((line) => line.includes('"signal":"metrics"'))).toHaveLength(1);
  });

  it('may hang: senders are answered, receivers are told, the end comes within seconds', async () => {
    collector.answer = answers.hang;
    const one = await observed({ TOCSIN_OTLP_INTERVAL: '1s' });
    for (let n = 0; n < 20; n++) expect((await one.webhook(`[{"id": "hung ${n}"}]`)).status).toBe(200);
    await receiver.received(20);
    await until('an export to be under way', () => collector.requests.length > 0);
    const began = Date.now();
    expect(await one.service.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(12_000);
  });

  it('is not spoken to unless a collector is named', async () => {
    const one = await observed({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    await one.webhook('[{"id": "alone"}]');
    await receiver.received(1);
    const { types } = await scrape(one.url);
    expect(types.has('tocsin_events_total')).toBe(true);
    expect(types.has('tocsin_otlp_exports_total')).toBe(false);
    await one.service.stop();
    expect(collector.requests).toEqual([]);
  });

  it.each([
    ['telemetry.otlp.headers', { OTEL_EXPORTER_OTLP_HEADERS: `${API_KEY}` }],
    ['telemetry.otlp.endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:${API_KEY}@127.0.0.1:4318` }],
    ['telemetry.otlp.interval', { TOCSIN_OTLP_INTERVAL: '10ms' }],
    ['telemetry.otlp.tracesRatio', { OTEL_TRACES_SAMPLER_ARG: '1.5' }],
  ])('with a fault in %s refuses the start and repeats no value', async (path, env) => {
    const refused = await refusedStart({ env });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(path);
    expect(refused.stderr).not.toContain(API_KEY);
  });
});
