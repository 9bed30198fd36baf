import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Topic } from './topic.ts';

/** `detail` is for the log; it holds nothing of the certificate. */
export type CertificateCheck =
  | { readonly kind: 'good'; readonly key: KeyObject; readonly validToMs: number }
  | { readonly kind: 'refused'; readonly detail: string };

const BLOCK = /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const CERTIFICATES_MAX = 6;
const MODULUS_BITS_MIN = 2_048;

const refuse = (detail: string): CertificateCheck => ({ kind: 'refused', detail });

/**
 * Whether a PEM text holds a certificate that may sign for the topic now: issued to SNS by somebody else, in its
 * time, with an RSA key. What proves that it is Amazon's is the connection it was fetched over, to the host of the
 * topic; authorities that come with it must have signed each other.
 */
export function checkCertificate(pem: string, topic: Topic, now: number): CertificateCheck {
  const chain = readChain(pem);
  const [leaf] = chain;
  if (leaf === undefined) return refuse('what the host sent is no certificate');
  const validToMs = Date.parse(leaf.validTo);
  // Also when a date cannot be read.
  if (!(now >= Date.parse(leaf.validFrom) && now < validToMs)) {
    return refuse('the certificate is not valid yet, or not any more');
  }
  if (!topic.certificateNames.some((name) => leaf.checkHost(name, { wildcards: false }) !== undefined)) {
    return refuse('the certificate is not issued to SNS');
  }
  if (leaf.ca || leaf.issuer === leaf.subject) return refuse('the certificate is not issued by an authority');
  if (!chain.every((one, index) => isIssuedBy(one, chain[index + 1]))) {
    return refuse('the certificates sent did not sign each other');
  }
  const { publicKey } = leaf;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== 'rsa' || bits < MODULUS_BITS_MIN) {
    return refuse(`the certificate has no RSA key of ${MODULUS_BITS_MIN} bits or more`);
  }
  return { kind: 'good', key: publicKey, validToMs };
}

function readChain(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length > CERTIFICATES_MAX) return [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    // Not DER of a certificate: told as having none.
    return [];
  }
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate | undefined): boolean =>
  issuer === undefined || (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
