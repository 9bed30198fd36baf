import { OperatorAccess } from '../access/access.ts';
import { forgetAudit } from '../access/audit.ts';
import { Sessions } from '../access/sessions.ts';
import { TokenControl } from '../access/token-control.ts';
import { TokenStore } from '../access/token-store.ts';
import { TokenUses } from '../access/token-uses.ts';
import { Tokens } from '../access/tokens.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Logger } from '../kernel/log.ts';
import { type MasterKeys, Sealer } from '../kernel/seal.ts';
import { Secret } from '../kernel/secret.ts';
import { openSql } from '../storage/ephemeral/sql.ts';
import type { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import type { Config } from './settings.ts';

/** A token that ended is told from a guess for so long. */
const ENDED_TOKENS_KEPT_MS = 90 * 86_400_000;

export interface AccessParts {
  readonly config: Config;
  readonly masterKey: MasterKeys;
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Who may speak to the service. */
export function createAccess({ config, masterKey, store, journal, clock, log }: AccessParts) {
  const tokenStore = new TokenStore(store);
  const tokenUses = new TokenUses(journal, clock);
  const tokens = new Tokens({
    store: tokenStore,
    clock,
    environment: config.token === undefined ? undefined : new Secret(config.token),
    used: (id) => tokenUses.note(id),
  });
  // In the store whatever else short-lived values are in: a session that was ended stays so over a restart.
  const ended = openSql(store, clock);
  const sessions = new Sessions({ sealer: new Sealer(masterKey, 'sessions'), clock, ended });
  const auditKeptMs = durationMs(config.audit.retention);
  return {
    tokens,
    tokenStore,
    tokenUses,
    tokenControl: new TokenControl({ journal, store: tokenStore, tokens, clock }),
    sessions,
    access: new OperatorAccess({ tokens, sessions, clock, log }),
    /** What retention deletes here. */
    accessSweeps: [
      (limit: number) => ended.sweep(limit),
      (limit: number) => tokenStore.forget(clock.now() - ENDED_TOKENS_KEPT_MS, limit),
      (limit: number) => forgetAudit(store, clock.now() - auditKeptMs, limit),
    ],
  };
}
