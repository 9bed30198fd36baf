import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renewedFixture, tlsFixture } from '../../tests/support/tls-fixture.ts';
import { readTls, transportFaults, type TransportSettings } from './transport.ts';

const directory = mkdtempSync(join(tmpdir(), 'tocsin-transport-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
const { certFile, keyFile } = tlsFixture;
const faults = (
  settings: TransportSettings,
  connects: 'http' | 'sockets' | 'nowhere' = 'http',
  origin: 'file' | 'store' = 'file',
) => transportFaults({ connects }, settings, origin).map(({ path, message }) => `${path}: ${message}`);

describe('the transport of a target', () => {
  it('takes certificates, authorities and a proxy', () => {
    const proxy = { proxy: 'http://proxy.internal:3128', proxyUser: 'u', proxyPassword: 'p' };
    expect(faults({ tlsCaFile: certFile, tlsCertFile: certFile, tlsKeyFile: keyFile, ...proxy })).toEqual([]);
    expect(faults({ tlsCaFile: certFile }, 'sockets')).toEqual([]);
    expect(faults({}, 'nowhere')).toEqual([]);
  });

  it.each([
    [{ tlsCertFile: certFile }, 'tlsKeyFile: is missing'],
    [{ tlsKeyFile: keyFile }, 'tlsCertFile: is missing'],
    [{ tlsCaFile: '/nonexistent/hush.pem' }, 'tlsCaFile: cannot be read'],
    [{ tlsCaFile: directory }, 'tlsCaFile: cannot be read'],
    [{ tlsCaFile: keyFile }, 'tlsCaFile: holds no certificates'],
    [{ tlsCaFile: file('empty.pem', '') }, 'tlsCaFile: holds no certificates'],
    [
      {
        tlsCaFile: file(
          'broken.pem',
          `${tlsFixture.cert}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
        ),
      },
      'tlsCaFile: holds no certificates',
    ],
    [{ tlsCertFile: file('text.pem', 'hush'), tlsKeyFile: keyFile }, 'tlsCertFile: holds no certificates'],
    [{ tlsCertFile: certFile, tlsKeyFile: certFile }, 'tlsKeyFile: holds no key'],
    [{ tlsCertFile: certFile, tlsKeyFile: renewedFixture.keyFile }, 'tlsKeyFile: holds no key'],
    [{ proxy: 'http://a:99999' }, 'proxy: must be'],
    [{ proxy: 'http://a:1', proxyUser: 'hush' }, 'proxyPassword: is missing'],
    [{ proxyUser: 'hush', proxyPassword: 'hush' }, 'proxyUser: is of no use'],
  ])('finds the fault in %j and repeats no value', (settings, fault) => {
    const [found = ''] = faults(settings);
    expect(found).toContain(fault);
    expect(found).not.toContain('hush');
  });

  it('is refused where it would do nothing', () => {
    expect(faults({ proxy: 'http://a:1' }, 'sockets')).toEqual(['proxy: is of no use to this kind']);
    expect(faults({ tlsCaFile: certFile }, 'nowhere')).toEqual(['tlsCaFile: is of no use to this kind']);
  });

  it('reads no file for a target made over the API, be it there or not', () => {
    const refusal = 'can be set in the config file only, not over the API';
    for (const path of [certFile, '/nonexistent.pem'])
      expect(faults({ tlsCaFile: path }, 'http', 'store')).toEqual([`tlsCaFile: ${refusal}`]);
  });

  it('holds what the files hold now', () => {
    const changing = file('changing.pem', tlsFixture.cert);
    expect(readTls({ tlsCaFile: changing })).toEqual({ ok: true, tls: { ca: tlsFixture.cert } });
    writeFileSync(changing, renewedFixture.cert);
    expect(readTls({ tlsCaFile: changing })).toEqual({ ok: true, tls: { ca: renewedFixture.cert } });
    expect(readTls({})).toEqual({ ok: true, tls: {} });
  });
});
