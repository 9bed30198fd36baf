import type { Clock } from '../kernel/clock.ts';
import type { Actor } from '../kernel/route.ts';
import { equalInConstantTime, type Secret } from '../kernel/secret.ts';
import { ShortMemory } from './short-memory.ts';
import { type Ending, endingOf, hashOf, markOf, newSecret, secretEnds, type Token } from './token.ts';
import type { TokenStore } from './token-store.ts';

interface Known {
  readonly kind: 'known';
  readonly actor: Actor;
  /** Of the secret that was shown. */
  readonly mark: string;
}

/** What a token or a session turns out to be: somebody's, over, or nobody's. */
export type Proof =
  | Known
  | { readonly kind: 'over'; readonly ending: Ending; readonly actorId: string }
  | { readonly kind: 'unknown' };

/** For so long another replica's revocation is not heard of yet; this process's own takes effect at once. */
export const MEMORY_MS = 2_000;
const MEMORY_MAX = 2_000;
/** Of the mark of the settings' token, in its actor's id. */
const FINGERPRINT_LENGTH = 8;

export interface TokensOptions {
  readonly store: TokenStore;
  readonly clock: Clock;
  /** The token that the settings name, an admin's. */
  readonly environment: Secret | undefined;
  /** Told of a stored token's use. */
  readonly used?: (id: string) => void;
}

/** Operators' tokens: kept only as hashes, so that the store's reader learns none. */
export class Tokens {
  readonly #options: TokensOptions;
  readonly #environment: { readonly token: Secret; readonly proof: Known } | undefined;
  readonly #memory: ShortMemory<Token>;

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#environment = options.environment && ofEnvironment(options.environment);
    this.#memory = new ShortMemory(options.clock, MEMORY_MS, MEMORY_MAX);
  }

  /** The actor of the settings' token, if they name one. */
  get environment(): Actor | undefined {
    return this.#environment?.proof.actor;
  }

  /** Who holds this token. */
  async authenticate(token: string): Promise<Proof> {
    if (this.#environment !== undefined && equalInConstantTime(token, this.#environment.token.reveal())) {
      return this.#environment.proof;
    }
    // The look-up is by hash: what its timing tells is about a hash, not about the token.
    const hash = hashOf(token);
    const found = await this.#memory.recall(hash, () => this.#options.store.byHash(hash));
    return this.#proofOf(found, markOf(hash));
  }

  /** Whose a session is that was opened with the secret of this mark: it ends with that secret. */
  async holder(id: string, mark: string): Promise<Proof> {
    if (id === this.environment?.id) return this.#environment?.proof ?? NOBODY;
    const { store } = this.#options;
    const remembered = this.#proofOf(await this.#memory.recall(id, () => store.byId(id)), mark);
    // The secret may be newer than what is remembered: another replica's rotation.
    return remembered.kind === 'known' ? remembered : this.#proofOf(await store.byId(id), mark);
  }

  /** A token was changed: what is remembered of tokens may be wrong. */
  forget(): void {
    this.#memory.clear();
  }

  /** Makes the first token unless the settings name one or there was one; returns it this one time. */
  async makeFirst(): Promise<string | undefined> {
    if (this.#environment !== undefined) return undefined;
    const secret = newSecret();
    const { store, clock } = this.#options;
    return (await store.insertFirst(hashOf(secret), clock.now())) ? secret : undefined;
  }

  /** Whether some admin's token lives: without one only the machine's owner can make another. */
  async hasAdmin(): Promise<boolean> {
    if (this.#environment !== undefined) return true;
    const { store, clock } = this.#options;
    const tokens = await store.list();
    return tokens.some((token) => token.scope === 'admin' && endingOf(token, clock.now()) === undefined);
  }

  #proofOf(token: Token | undefined, mark: string): Proof {
    if (token === undefined) return NOBODY;
    const now = this.#options.clock.now();
    const { id, name, scope, expiresAt = Infinity } = token;
    const ending = endingOf(token, now);
    if (ending !== undefined) return { kind: 'over', ending, actorId: id };
    const secretEndsAt = secretEnds(token, mark, now);
    if (secretEndsAt === undefined) return { kind: 'over', ending: 'expired', actorId: id };
    this.#options.used?.(id);
    const endsAt = Math.min(expiresAt, secretEndsAt);
    const actor = { id, name, scope, ...(endsAt === Infinity ? {} : { expiresAt: endsAt }) };
    return { kind: 'known', actor, mark };
  }
}

const NOBODY: Proof = { kind: 'unknown' };

/** Another token is another actor: whoever replaces a token ends the sessions opened with it. */
function ofEnvironment(token: Secret): { readonly token: Secret; readonly proof: Known } {
  const mark = markOf(hashOf(token.reveal()));
  const id = `tok_environment_${mark.slice(0, FINGERPRINT_LENGTH)}`;
  return { token, proof: { kind: 'known', mark, actor: { id, name: 'TOCSIN_TOKEN', scope: 'admin' } } };
}
