import { type AuditEntry, auditWrite } from '../../access/audit.ts';
import type { Clock } from '../../kernel/clock.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Journal } from '../../storage/journal.ts';
import { CHALLENGE, problemOf } from '../answers/problem-of.ts';
import { whileThreadLasts } from '../answers/while-thread-lasts.ts';
import type { CallerIdentity } from '../inventory/account.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import type { Principal } from '../principal.ts';
import type { Identified } from '../thread/protocol.ts';
import type { AwsSession, AwsSessions, OpenedSession } from './aws-sessions.ts';
import type { LoginLimits } from './login-limits.ts';
import { type KeyPrincipal, keyEnding } from './login-request.ts';
import type { SessionPlaces } from './session-places.ts';

export interface LoginOptions {
  readonly sessions: AwsSessions;
  readonly places: SessionPlaces;
  readonly limits: LoginLimits;
  /** Asks AWS whose keys they are. */
  readonly identify: (principal: Principal) => Promise<Identified>;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
}

/** Who logs in, and how. */
export interface LoginClient {
  readonly address: string;
  readonly isSecure: boolean;
  /** The connection was closed: nobody would get the cookie. */
  readonly isGone: () => boolean;
}

const NAME_LENGTH_MAX = 256;

/** Opens and ends sessions; what came of it is in the audit log before it is answered. */
export class Login {
  readonly #options: LoginOptions;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /**
   * A session for keys that AWS takes. `replaced`: the one whose cookie it overwrites, which nobody could end any more.
   * Problems: aws_refused, aws_unreachable, aws_throttled, aws_failed, too_many_requests.
   */
  async open(principal: KeyPrincipal, client: LoginClient, replaced?: AwsSession): Promise<OpenedSession> {
    const place = this.#options.places.take(client.address);
    try {
      const identity = await this.#identify(principal, client);
      // A session whose cookie nobody gets could not be ended by anybody.
      if (client.isGone()) throw new Problem('bad_request', 'The request ended before AWS had answered.');
      const opened = await this.#options.sessions.open(principal, identity, client.isSecure);
      place.keepFor(opened.session.owner);
      await this.#auditOpened(opened.session, client, replaced);
      if (replaced !== undefined) await this.#options.sessions.end(replaced.owner);
      return opened;
    } finally {
      place.release();
    }
  }

  /** Ends a session. */
  async close(session: AwsSession, address: string): Promise<void> {
    await this.#options.sessions.end(session.owner);
    await this.#audit(logoutOf(session, address));
  }

  async #identify(principal: KeyPrincipal, client: LoginClient): Promise<CallerIdentity> {
    const { limits, identify } = this.#options;
    const found = await limits.ask(
      client.address,
      () => whileThreadLasts(identify(principal)),
      (outcome) => outcome.kind === 'failed' && isRefusal(outcome.failure),
    );
    if (found.kind === 'known') return found.identity;
    const { kind, code } = found.failure;
    await this.#audit({
      actor: `aws key ${keyEnding(principal)}`,
      action: 'aws.login_refused',
      subject: 'aws',
      after: { ...shown(principal, client), reason: kind, code },
    });
    throw isRefusal(found.failure) ? keysRefused(found.failure) : problemOf(found.failure);
  }

  /** A login that cannot be told of is none. */
  async #auditOpened(session: AwsSession, client: LoginClient, replaced?: AwsSession): Promise<void> {
    const after = shown(session.principal, client);
    const ends = replaced === undefined ? [] : [logoutOf(replaced, client.address)];
    try {
      await this.#audit({ ...subjectOf(session.identity), action: 'aws.login', after }, ...ends);
    } catch (error) {
      await this.#options.sessions.end(session.owner);
      throw error;
    }
  }

  async #audit(...entries: readonly Omit<AuditEntry, 'at'>[]): Promise<void> {
    const { journal, clock } = this.#options;
    const writes = entries.map((entry) => auditWrite({ at: clock.now(), ...entry }));
    await journal.submit([{ writes }]);
  }
}

const logoutOf = ({ identity }: AwsSession, address: string): Omit<AuditEntry, 'at'> => ({
  ...subjectOf(identity),
  action: 'aws.logout',
  after: { client: address },
});

const subjectOf = ({ arn, accountId }: CallerIdentity): Pick<AuditEntry, 'actor' | 'subject'> => ({
  actor: oneLine(arn, NAME_LENGTH_MAX),
  subject: oneLine(accountId, NAME_LENGTH_MAX),
});

const shown = (principal: KeyPrincipal, { address }: LoginClient): Readonly<Record<string, string>> => ({
  key: keyEnding(principal),
  region: principal.region,
  client: address,
  ...(principal.role === undefined ? {} : { role: principal.role.arn }),
});

/** Keys that AWS does not know, or that may not even take the role: to a login that is the same. */
const isRefusal = ({ kind }: ReadFailure): boolean => kind === 'refused' || kind === 'denied';

const keysRefused = ({ code }: ReadFailure): Problem =>
  new Problem('aws_refused', `AWS does not take these keys (${code}).`, {
    headers: CHALLENGE,
    members: { aws_code: code },
  });
