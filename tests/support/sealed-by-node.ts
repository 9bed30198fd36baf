import { createCipheriv, createDecipheriv, createHash, hkdfSync, pbkdf2Sync } from 'node:crypto';

/**
 * The sealed format once more, from its page (docs/sealed-format.md) and with another library than the product's: what
 * both make alike is right, and what a maker with bad intents could send is made here.
 */
export interface SealedKeys {
  readonly salt: Buffer | undefined;
  readonly dataKey: Buffer;
  readonly claimToken: Buffer;
  /** Base64url. */
  readonly claimHash: string;
}

const hkdf = (secret: Uint8Array, purpose: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `tocsin message v1 ${purpose}`, length));

export function sealedKeys(key: Uint8Array, password?: string): SealedKeys {
  const salt = password === undefined ? undefined : hkdf(key, 'password salt', 16);
  const secret =
    password === undefined || salt === undefined
      ? key
      : Buffer.concat([key, pbkdf2Sync(password.normalize('NFC'), salt, 600_000, 32, 'sha256')]);
  const claimToken = hkdf(secret, 'claim', 32);
  const claimHash = createHash('sha256').update(claimToken).digest('base64url');
  return { salt, dataKey: hkdf(secret, 'data', 32), claimToken, claimHash };
}

/** The envelope around any plaintext. */
export function sealByNode(dataKey: Uint8Array, nonce: Uint8Array, plain: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', dataKey, nonce).setAAD(Buffer.from('tocsin message v1'));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([Buffer.of(1), nonce, sealed]).toString('base64url');
}

/** The plaintext of an envelope; throws when it is not of this key. */
export function openByNode(dataKey: Uint8Array, ciphertext: string): Buffer {
  const envelope = Buffer.from(ciphertext, 'base64url');
  const cipher = createDecipheriv('aes-256-gcm', dataKey, envelope.subarray(1, 13));
  cipher.setAAD(Buffer.from('tocsin message v1')).setAuthTag(envelope.subarray(-16));
  return Buffer.concat([cipher.update(envelope.subarray(13, -16)), cipher.final()]);
}

/** A plaintext: the header as it is given, the files' bytes, and the padding unless `padTo` says another. */
export function sealedPlain(
  header: string | Uint8Array,
  bytes: Uint8Array = Buffer.of(),
  padTo = 256,
): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(header));
  const used = Buffer.concat([length, Buffer.from(header), bytes]);
  return Buffer.concat([used, Buffer.alloc((padTo - (used.length % padTo)) % padTo)]);
}
