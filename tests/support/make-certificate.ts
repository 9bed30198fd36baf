import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';

/** A certificate that a test made, with its key. PEM. */
export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
}

export interface CertificateWishes {
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly isAuthority?: boolean;
  readonly from?: Date;
  readonly to?: Date;
  /** RSA with so many bits; an elliptic curve's when absent. */
  readonly rsaBits?: number;
  /** Itself when absent. */
  readonly issuer?: MadeCertificate;
}

/** Makes an X.509 certificate (RFC 5280) as a test wants it, wrong ones too. */
export function makeCertificate(wishes: CertificateWishes): MadeCertificate {
  const { commonName, issuer, rsaBits } = wishes;
  const { publicKey, privateKey } =
    rsaBits === undefined
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: rsaBits });
  const signer = issuer === undefined ? privateKey : createPrivateKey(issuer.key);
  const issuerName = issuer === undefined ? nameOf(commonName) : subjectOf(new X509Certificate(issuer.cert));
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithmOf(signer),
    issuerName,
    sequence(time(wishes.from ?? new Date('2020-01-01')), time(wishes.to ?? new Date('2100-01-01'))),
    nameOf(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensionsOf(wishes))),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)]));
  const der = sequence(body, algorithmOf(signer), signature);
  return {
    cert: pem(der),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

const ECDSA_SHA256 = '06082a8648ce3d040302';
const RSA_SHA256 = '06092a864886f70d01010b0500';
const COMMON_NAME = '0603550403';
const BASIC_CONSTRAINTS = '0603551d13';
const ALTERNATIVE_NAME = '0603551d11';
const TRUE = '0101ff';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** DER (X.690): tag, length, content. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
/** GeneralizedTime. */
const time = (at: Date): Buffer =>
  tagged(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
const nameOf = (commonName: string): Buffer =>
  sequence(tagged(0x31, sequence(hex(COMMON_NAME), tagged(0x0c, Buffer.from(commonName)))));
const subjectOf = (certificate: X509Certificate): Buffer => nameOf(certificate.subject.replace(/^CN=/, ''));
const algorithmOf = (key: KeyObject): Buffer =>
  sequence(hex(key.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256));

function extensionsOf({ isAuthority = false, dnsNames = [] }: CertificateWishes): Buffer[] {
  const constraints = isAuthority ? sequence(hex(TRUE)) : sequence();
  const basic = sequence(hex(BASIC_CONSTRAINTS), hex(TRUE), tagged(0x04, constraints));
  if (dnsNames.length === 0) return [basic];
  const names = sequence(...dnsNames.map((name) => tagged(0x82, Buffer.from(name))));
  return [basic, sequence(hex(ALTERNATIVE_NAME), tagged(0x04, names))];
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
