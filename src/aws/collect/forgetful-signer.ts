import { createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

type SignerParts = ConstructorParameters<typeof SignatureV4>[0];

/** What the signature is made with, as the SDK hands it over. */
interface SigningKeyOf {
  readonly secretAccessKey: string;
}

/**
 * Signs as the SDK's own signer does, with a key that is derived anew each time (four hashes). The SDK's keeps keys in a
 * cache of the whole thread under names that hold the session's token in the clear, and such a name stays in memory when
 * the cache is emptied.
 */
export class ForgetfulSigner extends SignatureV4 {
  constructor(parts: SignerParts) {
    super(parts);
    const derive = (
      { secretAccessKey }: SigningKeyOf,
      region: string,
      shortDate: string,
      service?: string,
    ): Promise<Uint8Array> =>
      Promise.resolve(signingKey(secretAccessKey, [shortDate, region, service ?? parts.service]));
    // Private in its types alone: an override of that name would not compile.
    Object.defineProperty(this, 'getSigningKey', { value: derive });
  }
}

/** "Derive a signing key" of Signature Version 4. */
const signingKey = (secret: string, scope: readonly string[]): Uint8Array =>
  [...scope, 'aws4_request'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
