import type { Fault } from '../../kernel/fault.ts';
import type { VerificationSettings } from './settings.ts';

/** The keys that a scheme takes: one, or two while the secret is being replaced. */
export function keysOf({ key, previousKey }: VerificationSettings): readonly string[] {
  return [key, previousKey].filter((one) => one !== undefined);
}

/** For schemes with a shared secret: there must be one, and the second must be another. */
export function keyFaults({ key, previousKey }: VerificationSettings): readonly Fault[] {
  if (key === undefined) return [{ path: 'key', message: 'is missing: this way of proving needs it' }];
  if (key !== previousKey) return [];
  return [
    { path: 'previousKey', message: 'is the same as key: leave it out, or give the key that key replaces' },
  ];
}
