import { silentLogger } from '../kernel/log.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Actor } from '../kernel/route.ts';
import { Secret } from '../kernel/secret.ts';
import { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import { TokenControl } from './token-control.ts';
import { TokenStore } from './token-store.ts';
import { TokenUses } from './token-uses.ts';
import { Tokens } from './tokens.ts';

export const ADMIN: Actor = { id: 'tok_admin', name: 'an admin', scope: 'admin' };

/** Everything about tokens over a store, as one process has it. */
export function openTokens(store: Store, clock: Clock, environment?: string) {
  const tokenStore = new TokenStore(store);
  const journal = new Journal(store, silentLogger);
  const uses = new TokenUses(journal, clock);
  const tokens = new Tokens({
    store: tokenStore,
    clock,
    environment: environment === undefined ? undefined : new Secret(environment),
    used: (id) => uses.note(id),
  });
  return {
    tokens,
    tokenStore,
    uses,
    control: new TokenControl({ journal, store: tokenStore, tokens, clock }),
  };
}
