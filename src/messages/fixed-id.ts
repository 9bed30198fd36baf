import { createHmac, hkdfSync } from 'node:crypto';

/**
 * Ids that follow from a key: the same key, the same id, on every replica and after every restart. Nobody without the
 * master key can tell them from random ones, or find one by its key.
 */
export function fixedIds(masterKey: string): (key: string) => string {
  const secret = Buffer.from(hkdfSync('sha256', masterKey, 'tocsin', 'message ids', 32));
  return (key) => toUuid(createHmac('sha256', secret).update(key).digest());
}

/** Version and variant of a UUIDv4 (RFC 9562, 5.4) over the first 128 bits. */
function toUuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
