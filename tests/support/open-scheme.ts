import type { Fault } from '../../src/kernel/fault.ts';
import type { HttpClient } from '../../src/kernel/http-client.ts';
import { schemeFaults } from '../../src/sources/open-source.ts';
import type { Headers, Scheme, Verification } from '../../src/sources/schemes/scheme.ts';
import type { SchemeName, VerificationSettings } from '../../src/sources/schemes/settings.ts';
import { sqreen } from '../../src/sources/kinds/sqreen.ts';
import { ManualClock } from './manual-clock.ts';

export const VERIFIED = { kind: 'verified' };
export const refusedFor = (reason: string) => ({ kind: 'refused', reason });

export const nothingIsFetched: HttpClient = {
  request: () => Promise.reject(new TypeError('nothing is fetched here')),
};

export type Asked = (
  headers: Headers,
  body?: string | Buffer,
  fingerprint?: string,
) => Verification | Promise<Verification>;

/** A scheme, opened with settings that it takes: asked with headers in lower case and a body. */
export function openScheme(
  scheme: Scheme,
  settings: VerificationSettings,
  { clock = new ManualClock(), http = nothingIsFetched } = {},
): Asked {
  const faults = scheme.check(settings);
  if (faults.length > 0) throw new Error(`not settings of ${scheme.name}: ${JSON.stringify(faults)}`);
  const verify = scheme.open(settings, { id: 'tested', clock, http });
  return (headers, body = '', fingerprint) =>
    verify({
      headers,
      body: Buffer.from(body),
      clientCertificate: fingerprint === undefined ? undefined : { fingerprint, commonName: '' },
    });
}

/** What the config is told of a scheme's settings: all of a source's checks. */
export const faultsOfScheme = (scheme: SchemeName, settings: VerificationSettings): readonly Fault[] =>
  schemeFaults(sqreen, { scheme, ...settings });

export const faultPaths = (scheme: SchemeName, settings: VerificationSettings): readonly string[] =>
  faultsOfScheme(scheme, settings).map(({ path }) => path);

/** A body with one byte changed, and never the same. */
export function withByteChanged(body: Buffer, at: number, flips: number): Buffer {
  const changed = Buffer.from(body);
  changed.writeUInt8(body.readUInt8(at) ^ flips, at);
  return changed;
}

/** Texts that are no time in Unix seconds, or none that a JavaScript number should be made of. */
export const noTimes = [
  '-1', '+1767225600', '1e400', '1e9', '0x69557f00', '1767225600.5', '1767225600,1767225600', ' 1767225600', 'NaN',
  'Infinity', '17672256000000', '999999999999999999999', '１７６７２２５６００', '1767225600\n', '2026-01-01T00:00:00Z',
]; // prettier-ignore
