import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { type Actor, type Client, includesScope, type Scope, scopes } from '../kernel/route.ts';
import { type Headers, sessionCookieOf } from './cookies.ts';
import { isFromOwnPage } from './cross-site.ts';
import { RateLimit } from './rate-limit.ts';
import { type RefusalReason, Refusals } from './refusals.ts';
import type { CookieToSet, Sessions } from './sessions.ts';
import type { Proof, Tokens } from './tokens.ts';

/** Wrong tokens a minute and client. Right ones are not counted. */
const FAILURES_PER_MINUTE = 30;

export interface AccessOptions {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** Who asks; or why nobody does, and whether it may have been a guess. */
type Identified =
  | { readonly kind: 'known'; readonly actor: Actor }
  | { readonly kind: 'nobody'; readonly reason?: RefusalReason; readonly actorId?: string };

/** Decides who is behind a request and whether they may do what the route does. */
export class OperatorAccess {
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #failures: RateLimit;
  readonly #refusals: Refusals;

  constructor({ tokens, sessions, clock, log }: AccessOptions) {
    this.#tokens = tokens;
    this.#sessions = sessions;
    this.#failures = new RateLimit(FAILURES_PER_MINUTE, clock);
    this.#refusals = new Refusals(log, clock);
  }

  /** Throws a Problem: 401 nobody, 403 somebody who may not, 429 after too many wrong tokens. */
  async require(scope: Scope, method: string, headers: Headers, client: Client): Promise<Actor> {
    const wait = this.#failures.wait(client.address);
    if (wait > 0) {
      throw new Problem('too_many_requests', 'Too many wrong tokens from this address. Wait and try again.', {
        retryAfterSeconds: wait,
      });
    }
    const found = await this.#identify(method, headers);
    if (found.kind === 'nobody') throw this.#refuse(found, client);
    if (!includesScope(found.actor.scope, scope)) {
      this.#refusals.note('scope_too_small', client.address, found.actor.id);
      throw new Problem('forbidden', `This needs a token with the scope "${scope}".`);
    }
    return found.actor;
  }

  /**
   * Who asks where everybody may: undefined without a token or a session that counts. A token that does not is refused
   * as `require` does, so that nobody takes themselves for known. Other credentials are a proxy's in front of us.
   */
  async recognise(method: string, headers: Headers, client: Client): Promise<Actor | undefined> {
    if (isBearer(headers['authorization'])) return this.require(scopes[0], method, headers, client);
    const found = await this.#identifySession(method, headers);
    return found.kind === 'known' ? found.actor : undefined;
  }

  /** Whether those who were let in with these headers still would be: asked while an answer goes on and on. */
  async stillMay(scope: Scope, headers: Headers): Promise<boolean> {
    const found = await this.#identify('GET', headers);
    return found.kind === 'known' && includesScope(found.actor.scope, scope);
  }

  /** A session for the token of the request; undefined when a session asks: one that begot the next would never end. */
  async openSession(headers: Headers, isSecure: boolean): Promise<CookieToSet | undefined> {
    const proof = await this.#proofOfToken(headers);
    if (proof?.kind !== 'known') return undefined;
    const { actor, mark } = proof;
    return this.#sessions.open({ actorId: actor.id, mark, secretEndsAt: actor.expiresAt }, isSecure);
  }

  /** Ends the session that the request brings, if it brings one. */
  async endSession(headers: Headers): Promise<void> {
    const cookie = sessionCookieOf(headers);
    const session = cookie && this.#sessions.read(cookie.name, cookie.value);
    if (session !== undefined) await this.#sessions.end(session);
  }

  #refuse({ reason, actorId }: Identified & { kind: 'nobody' }, client: Client): Problem {
    if (reason !== undefined) this.#refusals.note(reason, client.address, actorId);
    if (reason === 'cross_site') {
      return new Problem('forbidden', "This change does not come from the service's own page.");
    }
    // Only now: a page's many requests at once, all with the right token, must not count against each other. Neither
    // does what was right once, nor a request with nothing: any site's page can have an operator's browser send those.
    if (isGuess(reason)) this.#failures.charge(client.address);
    return new Problem('unauthorized', 'Send the operators\' token as "Authorization: Bearer <token>".', {
      headers: { 'www-authenticate': 'Bearer realm="tocsin"' },
    });
  }

  async #identify(method: string, headers: Headers): Promise<Identified> {
    const proof = await this.#proofOfToken(headers);
    if (proof === undefined) return this.#identifySession(method, headers);
    if (proof.kind === 'known') return proof;
    if (proof.kind === 'unknown') return { kind: 'nobody', reason: 'unknown_token' };
    return { kind: 'nobody', reason: `token_${proof.ending}`, actorId: proof.actorId };
  }

  /** Undefined without a token: then a session may speak. A wrong token is not saved by a right session. */
  async #proofOfToken(headers: Headers): Promise<Proof | undefined> {
    const authorization = headers['authorization'];
    if (typeof authorization !== 'string') return undefined;
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
    return token === undefined ? { kind: 'unknown' } : this.#tokens.authenticate(token);
  }

  async #identifySession(method: string, headers: Headers): Promise<Identified> {
    const cookie = sessionCookieOf(headers);
    if (cookie === undefined) return { kind: 'nobody' };
    if (!isFromOwnPage(method, headers)) return fromElsewhere(method);
    const session = this.#sessions.read(cookie.name, cookie.value);
    if (session === undefined) return { kind: 'nobody', reason: 'unknown_session' };
    const { actorId, mark, expiresAt } = session;
    const [isOver, proof] = await Promise.all([
      this.#sessions.isOver(session),
      this.#tokens.holder(actorId, mark),
    ]);
    if (isOver || proof.kind !== 'known') return { kind: 'nobody', reason: 'session_over', actorId };
    const endsAt = Math.min(expiresAt, proof.actor.expiresAt ?? Infinity);
    return { kind: 'known', actor: { ...proof.actor, expiresAt: endsAt } };
  }
}

const isBearer = (authorization: Headers[string]): boolean =>
  /^Bearer\b/i.test(authorization?.toString() ?? '');

const isGuess = (reason: RefusalReason | undefined): boolean =>
  reason === 'unknown_token' || reason === 'unknown_session';

/** Told of a change, so that a page behind a wrong proxy can be mended; a read is answered as if without the cookie. */
const fromElsewhere = (method: string): Identified =>
  method === 'GET' || method === 'HEAD' ? { kind: 'nobody' } : { kind: 'nobody', reason: 'cross_site' };
