import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import { readMetrics, scrape, scrapeUntil } from '../support/metrics.ts';
import { startRole } from '../support/role.ts';
import { newDirectory, TOKEN } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const ABSENT_STORE = fileURLToPath(new URL('absent-store.js', import.meta.url));
const servedAt = (log: string): string | undefined =>
  /"url.full":"([^"]+)","message":"metrics are served"/.exec(log)?.[1];

describe('the metrics of a service', () => {
  let there: Visit;
  let well: HttpReceiver;
  let broken: HttpReceiver;

  beforeAll(async () => {
    well = await HttpReceiver.start();
    broken = await HttpReceiver.start();
    broken.answer = answers.status(400, 'no');
    const config = [
      `egress: {allow: ['127.0.0.1']}`,
      'default: [well, broken]',
      'admins: []',
      'targets:',
      `  - {id: well, kind: http, url: '${well.url()}'}`,
      `  - {id: broken, kind: http, url: '${broken.url()}', retryAttempts: 1}`,
    ].join('\n');
    there = await visit({ config });
    await there.webhook('[{"id": "one"}, {"id": "two"}]');
    await there.webhook('[{"id": "one"}]');
    await there.webhook('not JSON');
    await there.webhook('[{"id": "forged"}]', { key: 'another key' });
  });
  afterAll(async () => {
    await endOfVisits();
    await well.close();
    await broken.close();
  });

  it('tell what came in, what was refused and why', async () => {
    const reading = await scrape(there.url);
    expect(reading.value('tocsin_events_total', { source: 'sqreen' })).toBe(2);
    expect(reading.value('tocsin_events_duplicate_total', { source: 'sqreen' })).toBe(1);
    expect(reading.value('tocsin_source_invalid_total', { source: 'sqreen' })).toBe(1);
    expect(reading.series('tocsin_source_refused_total')).toEqual([
      { source: 'sqreen', reason: 'signature_mismatch' },
    ]);
    const webhook = { method: 'POST', route: '/v1/webhook' };
    expect(reading.value('tocsin_http_requests_total', { ...webhook, status: '200' })).toBe(2);
    expect(reading.value('tocsin_http_requests_total', { ...webhook, status: '401' })).toBe(1);
    expect(reading.value('tocsin_http_requests_total', { ...webhook, status: '422' })).toBe(1);
    expect(reading.value('tocsin_http_request_duration_seconds_count', webhook)).toBe(4);
    expect(reading.value('tocsin_journal_commit_duration_seconds_count')).toBeGreaterThan(1);
  });

  it('tell what went out, how long it took, and what was given up', async () => {
    const attempts = (target: string, outcome: string) => ({ target, outcome });
    const reading = await scrapeUntil('both to be attempted', there.url, ({ value }) => {
      const settled = value('tocsin_deliveries_settled_total', { target: 'broken', status: 'dead' });
      return settled === 2 && value('tocsin_delivery_attempts_total', attempts('well', 'delivered')) === 2;
    });
    expect(reading.series('tocsin_delivery_attempts_total')).toContainEqual({
      ...attempts('broken', 'retry'),
      reason: 'http_status',
    });
    expect(reading.value('tocsin_delivery_latency_seconds_count', { target: 'well' })).toBe(2);
    expect(reading.value('tocsin_delivery_latency_seconds_count', { target: 'broken' })).toBeUndefined();
    expect(reading.value('tocsin_delivery_attempt_duration_seconds_count', { target: 'broken' })).toBe(2);
    expect(reading.value('tocsin_target_in_flight', { target: 'well' })).toBe(0);
  });

  it('tell of the store what waits and what was given up, also what another process left', async () => {
    const directory = newDirectory();
    const config = 'default: [nobody]\ntargets:\n  - {id: nobody, kind: http, url: "http://127.0.0.1:9/"}\n';
    const before = await visit({ config, directory });
    await before.operator('POST', '/api/v1/targets/nobody/pause', {});
    await before.webhook('[{"id": "left"}]');
    await before.service.stop();
    const after = await visit({ config: 'default: [log]', directory });
    const reading = await scrape(after.url);
    expect(reading.value('tocsin_deliveries_pending', { target: 'nobody' })).toBe(1);
    expect(
      reading.value('tocsin_deliveries_oldest_pending_age_seconds', { target: 'nobody' }),
    ).toBeGreaterThan(0);
    expect(reading.value('tocsin_deliveries_pending', { target: 'log' })).toBe(0);
    expect(reading.value('tocsin_dead_letters', { target: 'log' })).toBe(0);
    expect(reading.value('tocsin_store_up')).toBe(1);
  });

  it('tell how a target stands', async () => {
    await there.operator('POST', '/api/v1/targets/well/pause', {});
    const paused = await scrape(there.url);
    expect(paused.value('tocsin_target_state', { target: 'well', state: 'paused' })).toBe(1);
    expect(paused.value('tocsin_target_state', { target: 'well', state: 'enabled' })).toBe(0);
    expect(paused.value('tocsin_target_held', { target: 'well', reason: 'target_paused' })).toBe(1);
    await there.operator('POST', '/api/v1/targets/well/resume');
    expect((await scrape(there.url)).value('tocsin_target_state', { target: 'well', state: 'enabled' })).toBe(
      1,
    );
  });

  it('tell when a config was not taken, and when it is again', async () => {
    const one = await visit({ config: 'default: [log]' });
    const read = async () => (await scrape(one.url)).value('tocsin_config_last_reload_successful');
    expect(await read()).toBe(1);
    writeFileSync(join(one.service.directory, 'tocsin.yaml'), 'defualt: [log]\n');
    await one.operator('POST', '/api/v1/config/reload');
    expect(await read()).toBe(0);
    writeFileSync(join(one.service.directory, 'tocsin.yaml'), 'default: [log]\n');
    await one.operator('POST', '/api/v1/config/reload');
    expect(await read()).toBe(1);
  });

  it('tell when the certificate ends, and what is free on the disk', async () => {
    const one = await visit({
      env: { TOCSIN_TLS_CERT: tlsFixture.certFile, TOCSIN_TLS_KEY: tlsFixture.keyFile },
    });
    const reading = await scrape(one.url);
    const end = reading.value('tocsin_tls_certificate_not_after_timestamp_seconds') ?? 0;
    expect(end).toBeGreaterThan(1_700_000_000);
    const free = reading.value('tocsin_data_directory_free_bytes') ?? 0;
    expect(free).toBeGreaterThan(0);
    expect(reading.value('tocsin_data_directory_size_bytes')).toBeGreaterThan(free);
    expect(
      (await scrape(there.url)).value('tocsin_tls_certificate_not_after_timestamp_seconds'),
    ).toBeUndefined();
  });

  it('are there while the store is away, and say so', async () => {
    const one = await visit({ main: ABSENT_STORE, env: { TOCSIN_METRICS_PORT: '0' } });
    const served = await until('the metrics', () => servedAt(one.service.stdout()));
    const read = async () => readMetrics((await ask(served, { path: '/metrics' })).text);
    writeFileSync(join(one.service.directory, 'store-is-away'), '');
    expect((await one.webhook('[{"id": "lost"}]')).status).toBe(503);
    const away = await read();
    expect(away.value('tocsin_store_up')).toBe(0);
    expect(away.value('tocsin_journal_failed_commits_total', { reason: 'unavailable' })).toBeGreaterThan(0);
    expect(away.value('tocsin_source_not_stored_total', { source: 'sqreen' })).toBe(1);
    expect(away.series('tocsin_deliveries_pending')).toEqual([]);
    rmSync(join(one.service.directory, 'store-is-away'));
  });

  it('do not grow by what strangers send: paths, methods, sources, codes that are not ours', async () => {
    const before = (await scrape(there.url)).text.split('\n').length;
    for (let n = 0; n < 30; n++) {
      await there.ask({ path: `/nowhere/${n}` });
      await there.ask({ path: `/api/v1/events/evt_00000000-0000-7000-8000-0000000000${10 + n}` });
      await there.webhook('[{}]', { path: `/api/v1/sources/stranger-${n}` });
    }
    const { text, series } = await scrape(there.url);
    // The first of each kind may add its series, whatever comes after it none.
    expect(text.split('\n').length - before).toBeLessThan(60);
    expect(text).not.toMatch(/nowhere|stranger|evt_/);
    expect(series('tocsin_http_requests_total')).toContainEqual({
      method: 'GET',
      route: 'none',
      status: '404',
    });
  });

  it('hold no secret, no event and no address of a sender', async () => {
    const { text } = await scrape(there.url);
    expect(text).not.toMatch(/an-operators-token|webhook-key|127\.0\.0\.1/);
  });
});

