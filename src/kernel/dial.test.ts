import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedDial, openDial, openSocket } from './dial.ts';
import { egressGuard } from './egress.ts';

const among =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses);

describe('a guarded dial', () => {
  it('gives those addresses of a name that are permitted, and no other', async () => {
    const dial = guardedDial(egressGuard([]), among('10.0.0.1', '93.184.216.34', '::1', '127.0.0.1'));
    expect(await dial.resolve('mixed.example', 25)).toEqual({ ok: true, addresses: ['93.184.216.34'] });
  });

  it.each([
    ['10.0.0.1', []],
    ['::1', []],
    ['127.1', ['127.0.0.1']],
    ['2130706433', ['127.0.0.1']],
    ['inside.example', ['169.254.169.254']],
    ['inside.example', ['::ffff:127.0.0.1']],
  ])('denies %s with the addresses %j', async (host, addresses) => {
    const dial = guardedDial(egressGuard([]), among(...addresses));
    expect(await dial.resolve(host, 25)).toMatchObject({ ok: false, reason: 'egress_denied' });
  });

  it('permits what the allow list names, on the port that it names', async () => {
    const dial = guardedDial(egressGuard(['127.0.0.1:2525', 'mail.internal']), among('10.0.0.9'));
    expect(await dial.resolve('127.0.0.1', 2525)).toMatchObject({ ok: true });
    expect(await dial.resolve('127.0.0.1', 25)).toMatchObject({ ok: false });
    expect(await dial.resolve('mail.internal', 25)).toEqual({ ok: true, addresses: ['10.0.0.9'] });
  });

  it('tells a name that is not there', async () => {
    const missing = () => Promise.reject(Object.assign(new Error('secret.example'), { code: 'ENOTFOUND' }));
    const answer = { ok: false, reason: 'dns', detail: 'ENOTFOUND' };
    expect(await guardedDial(egressGuard([]), missing).resolve('no.example', 25)).toEqual(answer);
    expect(await openDial(among()).resolve('no.example', 25)).toMatchObject({ ok: false, reason: 'dns' });
  });
});

describe('an open dial', () => {
  it('takes the host as it is written', async () => {
    expect(await openDial().resolve('127.0.0.1', 25)).toEqual({ ok: true, addresses: ['127.0.0.1'] });
    expect(await openDial(among('10.0.0.1')).resolve('mail', 25)).toEqual({
      ok: true,
      addresses: ['10.0.0.1'],
    });
  });
});

describe('a socket', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  const listen = async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('hello'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => server.close());
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };

  it('is opened to the checked address, whatever the name says a moment later', async () => {
    const port = await listen();
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    let lookups = 0;
    const dial = guardedDial(egressGuard(['127.0.0.1']), () => Promise.resolve(answers[lookups++] ?? []));
    const opened = await openSocket(dial, 'turning.example', port, 5_000);
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) {
      expect(opened.socket.remoteAddress).toBe('127.0.0.1');
      opened.socket.destroy();
    }
    expect(lookups).toBe(1);
  });

  it('tries the next address when one does not answer', async () => {
    const port = await listen();
    const dial = openDial(among('::1', '127.0.0.1'));
    const opened = await openSocket(dial, 'two.example', port, 5_000);
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) opened.socket.destroy();
  });

  it('is not opened where the guard forbids, and tells a port where nobody listens', async () => {
    const port = await listen();
    await cleanups.splice(0)[0]?.();
    expect(await openSocket(guardedDial(egressGuard([])), '127.0.0.1', port, 5_000)).toMatchObject({
      reason: 'egress_denied',
    });
    expect(await openSocket(openDial(), '127.0.0.1', port, 5_000)).toMatchObject({
      reason: 'connection_refused',
      detail: 'ECONNREFUSED',
    });
  });
});
