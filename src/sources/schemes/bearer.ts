import { timingSafeEqual } from 'node:crypto';
import type { Fault } from '../../kernel/fault.ts';
import { sha256 } from '../../kernel/secret.ts';
import { keyFaults, keysOf, longEnough } from './keys.ts';
import { oneHeader } from './one-header.ts';
import { defineScheme, refused } from './scheme.ts';
import type { SignatureSettings, VerificationSettings } from './settings.ts';

/** The names of authentication schemes are in either case (RFC 9110, 11.1). */
const BEARER = /^Bearer +([^ ]+)$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const COLON = 0x3a;

/** What `signature` has for `hmac` alone. */
const OF_HMAC = [
  'algorithm',
  'encoding',
  'timestampHeader',
  'separator',
] as const satisfies readonly (keyof SignatureSettings)[];

/**
 * A token that the sender holds: `Authorization: Bearer` (RFC 6750), or the password of `Authorization: Basic`
 * (RFC 7617) under any user name, which is all that many senders offer; or a header that the settings name. It proves
 * the sender and not the body: whoever can read a request can send others, so that it wants TLS.
 */
export const bearer = defineScheme({
  name: 'bearer',
  summary: 'A token: `Authorization: Bearer`, the password of `Basic`, or a header that the settings name.',
  settings: ['key', 'previousKey', 'signature'],
  check: (settings) => [...keyFaults(settings, longEnough), ...headerFaults(settings)],
  open(settings) {
    const hashes = keysOf(settings).map(sha256);
    const { header = 'authorization', prefix = '' } = settings.signature ?? {};
    const name = header.toLowerCase();
    const read = settings.signature === undefined ? credentialIn : tokenAfter(prefix);
    return ({ headers }) => {
      const text = oneHeader(headers, name);
      if (text === undefined) return refused('signature_missing');
      const token = read(text);
      if (token === undefined) return refused('signature_malformed');
      // Hashes are equally long, whatever is sent.
      const claimed = sha256(token);
      let fits = false;
      for (const hash of hashes) fits = timingSafeEqual(hash, claimed) || fits;
      return fits ? { kind: 'verified' } : refused('signature_mismatch');
    };
  },
});

/** The bytes as they were sent: Node reads a header as Latin-1. */
const sentBytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function credentialIn(header: string): Buffer | undefined {
  const token = BEARER.exec(header)?.[1];
  if (token !== undefined) return sentBytes(token);
  const pair = BASIC.exec(header)?.[1];
  if (pair === undefined) return undefined;
  const bytes = Buffer.from(pair, 'base64');
  const colon = bytes.indexOf(COLON);
  return colon === -1 ? undefined : bytes.subarray(colon + 1);
}

const tokenAfter =
  (prefix: string) =>
  (header: string): Buffer | undefined =>
    header.startsWith(prefix) ? sentBytes(header.slice(prefix.length)) : undefined;

function headerFaults({ signature = { header: '' } }: VerificationSettings): readonly Fault[] {
  return OF_HMAC.filter((name) => signature[name] !== undefined).map((name) => ({
    path: `signature.${name}`,
    message: 'is not known to the scheme bearer: a token is compared as it is',
  }));
}
