import type { Fault } from '../../kernel/fault.ts';
import type { VerificationSettings } from './settings.ts';

/** What is wrong with a key, and what to do; undefined when nothing is. Never quotes it. */
export type KeyCheck = (key: string) => string | undefined;

/** 128 bits, as far as a length can tell: what a person thinks up is shorter. */
const KEY_BYTES_MIN = 16;

/** The keys that a scheme takes: one, or two while the secret is being replaced. */
export function keysOf({ key, previousKey }: VerificationSettings): readonly string[] {
  return [key, previousKey].filter((one) => one !== undefined);
}

/** For schemes with a shared secret: there must be one, and the second must be another. */
export function keyFaults(
  { key, previousKey }: VerificationSettings,
  check: KeyCheck = () => undefined,
): readonly Fault[] {
  if (key === undefined) return [{ path: 'key', message: 'is missing: this way of proving needs it' }];
  const faults = [...faultOf('key', key, check), ...faultOf('previousKey', previousKey, check)];
  if (key !== previousKey) return faults;
  return [
    ...faults,
    { path: 'previousKey', message: 'is the same as key: leave it out, or give the key that key replaces' },
  ];
}

/** For secrets that a person chooses. */
export const longEnough: KeyCheck = (key) =>
  Buffer.byteLength(key) < KEY_BYTES_MIN
    ? `is shorter than ${KEY_BYTES_MIN} bytes: make a random one, as \`openssl rand -hex 32\` does, and tell it the sender`
    : undefined;

function faultOf(path: string, key: string | undefined, check: KeyCheck): readonly Fault[] {
  const message = key === undefined ? undefined : check(key);
  return message === undefined ? [] : [{ path, message }];
}
