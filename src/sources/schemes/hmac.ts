import type { Fault } from '../../kernel/fault.ts';
import { digestBytes, type HmacHash, isHmacOf, textKeys } from './hmac-keys.ts';
import { keyFaults, keysOf, longEnough } from './keys.ts';
import { oneHeader } from './one-header.ts';
import { defineScheme, refused } from './scheme.ts';
import type { SignatureSettings, VerificationSettings } from './settings.ts';
import { isNear, secondsToMs, toleranceOf } from './signed-time.ts';

type Encoding = NonNullable<SignatureSettings['encoding']>;

const ENCODED = {
  hex: /^(?:[0-9a-fA-F]{2}){20,64}$/,
  base64: /^[A-Za-z0-9+/]{26,86}={0,2}$/,
  base64url: /^[A-Za-z0-9_-]{26,86}={0,2}$/,
} as const satisfies Record<Encoding, RegExp>;

/**
 * For every sender that signs the body with an HMAC in a header of its own, with or without a time: Grafana's is
 * the time, a colon and the body. No id of a message is signed: repeats are known by what they say.
 */
export const hmac = defineScheme({
  name: 'hmac',
  summary: 'An HMAC of the body, or of a time and the body, in a header that the settings name.',
  settings: ['key', 'previousKey', 'tolerance', 'signature'],
  check: (settings) => [...keyFaults(settings, longEnough), ...signatureFaults(settings)],
  toleranceMs: (settings) =>
    settings.signature?.timestampHeader === undefined ? undefined : toleranceOf(settings),
  open(settings, { id, clock }) {
    const { signature } = settings;
    if (signature === undefined) throw new TypeError(`no signature settings for the source ${id}`);
    const { prefix = '', algorithm = 'sha256', encoding = 'hex', separator = '.' } = signature;
    const header = signature.header.toLowerCase();
    const timeHeader = signature.timestampHeader?.toLowerCase();
    const keys = textKeys(keysOf(settings));
    const toleranceMs = toleranceOf(settings);
    return ({ headers, body }) => {
      const text = oneHeader(headers, header);
      const time = timeHeader === undefined ? undefined : oneHeader(headers, timeHeader);
      if (text === undefined || (timeHeader !== undefined && time === undefined)) {
        return refused('signature_missing');
      }
      const claim = text.startsWith(prefix)
        ? readDigest(text.slice(prefix.length), encoding, algorithm)
        : undefined;
      const ms = time === undefined ? undefined : secondsToMs(time);
      if (claim === undefined || (time !== undefined && ms === undefined))
        return refused('signature_malformed');
      const parts = time === undefined ? [body] : [`${time}${separator}`, body];
      if (!isHmacOf(keys, algorithm, parts, [claim])) return refused('signature_mismatch');
      if (ms !== undefined && !isNear(ms, clock.now(), toleranceMs)) return refused('timestamp_outside');
      return { kind: 'verified' };
    };
  },
});

/** The bytes of a digest, written in the one way that its encoding has (padding may be left out); else undefined. */
function readDigest(text: string, encoding: Encoding, hash: HmacHash): Buffer | undefined {
  if (!ENCODED[encoding].test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  if (bytes.length !== digestBytes[hash]) return undefined;
  // Of the last character of base64 some bits are of no byte: two spellings of one digest, of which one is right.
  const isSpelledRight = encoding === 'hex' || unpadded(bytes.toString(encoding)) === unpadded(text);
  return isSpelledRight ? bytes : undefined;
}

const unpadded = (text: string): string => text.replace(/=+$/, '');

function signatureFaults({ signature, tolerance }: VerificationSettings): readonly Fault[] {
  if (signature === undefined) {
    return [{ path: 'signature', message: 'is missing: name the header that holds the signature' }];
  }
  const { header, timestampHeader, separator } = signature;
  if (timestampHeader?.toLowerCase() === header.toLowerCase()) {
    return [{ path: 'signature.timestampHeader', message: 'is the header of the signature itself' }];
  }
  if (timestampHeader !== undefined) return [];
  const message = 'means nothing without signature.timestampHeader';
  return [
    ...(separator === undefined ? [] : [{ path: 'signature.separator', message }]),
    ...(tolerance === undefined ? [] : [{ path: 'tolerance', message }]),
  ];
}
