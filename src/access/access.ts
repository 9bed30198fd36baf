import type { Clock } from '../kernel/clock.ts';
import { Problem } from '../kernel/problem.ts';
import { type Actor, type Client, type Scope, scopes } from '../kernel/route.ts';
import { RateLimit } from './rate-limit.ts';
import { SESSION_COOKIE, type Sessions } from './sessions.ts';
import type { Tokens } from './tokens.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Wrong tokens a minute and client. Right ones are not counted. */
const FAILURES_PER_MINUTE = 30;

/** Decides who is behind a request and whether they may do what the route does. */
export class OperatorAccess {
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #failures: RateLimit;

  constructor(tokens: Tokens, sessions: Sessions, clock: Clock) {
    this.#tokens = tokens;
    this.#sessions = sessions;
    this.#failures = new RateLimit(FAILURES_PER_MINUTE, clock);
  }

  /** Throws a Problem: 401 nobody, 403 somebody who may not, 429 after too many wrong tokens. */
  async require(scope: Scope, method: string, headers: Headers, client: Client): Promise<Actor> {
    const wait = this.#failures.wait(client.address);
    if (wait > 0) {
      throw new Problem('too_many_requests', 'Too many wrong tokens from this address. Wait and try again.', {
        retryAfterSeconds: wait,
      });
    }
    const actor = await this.#identify(method, headers);
    if (actor === undefined) {
      // Only now: a page's many requests at once, all with the right token, must not count against each other.
      this.#failures.charge(client.address);
      throw new Problem('unauthorized', 'Send the operators\' token as "Authorization: Bearer <token>".', {
        headers: { 'www-authenticate': 'Bearer realm="tocsin"' },
      });
    }
    if (scopes.indexOf(actor.scope) < scopes.indexOf(scope)) {
      throw new Problem('forbidden', `This needs a token with the scope "${scope}".`);
    }
    return actor;
  }

  async #identify(method: string, headers: Headers): Promise<Actor | undefined> {
    const authorization = headers['authorization'];
    if (typeof authorization === 'string') {
      const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
      return token === undefined ? undefined : this.#tokens.authenticate(token);
    }
    const session = readCookie(headers['cookie'], SESSION_COOKIE);
    if (session === undefined) return undefined;
    refuseCrossSite(method, headers);
    const actorId = this.#sessions.read(session);
    return actorId === undefined ? undefined : this.#tokens.actor(actorId);
  }
}

/** A cookie travels by itself, so a change that it alone vouches for must come from our own page. */
function refuseCrossSite(method: string, headers: Headers): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers['sec-fetch-site'];
  const origin = headers['origin'];
  const own = typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === headers['host'];
  if (site === 'same-origin' || (site === undefined && own)) return;
  throw new Problem('forbidden', "This change does not come from the service's own page.");
}

function readCookie(header: string | string[] | undefined, name: string): string | undefined {
  if (typeof header !== 'string' || header.length > 8_192) return undefined;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return decode(part.slice(at + 1).trim());
  }
  return undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded text: no cookie of ours.
    return undefined;
  }
}
