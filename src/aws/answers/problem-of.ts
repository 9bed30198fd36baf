import { Problem } from '../../kernel/problem.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import { isUnknownThere } from './refused-elsewhere.ts';

const THROTTLED_SECONDS = 10;
const UNREACHABLE_SECONDS = 5;
/** AWS's routes take an operator's token as well as a session. */
export const CHALLENGE = { 'www-authenticate': 'Bearer realm="tocsin"' } as const;

/** Whose credentials were used: a session's client can log in again, a configured account is the operator's matter. */
export type AskerKind = 'session' | 'account';

/** What is told of a read that failed: never that there is nothing. */
export function problemOf(failure: ReadFailure, asker: AskerKind = 'session'): Problem {
  const { kind, action, region, code } = failure;
  const what = `${action} ${region === 'global' ? '' : `in ${region} `}(${code})`;
  const members = { action, region, aws_code: code };
  switch (kind) {
    case 'denied':
      return new Problem('aws_denied', `AWS denied ${what}. ${adviceOn(failure)}`, { members });
    case 'throttled':
      return new Problem('aws_throttled', `AWS throttles ${what}. Wait and try again.`, {
        members,
        retryAfterSeconds: THROTTLED_SECONDS,
      });
    case 'refused':
      return refused(asker, members, code);
    case 'unreachable':
      return new Problem('aws_unreachable', `There was no answer from AWS to ${what}.`, {
        members,
        retryAfterSeconds: UNREACHABLE_SECONDS,
      });
    case 'missing':
      return new Problem('not_found', `AWS does not know what ${what} was asked about.`, { members });
    case 'failed':
      return new Problem('aws_failed', `AWS answered ${what} with a failure.`, { members });
  }
}

const adviceOn = (failure: ReadFailure): string =>
  isUnknownThere(failure)
    ? 'It knows the credentials in their own region: this one may not be enabled for the account.'
    : `Let these credentials do "${failure.action}".`;

/** A 401 would tell operators that their own token is wrong. */
function refused(asker: AskerKind, members: Readonly<Record<string, unknown>>, code: string): Problem {
  return asker === 'session'
    ? new Problem(
        'aws_refused',
        `AWS does not take the keys of this session any more (${code}). Log in again.`,
        {
          members,
          headers: CHALLENGE,
        },
      )
    : new Problem(
        'aws_failed',
        `AWS does not take the credentials of this account (${code}). Look at its settings.`,
        {
          members,
        },
      );
}
