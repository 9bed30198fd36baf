import type { ReadFailure } from '../inventory/reading.ts';

/** What AWS says of keys that it does not know in a region; it knows none in one that the account has not enabled. */
const UNKNOWN_THERE: ReadonlySet<string> = new Set([
  'AuthFailure',
  'AuthorizationHeaderMalformed',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'UnrecognizedClientException',
]);

/** Whether a failure says that keys are not known in its region, and nothing of other regions. */
export const isUnknownThere = ({ code }: ReadFailure): boolean => UNKNOWN_THERE.has(code);

/**
 * Keys that are not known in a region other than their own are denied there: that they are good for nothing any more
 * does not follow, and would end a session for a look at a region that is not enabled. `home`: where they are asked with
 * otherwise.
 */
export function refusedElsewhere(failure: ReadFailure, home: string): ReadFailure {
  const { kind, region } = failure;
  if (kind !== 'refused' || region === home || region === 'global' || !isUnknownThere(failure))
    return failure;
  return { ...failure, kind: 'denied' };
}
