import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../support/ask.ts';
import { RawClient } from '../support/raw-client.ts';
import { TOKEN } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const PER_MINUTE = 50;
const BODY = '[{}]';
const forged = (address: string): string =>
  `POST /v1/webhook HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nX-Sqreen-Integrity: ${'0'.repeat(64)}\r\nContent-Length: 4\r\n\r\n[{}]`;

afterAll(endOfVisits);

describe('behind a trusted proxy', () => {
  let proxied: Visit;
  beforeAll(async () => {
    proxied = await visit({
      config: `http:\n  trustedProxies: [127.0.0.0/8]\n  unverifiedPerMinute: ${PER_MINUTE}\n`,
    });
  });
  it('10,000 forged requests of one client are turned away with 429, and others are served', async () => {
    const flood = await RawClient.connect(proxied.url);
    flood.send(forged('203.0.113.1').repeat(10_000));
    await flood.answered(10_000, 30_000);
    const { statuses } = flood;
    flood.close();
    const refused = statuses.filter((status) => status === 401);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    // The time that the flood took gives a few more than a minute's worth.
    expect(refused.length).toBeGreaterThanOrEqual(PER_MINUTE);
    expect(refused.length).toBeLessThan(PER_MINUTE * 2);
    const again = await proxied.webhook(BODY, { headers: { 'x-forwarded-for': '203.0.113.1' } });
    expect(again.status).toBe(429);
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(0);
    for (const other of ['203.0.113.2', '2001:db8::1', '::ffff:203.0.113.3']) {
      expect((await proxied.webhook(BODY, { headers: { 'x-forwarded-for': other } })).status).toBe(200);
    }
  });

  it('a client is whom the last proxy says it is, not whom it says itself', async () => {
    const flood = await RawClient.connect(proxied.url);
    const hops = Array.from({ length: 200 }, (_, n) => forged(`10.1.2.${n}, 203.0.113.9`));
    flood.send(hops.join(''));
    await flood.answered(200);
    expect(flood.statuses).toContain(429);
    flood.close();
  });

  it('an IPv6 client is counted by its network, so that it cannot change its address', async () => {
    const flood = await RawClient.connect(proxied.url);
    flood.send(Array.from({ length: 200 }, (_, n) => forged(`2001:db8:5:5::${n.toString(16)}`)).join(''));
    await flood.answered(200);
    expect(flood.statuses.filter((status) => status === 401).length).toBeLessThan(PER_MINUTE * 2);
    flood.close();
  });

  it('requests whose signature verifies are not counted, however many', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.20' };
    for (let n = 0; n < PER_MINUTE * 2; n++) {
      expect((await proxied.webhook(BODY, { headers })).status).toBe(200);
    }
  });

  it('wrong tokens are turned away with 429 after a while, also with the right one then, and others are served', async () => {
    const get = (address: string, token: string) =>
      proxied.ask({
        path: '/api/v1/events',
        headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': address },
      });
    const statuses: number[] = [];
    for (let n = 0; n < 60; n++) statuses.push((await get('203.0.113.30', `wrong-${n}`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
    expect((await get('203.0.113.30', TOKEN)).status).toBe(429);
    expect((await get('203.0.113.31', TOKEN)).status).toBe(200);
  });

  it('right tokens are not counted, however many at once', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.40' };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => proxied.ask({ path: '/api/v1/events', headers })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('what a proxy says of TLS is believed too', async () => {
    const answer = await proxied.raw('GET /livez HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n');
    expect(answer.received).toMatch(/^strict-transport-security: /m);
  });
});

describe('requests of all kinds', () => {
  const config = `http:\n  trustedProxies: [127.0.0.0/8]\n  unverifiedPerMinute: 1000\n  requestsPerMinute: ${PER_MINUTE}\n`;
  let limited: Visit;
  beforeAll(async () => {
    limited = await visit({ config });
  });
  const get = (path: string, address: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
  const flood = async (request: string, times = PER_MINUTE * 4): Promise<number[]> => {
    const client = await RawClient.connect(limited.url);
    client.send(request.repeat(times));
    await client.answered(times);
    client.close();
    return client.statuses;
  };

  it.each([
    ['an operator’s', '/api/v1/events?limit=1', 200, '203.0.113.1'],
    ['a public one', '/page/page.css', 200, '203.0.113.2'],
    ['what is not there', '/nothing', 404, '203.0.113.3'],
  ])('are limited per client: %s', async (_name, path, status, address) => {
    const statuses = await flood(get(path, address));
    expect(new Set(statuses)).toEqual(new Set([status, 429]));
    const served = statuses.filter((one) => one !== 429).length;
    expect(served).toBeGreaterThanOrEqual(PER_MINUTE);
    expect(served).toBeLessThan(PER_MINUTE * 2);
    const answer = await limited.ask({ path: '/api/v1/session', headers: { 'x-forwarded-for': address } });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each(['/livez', '/readyz'])(
    'spare the probes at %s, also of a client that is turned away',
    async (path) => {
      await flood(get('/nothing', '203.0.113.10'));
      expect(new Set(await flood(get(path, '203.0.113.10')))).toEqual(new Set([200]));
    },
  );

  it('spare a sender whose signatures verify, also where an operator at the same address is turned away', async () => {
    await flood(get('/nothing', '203.0.113.20'));
    const headers = { 'x-forwarded-for': '203.0.113.20' };
    for (let n = 0; n < PER_MINUTE * 2; n++)
      expect((await limited.webhook(BODY, { headers })).status).toBe(200);
  });

  it('count an IPv6 network as one client', async () => {
    const client = await RawClient.connect(limited.url);
    const many = Array.from({ length: 200 }, (_, n) => get('/nothing', `2001:db8:7:7::${n.toString(16)}`));
    client.send(many.join(''));
    await client.answered(200);
    client.close();
    expect(client.statuses.filter((status) => status === 404).length).toBeLessThan(PER_MINUTE * 2);
  });

  it('are not limited where the setting says 0', async () => {
    const open = await visit({ config: 'http:\n  requestsPerMinute: 0\n' });
    const client = await RawClient.connect(open.url);
    client.send(get('/page/page.css', '-').repeat(7_000));
    await client.answered(7_000, 30_000);
    client.close();
    expect(new Set(client.statuses)).toEqual(new Set([200]));
  });
});

describe('without a trusted proxy', () => {
  it('X-Forwarded-For and -Proto are nobody’s word', async () => {
    const direct = await visit({ config: `http:\n  unverifiedPerMinute: ${PER_MINUTE}\n` });
    const flood = await RawClient.connect(direct.url);
    flood.send(Array.from({ length: 200 }, (_, n) => forged(`198.51.100.${n}`)).join(''));
    await flood.answered(200);
    expect(flood.statuses).toContain(429);
    flood.close();
    const answer = await direct.webhook(BODY, {
      headers: { 'x-forwarded-for': '198.51.100.250', 'x-forwarded-proto': 'https' },
    });
    expect(answer.status).toBe(429);
    expect(at(answer.json, 'code')).toBe('too_many_requests');
  });
});
