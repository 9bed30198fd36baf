import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { describeWith } from '../support/needs.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';
import { dispose, type Service, sign, startService } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';

await describeWith('nginx', 'the reverse proxy in front of two processes', () => {
  let services: Service[];
  let proxy: Proxy;
  let started: Proxy | undefined;
  beforeAll(async () => {
    const config = 'http: {trustedProxies: [127.0.0.1]}\n';
    services = [await startService({ config }), await startService({ config })];
    proxy = started = await startProxy(services.map(({ url }) => url));
  });
  afterAll(async () => {
    await started?.stop();
    await dispose();
  });

  let number = 0;
  const post = (body = `[{"id":"through the proxy ${(number += 1)}"}]`) =>
    ask(proxy.url, {
      method: 'POST',
      path: '/v1/webhook',
      body,
      headers: { 'content-type': 'application/json', 'x-sqreen-integrity': sign(body) },
    });
  const handled = (service: Service): number => service.stdout().split('"url.path":"/v1/webhook"').length - 1;

  /** From another address of this machine; the answer's status. */
  async function askFrom(
    localAddress: string,
    { agent, headers = {} }: { agent?: Agent; headers?: OutgoingHttpHeaders } = {},
  ): Promise<number | undefined> {
    const { hostname, port } = new URL(proxy.url);
    const options = { hostname, port, path: '/livez', localAddress, headers, ca: tlsFixture.cert };
    const sent = request({ ...options, agent: agent ?? false }).end();
    const [response]: IncomingMessage[] = await once(sent, 'response');
    response?.resume();
    return response?.statusCode;
  }

  test('leads plain HTTP to TLS', async () => {
    const answer = await ask(proxy.plainUrl, { path: '/events/x?y=1' });
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toBe('https://127.0.0.1/events/x?y=1');
  });

  test('shares signed requests out, byte for byte, so that both processes take some', async () => {
    for (let sent = 0; sent < 20; sent++) expect((await post('[ {"id" :"é"} ]')).status).toBe(200);
    await until('both to have taken some', () => services.every((service) => handled(service) > 0));
  });

  test('lets the service know that TLS was used', async () => {
    const { headers } = await ask(proxy.url, { path: '/livez' });
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
    expect(headers['server']).toBe('nginx');
  });

  test('says where the client is, whatever the client says of itself', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
    };
    expect(await askFrom('127.0.0.2', { headers })).toBe(200);
    const logs = () => services.map((service) => service.stdout()).join('');
    await until('the request in a log', () => logs().includes('"source.ip":"127.0.0.2"'));
    expect(logs()).not.toContain('203.0.113.9');
  });

  test("turns one client's flood away, and serves others meanwhile", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const flood = Array.from({ length: 2_000 }, () => askFrom('127.0.0.9', { agent }));
    const others = Array.from({ length: 20 }, () => askFrom('127.0.0.8'));
    expect(new Set(await Promise.all(others))).toEqual(new Set([200]));
    expect(new Set(await Promise.all(flood))).toEqual(new Set([200, 429]));
    agent.destroy();
  });

  test('turns away a body over the cap before it reaches a process', async () => {
    const before = services.map(handled);
    expect((await post(`["${'x'.repeat(16 * 1024 * 1024)}"]`)).status).toBe(413);
    expect(services.map(handled)).toEqual(before);
  });

  test('goes on when a process is gone: no request fails', async () => {
    await services[0]?.kill();
    for (let sent = 0; sent < 20; sent++) expect((await post()).status).toBe(200);
  });
});
