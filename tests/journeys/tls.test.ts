import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer, type PeerCertificate } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../support/make-certificate.ts';
import { newDirectory, startService } from '../support/service.ts';
import { handshake, oldCiphers, onlyCipher } from '../support/tls-handshake.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

afterAll(endOfVisits);

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../tests/fixtures/tls/${name}`, import.meta.url));

/** The certificate that the server shows now, by its fingerprint; undefined when it shows none. */
async function shownBy(url: string, maxVersion?: 'TLSv1.1'): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    host: hostname,
    port: Number(port),
    rejectUnauthorized: false,
    ...(maxVersion === undefined ? {} : { minVersion: 'TLSv1', maxVersion, ciphers: 'ALL:@SECLEVEL=0' }),
  });
  try {
    await once(socket, 'secureConnect');
    const certificate: PeerCertificate = socket.getPeerCertificate();
    return certificate.fingerprint256;
  } catch {
    // The handshake was refused.
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** Everything weak that a client might talk the server into. */
async function weaknessesOf(url: string): Promise<string[]> {
  const versions = await Promise.all(
    (['TLSv1', 'TLSv1.1'] as const).map((maxVersion) => handshake(url, { maxVersion })),
  );
  const agreed = await Promise.all(oldCiphers().map((name) => handshake(url, onlyCipher(name))));
  const weak = agreed.filter((one) => one !== undefined && !STRONG.test(one.cipher));
  return [...versions, ...weak].flatMap((one) =>
    one === undefined ? [] : [`${one.protocol} ${one.cipher}`],
  );
}

/** Keys that are forgotten, and authenticated encryption. */
const STRONG = /^TLS_ECDHE_\w+_(AES_\d+_GCM_SHA\d+|CHACHA20_POLY1305_SHA256)$/;

/** A server with the same certificate that agrees to whatever its client knows. */
async function startWeakServer(): Promise<{ url: string; close: () => void }> {
  const { cert, key } = tlsFixture;
  const server = createServer({ cert, key, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return { url: `https://127.0.0.1:${address.port}`, close: () => void server.close() };
}

describe('under TLS', () => {
  let there: Visit;
  let directory: string;
  beforeAll(async () => {
    directory = newDirectory();
    copyFileSync(fixture('localhost.pem'), join(directory, 'cert.pem'));
    copyFileSync(fixture('localhost-key.pem'), join(directory, 'key.pem'));
    there = await visit({ directory, env: { TOCSIN_TLS_CERT: 'cert.pem', TOCSIN_TLS_KEY: 'key.pem' } });
  });

  it('serves with HSTS on every answer, and a cookie that travels under TLS only', async () => {
    expect(there.url).toMatch(/^https:/);
    expect((await there.webhook('[{}]')).status).toBe(200);
    expect((await there.ask({ path: '/nothing' })).status).toBe(404);
    const session = await there.operator('POST', '/api/v1/session');
    expect(session.headers['set-cookie']?.[0]).toMatch(/^__Host-tocsin_session=[^;]+; Path=\/; .*; Secure$/);
    const cookie = session.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
    expect((await there.ask({ path: '/api/v1/session', headers: { cookie } })).status).toBe(200);
    const neighbours = { cookie: cookie.replace('__Host-', '') };
    expect((await there.ask({ path: '/api/v1/session', headers: neighbours })).status).toBe(401);
  });

  it('speaks no version of TLS before 1.2, and no plain HTTP', async () => {
    expect(await shownBy(there.url)).toBeDefined();
    expect(await shownBy(there.url, 'TLSv1.1')).toBeUndefined();
    const plain = await there.raw('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(plain.statuses).not.toContain(200);
  });

  it('agrees to no version before 1.2 and to no weak cipher, out of all that a client can offer', async () => {
    const weak = await startWeakServer();
    // The client of this test can do worse: a server that takes anything is talked into it.
    expect(await handshake(weak.url, { maxVersion: 'TLSv1.1' })).toMatchObject({ protocol: 'TLSv1.1' });
    expect(await handshake(weak.url, onlyCipher('ECDHE-ECDSA-AES128-SHA'))).toMatchObject({
      cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
    });
    weak.close();
    expect(oldCiphers().length).toBeGreaterThan(20);
    expect(await weaknessesOf(there.url)).toEqual([]);
  });

  it('agrees to none with a certificate of RSA either', async () => {
    const rsa = makeCertificate({ commonName: 'localhost', rsaBits: 2_048 });
    const own = newDirectory();
    writeFileSync(join(own, 'cert.pem'), rsa.cert);
    writeFileSync(join(own, 'key.pem'), rsa.key, { mode: 0o600 });
    const service = await startService({
      directory: own,
      env: { TOCSIN_TLS_CERT: 'cert.pem', TOCSIN_TLS_KEY: 'key.pem' },
    });
    expect((await handshake(service.url, { maxVersion: 'TLSv1.2' }))?.cipher).toMatch(/^TLS_ECDHE_RSA_/);
    expect(await weaknessesOf(service.url)).toEqual([]);
    expect(await service.stop()).toBe(0);
  });

  it('agrees to TLS 1.3, and to 1.2 with keys that are forgotten', async () => {
    expect(await handshake(there.url)).toMatchObject({ protocol: 'TLSv1.3' });
    const older = await handshake(there.url, { maxVersion: 'TLSv1.2' });
    expect(older?.cipher).toMatch(/^TLS_ECDHE_.*_(GCM|POLY1305)/);
  });

  it('takes a renewed certificate into use without a restart; half of a renewal changes nothing', async () => {
    const before = await shownBy(there.url);
    copyFileSync(fixture('renewed.pem'), join(directory, 'cert.pem'));
    await until(
      'the look at half of a renewal',
      () => /certificate was not taken/.test(there.service.stdout()),
      25_000,
    );
    expect(await shownBy(there.url)).toBe(before);
    expect((await there.ask({ path: '/livez' })).status).toBe(200);
    copyFileSync(fixture('renewed-key.pem'), join(directory, 'key.pem'));
    const renewed = await until(
      'the renewed certificate',
      async () => {
        const shown = await shownBy(there.url);
        return shown !== before && shown;
      },
      25_000,
    );
    expect(renewed).toBeDefined();
    expect(await weaknessesOf(there.url), 'after a renewal').toEqual([]);
    writeFileSync(join(directory, 'cert.pem'), 'no certificate');
    expect(await shownBy(there.url)).toBe(renewed);
  });
});
