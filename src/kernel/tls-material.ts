import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** What a connection proves the other side with and itself, as PEM. Each is left out where the default serves. */
export interface TlsMaterial {
  /** Trusted instead of the public authorities. */
  readonly ca?: string;
  /** Shown to a server that asks for it; with the chain, the leaf first. */
  readonly cert?: string;
  readonly key?: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Whether TLS can work with it: the PEM is whole, and the key is the certificate's. */
export function isTlsMaterial(material: TlsMaterial): boolean {
  try {
    createSecureContext({ ...material });
    return material.ca === undefined || isCertificates(material.ca);
  } catch {
    // What OpenSSL cannot read is what was asked about.
    return false;
  }
}

/** OpenSSL passes over what it cannot read among authorities; nobody would be trusted then, or not everybody. */
function isCertificates(pem: string): boolean {
  const certificates = pem.match(CERTIFICATE) ?? [];
  // Throws for what is none.
  return certificates.map((one) => new X509Certificate(one)).length > 0;
}
