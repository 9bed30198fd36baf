import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectProxy } from '../../tests/support/connect-proxy.ts';
import { answers, HttpReceiver } from '../../tests/support/http-receiver.ts';
import { renewedFixture, tlsFixture } from '../../tests/support/tls-fixture.ts';
import { guardedDial, openDial } from './dial.ts';
import { egressGuard } from './egress.ts';
import { createGuardedHttpClient, type GuardedHttpOptions } from './guarded-http.ts';
import type { ForwardProxy } from './proxy-tunnel.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const kept = <T extends { close(): unknown }>(thing: T): T => {
  cleanups.push(() => thing.close());
  return thing;
};
const client = (options: Partial<GuardedHttpOptions>) =>
  kept(
    createGuardedHttpClient({
      allow: ['127.0.0.0/8'],
      connectTimeoutMs: 5_000,
      connectionsMax: 4,
      ...options,
    }),
  );
const through = (url: string, more: Partial<ForwardProxy> = {}): ForwardProxy => ({
  url,
  dial: openDial(),
  tellsName: true,
  ...more,
});
const post = (url: string) => ({ url, headers: {}, body: 'hello', timeoutMs: 10_000 });

describe('a forward proxy', () => {
  let receiver: HttpReceiver;
  let secure: HttpReceiver;
  beforeEach(async () => {
    receiver = kept(await HttpReceiver.start());
    secure = kept(await HttpReceiver.start('https'));
  });

  it('carries plain and secure requests, each origin over a tunnel of its own that is kept', async () => {
    const proxy = kept(await ConnectProxy.start());
    const http = client({ proxy: through(proxy.url), tls: { ca: tlsFixture.cert } });
    for (let i = 0; i < 3; i += 1) {
      expect(await http.request(post(receiver.url('/a')))).toMatchObject({ ok: true });
      expect(await http.request(post(secure.url('/b')))).toMatchObject({ ok: true });
    }
    expect(receiver.requests).toHaveLength(3);
    expect(secure.requests[0]).toMatchObject({ path: '/b', body: 'hello' });
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${receiver.port}`, `127.0.0.1:${secure.port}`]));
    expect(proxy.asked.length).toBeLessThanOrEqual(4);
  });

  it('may itself be reached over TLS, and is proved by its own certificate', async () => {
    const proxy = kept(await ConnectProxy.start('https'));
    const unproved = client({ proxy: through(proxy.url) });
    expect(await unproved.request(post(receiver.url()))).toMatchObject({ ok: false, reason: 'proxy' });
    expect(proxy.asked).toEqual([]);
    const http = client({
      proxy: through(proxy.url, { ca: tlsFixture.cert }),
      tls: { ca: tlsFixture.cert },
    });
    expect(await http.request(post(receiver.url()))).toMatchObject({ ok: true });
    expect(await http.request(post(secure.url()))).toMatchObject({ ok: true });
  });

  it('gets the credentials, and the receiver never does', async () => {
    const proxy = kept(await ConnectProxy.start());
    const http = client({ proxy: through(proxy.url, { authorization: 'Basic aHVzaDpodXNo' }) });
    await http.request(post(receiver.url()));
    expect(proxy.authorizations).toEqual(['Basic aHVzaDpodXNo']);
    expect(JSON.stringify(receiver.requests[0]?.headers)).not.toContain('aHVzaDpodXNo');
  });

  it('is asked for nothing that the guard forbids', async () => {
    const proxy = kept(await ConnectProxy.start());
    const lookup = (host: string) => Promise.resolve(host === 'inside.example' ? ['10.0.0.1'] : []);
    const http = client({ proxy: through(proxy.url), allow: [], lookup });
    for (const url of [receiver.url(), 'https://169.254.169.254/', 'https://inside.example/'])
      expect(await http.request(post(url))).toMatchObject({ ok: false, reason: 'egress_denied' });
    expect(await http.request(post('https://nobody.example/'))).toMatchObject({ reason: 'dns' });
    expect(proxy.asked).toEqual([]);
  });

  it('is told the name, or the address that was checked', async () => {
    const proxy = kept(await ConnectProxy.start('http', new Map([['hooks.example', receiver.port]])));
    const lookup = () => Promise.resolve(['10.0.0.1', '127.0.0.1']);
    const url = `http://hooks.example:${receiver.port}/`;
    await client({ proxy: through(proxy.url), lookup }).request(post(url));
    await client({ proxy: through(proxy.url, { tellsName: false }), lookup }).request(post(url));
    expect(proxy.asked).toEqual([`hooks.example:${receiver.port}`, `127.0.0.1:${receiver.port}`]);
    expect(receiver.requests.map(({ headers }) => headers['host'])).toEqual(
      Array(2).fill(`hooks.example:${receiver.port}`),
    );
  });

  it('may be forbidden itself', async () => {
    const proxy = kept(await ConnectProxy.start());
    const dial = guardedDial(egressGuard([`127.0.0.2:${proxy.port}`]));
    const http = client({ proxy: through(proxy.url, { dial }) });
    expect(await http.request(post(receiver.url()))).toMatchObject({ ok: false, reason: 'egress_denied' });
    expect(proxy.asked).toEqual([]);
  });

  it.each([407, 403, 502, 302])('that answers %d has given no tunnel', async (status) => {
    const proxy = kept(await ConnectProxy.start());
    proxy.status = status;
    const answer = await client({ proxy: through(proxy.url) }).request(post(receiver.url()));
    expect(answer).toEqual({ ok: false, reason: 'proxy', detail: `PROXY_ANSWERED_${status}` });
    expect(receiver.connections).toBe(0);
  });

  it('that is not there, hangs, or speaks another protocol is told apart from the receiver', async () => {
    const gone = await ConnectProxy.start();
    const goneUrl = gone.url;
    await gone.close();
    const raw = async (onData: (socket: Socket) => void) => {
      const open = new Set<Socket>();
      const server = createServer((socket) => {
        open.add(socket.on('error', () => {}).once('data', () => onData(socket)));
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      cleanups.push(() => {
        for (const socket of open) socket.destroy();
        server.close();
      });
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    };
    const ask = (url: string) =>
      client({ proxy: through(url), connectTimeoutMs: 300 }).request(post(receiver.url()));
    expect(await ask(goneUrl)).toMatchObject({ reason: 'proxy', detail: 'PROXY_ECONNREFUSED' });
    expect(await ask(await raw(() => {}))).toMatchObject({ reason: 'proxy', detail: 'PROXY_ETIMEDOUT' });
    const other = await ask(await raw((socket) => socket.end('220 mail.example ESMTP\r\n')));
    expect(other).toMatchObject({ reason: 'proxy' });
    const flood = await ask(
      await raw((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)),
    );
    expect(flood).toMatchObject({ reason: 'proxy' });
  });

  it('outlives its time limit once the tunnel stands', async () => {
    const proxy = kept(await ConnectProxy.start());
    const http = client({ proxy: through(proxy.url), connectTimeoutMs: 200 });
    receiver.answer = (response) => void setTimeout(() => response.writeHead(200).end(), 400);
    expect(await http.request(post(receiver.url()))).toMatchObject({ ok: true });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('mutual TLS', () => {
  const asks = { requestCert: true, rejectUnauthorized: true, ca: renewedFixture.cert };

  it('shows our certificate to a receiver that asks for one', async () => {
    const receiver = kept(await HttpReceiver.start('https', asks));
    const http = client({ tls: { ca: tlsFixture.cert, cert: renewedFixture.cert, key: renewedFixture.key } });
    expect(await http.request(post(receiver.url()))).toMatchObject({ ok: true, status: 200 });
    const proxy = kept(await ConnectProxy.start());
    const proxied = client({
      proxy: through(proxy.url),
      tls: { ca: tlsFixture.cert, cert: renewedFixture.cert, key: renewedFixture.key },
    });
    expect(await proxied.request(post(receiver.url()))).toMatchObject({ ok: true, status: 200 });
  });

  it('gets nowhere without it, or with a stranger’s', async () => {
    const receiver = kept(await HttpReceiver.start('https', asks));
    receiver.answer = answers.status(200);
    const bare = client({ tls: { ca: tlsFixture.cert } });
    expect(await bare.request(post(receiver.url()))).toMatchObject({ ok: false });
    const stranger = client({ tls: { ca: tlsFixture.cert, cert: tlsFixture.cert, key: tlsFixture.key } });
    expect(await stranger.request(post(receiver.url()))).toMatchObject({ ok: false });
    expect(receiver.requests).toEqual([]);
  });
});
