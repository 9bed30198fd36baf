import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Actor, Scope } from '../kernel/route.ts';
import { equalInConstantTime, type Secret, sha256Hex } from '../kernel/secret.ts';
import type { Store } from '../storage/store.ts';

type TokenTables = {
  tokens: { id: string; name: string; hash: string; scope: string; created_at: number };
};

const TOKEN_BYTES = 32;
/** There is one first token: its fixed id lets one insert decide which of two replicas made it. */
const FIRST_TOKEN_ID = 'tok_first';
/** Of the hash of the settings' token, in its actor's id: enough to tell one token from the next, too little to find it. */
const FINGERPRINT_LENGTH = 8;

/** Operators' tokens: kept only as hashes, so that the store's reader learns none. */
export class Tokens {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #environment: { readonly token: Secret; readonly actor: Actor } | undefined;

  /** `environment`: the token that the settings name, an admin's. */
  constructor(store: Store, clock: Clock, environment: Secret | undefined) {
    this.#store = store;
    this.#clock = clock;
    this.#environment = environment && { token: environment, actor: actorOf(environment) };
  }

  /** Who holds this token; undefined for nobody. */
  async authenticate(token: string): Promise<Actor | undefined> {
    if (this.#environment !== undefined && equalInConstantTime(token, this.#environment.token.reveal())) {
      return this.#environment.actor;
    }
    // The look-up is by hash: what its timing tells is about a hash, not about the token.
    const row = await this.#tokens('read')
      .selectFrom('tokens')
      .selectAll()
      .where('hash', '=', sha256Hex(token))
      .executeTakeFirst();
    return row && { id: row.id, name: row.name, scope: row.scope as Scope };
  }

  /** The actor of a session, if its token still exists. */
  async actor(id: string): Promise<Actor | undefined> {
    if (id === this.#environment?.actor.id) return this.#environment.actor;
    const row = await this.#tokens('read')
      .selectFrom('tokens')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { id: row.id, name: row.name, scope: row.scope as Scope };
  }

  /**
   * Makes the first token unless the settings name one or it exists; returns it this one time. One atomic
   * insert: of replicas that start together exactly one gets it.
   */
  async makeFirst(): Promise<string | undefined> {
    if (this.#environment !== undefined) return undefined;
    const token = `tocsin_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const result = await this.#tokens('write')
      .insertInto('tokens')
      .values({
        id: FIRST_TOKEN_ID,
        name: 'first run',
        hash: sha256Hex(token),
        scope: 'admin',
        created_at: this.#clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n ? token : undefined;
  }

  #tokens(way: 'read' | 'write') {
    return this.#store[way].withTables<TokenTables>();
  }
}

/** Another token is another actor: whoever replaces a token ends the sessions opened with it. */
const actorOf = (environment: Secret): Actor => ({
  id: `tok_environment_${sha256Hex(environment.reveal()).slice(0, FINGERPRINT_LENGTH)}`,
  name: 'TOCSIN_TOKEN',
  scope: 'admin',
});
