import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { readCertificate } from '../../app/tls.ts';
import { StartRefused } from '../../app/start-refused.ts';
import { type Config, publicUrlOf } from '../../app/settings.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const DAY_MS = 86_400_000;
const DAYS_WARN = 14;

/** Our own certificate: whether it and its key can be used, for which name, and for how long. */
export function checkTls(config: Config, now: number): readonly Finding[] {
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa } = config.http;
  if (cert === undefined || key === undefined) return [];
  try {
    const pair = readCertificate({ cert, key, ...(clientCa === undefined ? {} : { clientCa }) });
    return judgeCertificate(new X509Certificate(pair.cert), publicUrlOf(config), now);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [
      fail(
        'tls',
        error.message,
        'Mend the files of http.tlsCert and http.tlsKey; the service does not start so.',
      ),
    ];
  }
}

function judgeCertificate(
  certificate: X509Certificate,
  publicUrl: string | undefined,
  now: number,
): readonly Finding[] {
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  const ends = new Date(certificate.validTo).toISOString();
  const renew = 'Renew it; the service takes the new files without a restart.';
  const found: Finding[] = [];
  if (Date.parse(certificate.validFrom) > now)
    found.push(fail('tls', 'the certificate is not valid yet', 'Set the clock right, or wait.'));
  if (days < 0) found.push(fail('tls', `the certificate ended ${ends}`, renew));
  else if (days < DAYS_WARN) found.push(warn('tls', `the certificate ends in ${days} days, ${ends}`, renew));
  const host = publicUrl === undefined ? undefined : new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  if (host !== undefined && !isFor(certificate, host))
    found.push(
      warn(
        'tls',
        `the certificate is not one for ${host}, the host of http.publicUrl`,
        'Get one for that name, unless a proxy in front has its own.',
      ),
    );
  return found.length > 0 ? found : [ok('tls', `the certificate and its key fit, for another ${days} days`)];
}

const isFor = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
