import { isUtf8 } from 'node:buffer';

/**
 * The text of strictly valid UTF-8 (RFC 3629), or undefined: no overlong forms, no surrogates, nothing replaced.
 * A byte order mark stays in the text, so that the text is the bytes and nothing less; as JSON it is then
 * refused, which RFC 8259 section 8.1 allows (a sender must not add one).
 */
export function decodeUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}
