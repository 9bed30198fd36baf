import { randomBytes } from 'node:crypto';
import type { Headers } from '../../access/cookies.ts';
import { isFromOwnPage } from '../../access/cross-site.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ephemeral } from '../../storage/ephemeral/port.ts';
import type { CallerIdentity } from '../inventory/account.ts';
import type { KeyPrincipal } from './login-request.ts';
import { type HeldSession, openSession, sealSession, sessionIdOf } from './sealed-session.ts';
import { cookieNameOf, cookieWith, TOKEN_BYTES, tokenIn } from './session-cookie.ts';
import { SessionWatch } from './session-watch.ts';

/** Somebody who is logged in to AWS. */
export interface AwsSession extends HeldSession {
  /** Whose answers are whose: made of the token, and no way back to it. */
  readonly owner: string;
}

export interface AwsSessionsOptions {
  /** Where sealed sessions rest: this process's memory, or Redis. An SQL store is never written to. */
  readonly records: Pick<Ephemeral, 'kind' | 'put' | 'get' | 'take'>;
  readonly clock: Clock;
  /** The longest that a session lasts. */
  readonly lifeMs: number;
  /** Told when a session that this process has seen is over: nothing of it is to be kept any more. */
  readonly ended: (owner: string) => void;
}

/** What came of a login. */
export interface OpenedSession {
  readonly session: AwsSession;
  /** For `Set-Cookie`. */
  readonly cookie: string;
}

/** The sessions of those who logged in with AWS keys. All calls reject with StoreUnavailable while Redis is away. */
export class AwsSessions {
  readonly #options: AwsSessionsOptions;
  readonly #watch: SessionWatch;

  constructor(options: AwsSessionsOptions) {
    this.#options = options;
    const { clock, records, ended } = options;
    this.#watch = new SessionWatch({
      clock,
      isThere: async (owner) => (await records.get(keyOf(owner))) !== undefined,
      ended,
    });
  }

  /** Whether there can be any: several replicas share a SQL store, but it must not hold a session. */
  get arePossible(): boolean {
    return this.#options.records.kind !== 'sql';
  }

  /** Always under a new token: one that a client brings is never taken over. */
  async open(principal: KeyPrincipal, identity: CallerIdentity, isSecure: boolean): Promise<OpenedSession> {
    if (!this.arePossible) throw new TypeError('an AWS session has no place in a SQL store');
    const { records, clock, lifeMs } = this.#options;
    const held: HeldSession = { principal, identity, expiresAt: clock.now() + lifeMs };
    const token = randomBytes(TOKEN_BYTES);
    try {
      const owner = ownerOf(token);
      await records.put(keyOf(owner), sealSession(held, token, cookieNameOf(isSecure)), lifeMs);
      this.#watch.see(owner, held.expiresAt);
      const cookie = cookieWith(token, Math.ceil(lifeMs / 1_000), isSecure);
      return { session: { ...held, owner }, cookie };
    } finally {
      token.fill(0);
    }
  }

  /** Whose cookie it is; undefined without one that counts, and where another site's page has the browser ask. */
  async find(headers: Headers, isSecure: boolean): Promise<AwsSession | undefined> {
    const token = this.#tokenOf(headers, isSecure);
    if (token === undefined) return undefined;
    try {
      const owner = ownerOf(token);
      const sealed = await this.#options.records.get(keyOf(owner));
      if (sealed === undefined) return this.#isGone(owner);
      const held = openSession(sealed, token, cookieNameOf(isSecure));
      if (held === undefined) return undefined;
      // It may have been ended here while its record was on its way.
      if (held.expiresAt <= this.#options.clock.now() || this.#watch.isOver(owner))
        return this.#isGone(owner);
      this.#watch.see(owner, held.expiresAt);
      return { ...held, owner };
    } finally {
      token.fill(0);
    }
  }

  /** Whether there is a session under the cookie's token: less than `find`, at the door. */
  async has(headers: Headers, isSecure: boolean): Promise<boolean> {
    const token = this.#tokenOf(headers, isSecure);
    if (token === undefined) return false;
    return (await this.#options.records.get(keyOf(ownerOf(token)))) !== undefined;
  }

  /** Whether it was ended since it was found. */
  isOver(owner: string): boolean {
    return this.#watch.isOver(owner);
  }

  /** Ends it, here and wherever its record is shared. Resolves also when there is none any more. */
  async end(owner: string): Promise<void> {
    // First here: while its record is being removed nobody goes on with it.
    this.#watch.end(owner);
    if (this.arePossible) await this.#options.records.take(keyOf(owner));
  }

  /** No clock calls any more. */
  stop(): void {
    this.#watch.stop();
  }

  #tokenOf(headers: Headers, isSecure: boolean): Buffer | undefined {
    if (!this.arePossible || !isFromOwnPage('GET', headers)) return undefined;
    return tokenIn(headers, isSecure);
  }

  /** Over, or ended by another replica. */
  #isGone(owner: string): undefined {
    this.#watch.end(owner);
  }
}

const ownerOf = (token: Buffer): string => `session/${sessionIdOf(token)}`;
const keyOf = (owner: string): string => `aws-${owner}`;