describe('/metrics', () => {
  afterAll(endOfVisits);

  it("is the operators': nothing without a token, everything with one that may only read", async () => {
    const one = await visit();
    expect((await one.ask({ path: '/metrics' })).status).toBe(401);
    const { headers, status } = await one.operator('GET', '/metrics');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  });

  it('is answered without a token at an address of its own, and nothing else is there', async () => {
    const one = await visit({ env: { TOCSIN_METRICS_PORT: '0' } });
    const served = await until('the metrics', () => servedAt(one.service.stdout()));
    expect(served).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const answer = await ask(served, { path: '/metrics' });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('tocsin_build_info{');
    const headers = { authorization: `Bearer ${TOKEN}` };
    for (const path of [
      '/',
      '/livez',
      '/api/v1/events',
      '/api/v1/config',
      '/api/v1/openapi.json',
      '/page/page.js',
    ])
      expect((await ask(served, { path, headers })).status, path).toBe(404);
    expect((await ask(served, { path: '/v1/webhook', method: 'POST', body: '[]' })).status).toBe(404);
    expect((await ask(served, { path: '/metrics', method: 'DELETE' })).status).toBe(405);
    // A reading is no request of anybody's, and no line in the log.
    expect(readMetrics(answer.text).series('tocsin_http_requests_total')).not.toContainEqual(
      expect.objectContaining({ route: '/metrics' }),
    );
    expect(one.service.stdout()).not.toContain('"url.path":"/metrics"');
    expect(await one.service.stop()).toBe(0);
    await expect(fetch(`${served}/metrics`)).rejects.toThrow();
  });

  it('is answered by a process without the API as well', async () => {
    const directory = newDirectory();
    const role = await startRole('collect', { directory, env: { TOCSIN_METRICS_PORT: '0' } });
    const served = await until('the metrics', () => servedAt(role.stdout()));
    const reading = readMetrics((await ask(served, { path: '/metrics' })).text);
    expect(reading.value('tocsin_retention_last_success_timestamp_seconds')).toBeGreaterThan(0);
    expect(reading.value('tocsin_search_index_complete_timestamp_seconds')).toBeGreaterThan(0);
    expect(await role.stop()).toBe(0);
  });
});
