import type { Clock } from '../kernel/clock.ts';
import { Problem } from '../kernel/problem.ts';
import { type Actor, includesScope, type Scope } from '../kernel/route.ts';
import type { Journal } from '../storage/journal.ts';
import type { Write } from '../storage/statement.ts';
import { type AuditEntry, auditWrite } from './audit.ts';
import { endingOf, hashOf, newSecret, newTokenId, type Token, TOKENS_MAX } from './token.ts';
import { type Remainder, remainders, tokenStatements } from './token-statements.ts';
import type { TokenStore } from './token-store.ts';
import type { Tokens } from './tokens.ts';

export interface TokenControlOptions {
  readonly journal: Pick<Journal, 'submit'>;
  readonly store: TokenStore;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

export interface TokenWish {
  readonly name: string;
  readonly scope: Scope;
  /** Absent: it has no end. */
  readonly lifeMs: number | undefined;
}

export interface RotationWish {
  /** For so long the secret before is valid still. */
  readonly graceMs: number;
  /** From now on; absent: what has an end gets as long again as it had. */
  readonly lifeMs: number | undefined;
}

/** A token with its secret, which is kept nowhere. */
export interface Issued {
  readonly token: Token;
  readonly secret: string;
}

/** Others' changes in between are looked at again; more often than this somebody plays. */
const TRIES = 5;

/** Makes, rotates and revokes tokens; each change and its entry in the audit log are one commit. */
export class TokenControl {
  readonly #options: TokenControlOptions;

  constructor(options: TokenControlOptions) {
    this.#options = options;
  }

  /** Throws a Problem: above the actor's own scope, or there are too many. */
  async create({ name, scope, lifeMs }: TokenWish, actor: Actor): Promise<Issued> {
    if (!includesScope(actor.scope, scope))
      throw new Problem('forbidden', 'A token cannot make one that may do more than itself.');
    const now = this.#options.clock.now();
    const secret = newSecret();
    const token: Token = {
      ...NEVER,
      id: newTokenId(now),
      name,
      hash: hashOf(secret),
      scope,
      createdAt: now,
      createdBy: actor.id,
      expiresAt: lifeMs === undefined ? undefined : now + lifeMs,
    };
    const { id, hash, expiresAt = null } = token;
    const guard: Write = {
      statement: tokenStatements.create.name,
      row: [id, name, hash, scope, now, actor.id, expiresAt],
    };
    const audit = this.#audit('token.create', token, actor, { after: shown(token) });
    if (!(await this.#commit(guard, audit))) {
      throw new Problem('conflict', `There are ${TOKENS_MAX} tokens. Revoke those that nobody uses.`);
    }
    return { token, secret };
  }

  /** Gives a token a new secret. An expired one lives again; its old secret does not. */
  async rotate(id: string, { graceMs, lifeMs }: RotationWish, actor: Actor): Promise<Issued> {
    for (let tries = 0; tries < TRIES; tries++) {
      const seen = await this.#find(id);
      const now = this.#options.clock.now();
      const secret = newSecret();
      const token: Token = {
        ...seen,
        hash: hashOf(secret),
        previousHash: seen.hash,
        previousUntil: Math.min(now + graceMs, seen.expiresAt ?? Infinity),
        rotatedAt: now,
        expiresAt: lifeMs === undefined ? sameSpan(seen, now) : now + lifeMs,
      };
      const losesAdmin = seen.expiresAt === undefined && token.expiresAt !== undefined;
      const remainder = losesAdmin ? this.#remainder(seen, now) : 'nothing';
      const guard = rotation(seen, token, now, remainder);
      const audit = this.#audit('token.rotate', token, actor, { before: shown(seen), after: shown(token) });
      if (await this.#commit(guard, audit)) return { token, secret };
      await this.#explain(seen, remainder, now);
    }
    throw busy();
  }

  /** Ends a token for good. One that was revoked already is left as it is. */
  async revoke(id: string, actor: Actor): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const seen = await this.#find(id, 'revoked ones too');
      if (seen.revokedAt !== undefined) return;
      const now = this.#options.clock.now();
      const remainder = this.#remainder(seen, now);
      const guard: Write = {
        statement: tokenStatements.revoke.name,
        row: [id, now, remainders[remainder]],
      };
      const audit = this.#audit('token.revoke', seen, actor, { before: shown(seen) });
      if (await this.#commit(guard, audit)) return;
      await this.#explain(seen, remainder, now);
    }
    throw busy();
  }

  async #find(id: string, which?: 'revoked ones too'): Promise<Token> {
    if (id === this.#options.tokens.environment?.id) {
      throw new Problem('conflict', 'This token is TOCSIN_TOKEN of the settings: change it there.');
    }
    const found = await this.#options.store.byId(id);
    const isGone = found?.revokedAt !== undefined && which === undefined;
    if (found === undefined || isGone) throw new Problem('not_found', 'There is no token with this id.');
    return found;
  }

  /** Nobody may lock everybody out: what must remain when this token is gone, or gets an end. */
  #remainder(token: Token, now: number): Remainder {
    const isNeeded = token.scope === 'admin' && this.#options.tokens.environment === undefined;
    if (!isNeeded || endingOf(token, now) !== undefined) return 'nothing';
    return token.expiresAt === undefined ? 'endless' : 'admin';
  }

  async #commit(guard: Write, audit: AuditEntry): Promise<boolean> {
    const [passed] = await this.#options.journal.submit([{ guard, writes: [auditWrite(audit)] }]);
    this.#options.tokens.forget();
    return passed === true;
  }

  /** Why a change did not pass: throws when it is for what must remain, else it is worth another try. */
  async #explain(token: Token, remainder: Remainder, now: number): Promise<void> {
    if (remainder === 'nothing') return;
    const others = (await this.#options.store.list()).filter(
      (other) => other.id !== token.id && other.scope === 'admin' && endingOf(other, now) === undefined,
    );
    const isThere = others.some(({ expiresAt }) => remainder === 'admin' || expiresAt === undefined);
    if (isThere) return;
    throw new Problem(
      'conflict',
      'This is the last token of an admin that has no end. Make another first, or set TOCSIN_TOKEN.',
    );
  }

  #audit(
    action: string,
    token: Token,
    actor: Actor,
    change: Pick<AuditEntry, 'before' | 'after'>,
  ): AuditEntry {
    return { at: this.#options.clock.now(), actor: actor.id, action, subject: token.id, ...change };
  }
}

const NEVER = {
  rotatedAt: undefined,
  previousHash: undefined,
  previousUntil: undefined,
  lastUsedAt: undefined,
  revokedAt: undefined,
} as const;

/** As long again as it had from its making, or its last rotation, to its end. */
const sameSpan = ({ expiresAt, rotatedAt, createdAt }: Token, now: number): number | undefined =>
  expiresAt === undefined ? undefined : now + (expiresAt - (rotatedAt ?? createdAt));

const rotation = (seen: Token, token: Token, now: number, remainder: Remainder): Write => ({
  statement: tokenStatements.rotate.name,
  row: [
    token.id,
    seen.hash,
    token.hash,
    token.previousUntil ?? null,
    now,
    token.expiresAt ?? null,
    remainders[remainder],
  ],
});

/** What the audit log tells of a token. */
const shown = ({ name, scope, expiresAt, previousUntil }: Token) => ({
  name,
  scope,
  expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  ...(previousUntil === undefined ? {} : { previousUntil: new Date(previousUntil).toISOString() }),
});

const busy = (): Problem =>
  new Problem('store_unavailable', 'Others change this token at the same time. Try again.', {
    retryAfterSeconds: 1,
  });
