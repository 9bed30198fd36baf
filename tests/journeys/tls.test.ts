import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDirectory } from '../support/service.ts';
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
    expect(session.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  });

  it('speaks no version of TLS before 1.2, and no plain HTTP', async () => {
    expect(await shownBy(there.url)).toBeDefined();
    expect(await shownBy(there.url, 'TLSv1.1')).toBeUndefined();
    const plain = await there.raw('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(plain.statuses).not.toContain(200);
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
    writeFileSync(join(directory, 'cert.pem'), 'no certificate');
    expect(await shownBy(there.url)).toBe(renewed);
  });
});
