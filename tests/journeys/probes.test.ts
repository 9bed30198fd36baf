import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { startRole } from '../support/role.ts';
import { dispose, newDirectory, startService } from '../support/service.ts';
import { startHttpSink } from '../support/http-sink.ts';
import { probesIn } from '../support/role.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';

afterAll(dispose);

describe('the health port', () => {
  it('of a process without the API answers probes, and nothing that an operator or a sender could ask', async () => {
    const directory = newDirectory();
    const role = await startRole('deliver', { directory, env: { TOCSIN_PORT: '0' } });
    const status = async (path: string, method = 'GET') => (await ask(role.probes, { path, method })).status;
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 200]);
    for (const path of ['/', '/api/v1/openapi.json', '/api/v1/events', '/page/page.js', '/metrics']) {
      expect(await status(path), path).toBe(404);
    }
    expect(await status('/v1/webhook', 'POST')).toBe(404);
    expect(await status('/livez', 'DELETE')).toBe(405);
    expect(role.stdout()).not.toContain('"url.path":"/livez"');
    expect(await role.stop()).toBe(0);
    await expect(fetch(`${role.probes}/livez`)).rejects.toThrow();
  });

  it('answers in plain HTTP beside an API under TLS', async () => {
    const service = await startService({
      env: {
        TOCSIN_TLS_CERT: tlsFixture.certFile,
        TOCSIN_TLS_KEY: tlsFixture.keyFile,
        TOCSIN_HEALTH_PORT: '0',
      },
    });
    const probes = await until('the probes', () => probesIn(service.stdout()));
    expect(probes).toMatch(/^http:/);
    expect((await fetch(`${probes}/readyz`)).status).toBe(200);
  });

  it('says for as long as the process ends that it is not ready, and that it lives', async () => {
    const sink = await startHttpSink();
    sink.answer(() => {});
    const service = await startService({
      config: `egress: {allow: ['${new URL(sink.url).host}']}\ndefault: [slow]\ntargets: [{id: slow, kind: http, url: '${sink.url}', timeout: 3s}]\n`,
      env: { TOCSIN_HEALTH_PORT: '0' },
    });
    const probes = await until('the probes', () => probesIn(service.stdout()));
    await service.webhook('[{"id":"held by its receiver"}]');
    await until('the attempt to be under way', () => sink.received.length === 1);
    const ending = service.stop();
    const stopping = await until('the process to be ending', async () => {
      const answer = await ask(probes, { path: '/readyz' });
      return answer.status === 503 && answer;
    });
    expect(stopping.json).toMatchObject({ status: 503 });
    expect((await ask(probes, { path: '/livez' })).status).toBe(200);
    expect(await ending).toBe(0);
    await sink.close();
  });

  it('is not there unless it is asked for', async () => {
    const service = await startService();
    expect(service.stdout()).not.toContain('probes are answered');
  });

  it('that is taken refuses the start', async () => {
    const other = await startService();
    const port = new URL(other.url).port;
    await expect(startService({ env: { TOCSIN_HEALTH_PORT: port } })).rejects.toThrow(/the port is taken/);
    const still = connect(Number(port), '127.0.0.1');
    await once(still, 'connect');
    still.destroy();
  });
});
