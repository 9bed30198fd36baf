import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The master key in use, and those before it that something may still be sealed under. */
export type MasterKeys = readonly [current: string, ...previous: string[]];

/**
 * Seals values for storage under a master key: AES-256-GCM with a key of its own per purpose (HKDF, RFC 5869). While a
 * master key is being replaced, what was sealed under the one before opens too.
 */
export class Sealer {
  readonly #key: Buffer;
  readonly #previous: readonly Buffer[];

  /** Master keys are any secret texts of at least 16 characters; `purpose` separates keys of different uses. */
  constructor(masterKey: string | MasterKeys, purpose: string) {
    const [current, ...previous] = typeof masterKey === 'string' ? [masterKey] : masterKey;
    const derive = (key: string): Buffer => Buffer.from(hkdfSync('sha256', key, 'tocsin', purpose, 32));
    this.#key = derive(current);
    this.#previous = previous.map(derive);
  }

  /** `context` (a row's id, say) is bound to the sealed text: moved to another row it does not open. */
  seal(plain: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  /** Undefined when the text was sealed under none of the keys, or under another context, or was altered. */
  open(sealed: string, context: string): string | undefined {
    for (const key of [this.#key, ...this.#previous]) {
      const plain = openUnder(key, sealed, context);
      if (plain !== undefined) return plain;
    }
    return undefined;
  }

  /** Whether it is sealed under the key that seals now. */
  isCurrent(sealed: string, context: string): boolean {
    return openUnder(this.#key, sealed, context) !== undefined;
  }
}

function openUnder(key: Buffer, sealed: string, context: string): string | undefined {
  const raw = Buffer.from(sealed, 'base64');
  if (raw.length < 1 + NONCE_BYTES + TAG_BYTES || raw[0] !== VERSION) return undefined;
  const tagStart = 1 + NONCE_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(1, tagStart))
      .setAAD(Buffer.from(context))
      .setAuthTag(raw.subarray(tagStart, tagStart + TAG_BYTES));
    return decipher.update(raw.subarray(tagStart + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    // GCM's only failure here: another key or context, or altered bytes. The caller decides what that means.
    return undefined;
  }
}
