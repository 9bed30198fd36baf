import { auditWrite } from '../access/audit.ts';
import { statements } from '../app/services.ts';
import type { Surroundings } from '../app/load.ts';
import type { ConfigFault } from '../config/origin.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/log.ts';
import { migrate, SchemaMismatch } from '../storage/migrate.ts';
import { migrations } from '../storage/migrations/index.ts';
import { openStore } from '../storage/open.ts';
import { type Store, StoreUnavailable } from '../storage/store.ts';
import { hasObject, removeGroup } from '../registry/object-store.ts';
import type { ObjectKind } from '../registry/objects.ts';
import { findStore } from './store-place.ts';

export type DeletedLocally =
  | { readonly kind: 'ok' }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[] }
  | { readonly kind: 'failed'; readonly fault: string };

/** Whoever can open the store can do all there is anyway: this names them in the audit log. */
const OWNER = 'local';
const STOP_FIRST = 'Stop the service first, and start it again afterwards.';

/** Removes an object of the store without the service, and without the master key: it may be what is wrong. */
export async function deleteLocalObject(
  surroundings: Surroundings,
  kind: ObjectKind,
  id: string,
): Promise<DeletedLocally> {
  const found = findStore(surroundings);
  if (found.kind === 'faulty') return found;
  const { place, config } = found;
  const databaseUrl = place.dialect === 'postgres' ? place.url : undefined;
  try {
    const store = await openStore(
      { databaseUrl, dataDirectory: config.data.directory },
      statements,
      silentLogger,
    );
    try {
      await migrate(store, migrations);
      return await remove(store, kind, id);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof SchemaMismatch) return { kind: 'failed', fault: error.message };
    if (!(error instanceof StoreUnavailable)) throw error;
    const hint = databaseUrl === undefined ? `. ${STOP_FIRST}` : '';
    return { kind: 'failed', fault: error.message + hint };
  }
}

async function remove(store: Store, kind: ObjectKind, id: string): Promise<DeletedLocally> {
  if (!(await hasObject(store, kind, id)))
    return { kind: 'failed', fault: `the store has no ${kind} of this id.` };
  const audit = { at: systemClock.now(), actor: OWNER, action: `${kind}.delete`, subject: id };
  await store.commit([[removeGroup(kind, id, [auditWrite(audit)])]]);
  return { kind: 'ok' };
}
