import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals values for storage under one master key: AES-256-GCM with a key of its own per purpose (HKDF, RFC 5869). */
export class Sealer {
  readonly #key: Buffer;

  /** `masterKey` is any secret text of at least 16 characters; `purpose` separates keys of different uses. */
  constructor(masterKey: string, purpose: string) {
    this.#key = Buffer.from(hkdfSync('sha256', masterKey, 'tocsin', purpose, 32));
  }

  /** `context` (a row's id, say) is bound to the sealed text: moved to another row it does not open. */
  seal(plain: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  /** Undefined when the text was not sealed under this key and context, or was altered. */
  open(sealed: string, context: string): string | undefined {
    const raw = Buffer.from(sealed, 'base64');
    if (raw.length < 1 + NONCE_BYTES + TAG_BYTES || raw[0] !== VERSION) return undefined;
    const tagStart = 1 + NONCE_BYTES;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, raw.subarray(1, tagStart))
        .setAAD(Buffer.from(context))
        .setAuthTag(raw.subarray(tagStart, tagStart + TAG_BYTES));
      return decipher.update(raw.subarray(tagStart + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      // GCM's only failure here: another key or context, or altered bytes. The caller decides what that means.
      return undefined;
    }
  }
}
