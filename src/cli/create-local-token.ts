import { TokenControl, type TokenWish } from '../access/token-control.ts';
import { TokenStore } from '../access/token-store.ts';
import { Tokens } from '../access/tokens.ts';
import type { TokenWire } from '../access/tokens-wire.ts';
import { toTokenWire } from '../access/tokens-wire.ts';
import { load, type Surroundings } from '../app/load.ts';
import { statements } from '../app/services.ts';
import type { ConfigFault } from '../config/origin.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import type { Actor } from '../kernel/route.ts';
import { Secret } from '../kernel/secret.ts';
import { Journal } from '../storage/journal.ts';
import { migrate, SchemaMismatch } from '../storage/migrate.ts';
import { migrations } from '../storage/migrations/index.ts';
import { openStore } from '../storage/open.ts';
import { type Store, StoreUnavailable } from '../storage/store.ts';

export type CreatedLocally =
  | { readonly kind: 'ok'; readonly issued: TokenWire & { readonly secret: string } }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[] }
  | { readonly kind: 'failed'; readonly fault: string };

/** Whoever can open the store can do all there is anyway: this names them in the audit log. */
const OWNER: Actor = { id: 'local', name: 'command line', scope: 'admin' };
const STOP_FIRST = 'Stop the service first, and start it again afterwards.';

/** Makes a token in the store of the config, without the service: for who has no token any more. */
export async function createLocalToken(surroundings: Surroundings, wish: TokenWish): Promise<CreatedLocally> {
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') return loaded;
  const { data, database } = loaded.config;
  const databaseUrl = database.url === undefined ? undefined : new Secret(database.url);
  try {
    const store = await openStore({ databaseUrl, dataDirectory: data.directory }, statements, silentLogger);
    try {
      await migrate(store, migrations);
      return { kind: 'ok', issued: await create(store, wish) };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof SchemaMismatch || error instanceof Problem)
      return { kind: 'failed', fault: error.message };
    if (!(error instanceof StoreUnavailable)) throw error;
    const hint = databaseUrl === undefined ? `. ${STOP_FIRST}` : '';
    return { kind: 'failed', fault: error.message + hint };
  }
}

async function create(store: Store, wish: TokenWish): Promise<TokenWire & { readonly secret: string }> {
  const tokenStore = new TokenStore(store);
  const clock = systemClock;
  const tokens = new Tokens({ store: tokenStore, clock, environment: undefined });
  const control = new TokenControl({
    journal: new Journal(store, silentLogger),
    store: tokenStore,
    tokens,
    clock,
  });
  const { token, secret } = await control.create(wish, OWNER);
  return { ...toTokenWire(token, clock.now()), secret };
}
