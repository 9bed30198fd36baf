import { defineScheme, refused } from './scheme.ts';

/**
 * A client certificate (RFC 8446, 4.4.2) of our own TLS listener, signed by an authority of `http.tlsClientCa`; with
 * `certificates` only those. What a proxy says of a certificate counts for nothing. It proves the sender, and TLS the
 * body; no time and no id is signed.
 */
export const mtls = defineScheme({
  name: 'mtls',
  summary: 'A client certificate that an authority of `http.tlsClientCa` signed.',
  settings: ['certificates'],
  check: () => [],
  open({ certificates }) {
    const known = certificates && new Set(certificates.map(plainHex));
    return ({ clientCertificate }) => {
      if (clientCertificate === undefined) return refused('certificate_missing');
      return known === undefined || known.has(clientCertificate.fingerprint)
        ? { kind: 'verified' }
        : refused('certificate_refused');
    };
  },
});

const plainHex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();
