import { findMasterKeys } from '../../app/master-key.ts';
import { objectsOf } from '../../app/objects-of.ts';
import type { Config } from '../../app/settings.ts';
import { StartRefused } from '../../app/start-refused.ts';
import { unopened } from '../../app/transfer.ts';
import { type MasterKeys, Sealer } from '../../kernel/seal.ts';
import { type KeptObject, type ObjectBody, sealContext } from '../../registry/object-store.ts';
import type { ConfiguredObjects, ObjectKind } from '../../registry/objects.ts';
import type { TransferSession } from '../../storage/transfer/session.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export interface StoredObjects {
  /** Of both origins, as far as the store's open. */
  readonly objects: ConfiguredObjects;
  readonly findings: readonly Finding[];
}

/** Whether there is a master key, and whether it opens what is in the store. */
export async function readStored(
  config: Config,
  session: TransferSession | undefined,
): Promise<StoredObjects> {
  const key = keyOf(config);
  const rows =
    session === undefined
      ? []
      : await session.query(
          'SELECT kind, id, position, sealed, updated_at FROM config_objects ORDER BY kind, position, id',
        );
  if (key.fault !== undefined)
    return { objects: objectsOf(config, []), findings: [fail('master key', key.fault, RESTORE)] };
  const closed = new Set(unopened(rows, key.value));
  const kept = rows.filter((row) => !closed.has(sealContext(String(row['kind']), String(row['id']))));
  const objects = objectsOf(config, key.value === undefined ? [] : kept.map(opener(key.value)));
  const [current] = key.value ?? [];
  const old = unopened(kept, current).length;
  return { objects, findings: [judge(current, { count: rows.length, closed: [...closed], old })] };
}

const RESTORE = 'Set TOCSIN_MASTER_KEY, or restore master.key, to the key that sealed them.';
const NAMED_MAX = 5;

function keyOf(config: Config): { readonly value?: MasterKeys; readonly fault?: string } {
  try {
    const value = findMasterKeys(config, config.data.directory);
    return value === undefined ? {} : { value };
  } catch (error) {
    if (error instanceof StartRefused) return { fault: error.message };
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { fault: `master.key cannot be read (${String(error.code)})` };
  }
}

interface Sealed {
  readonly count: number;
  /** Names of those that do not open. */
  readonly closed: readonly string[];
  /** How many are under the key before. */
  readonly old: number;
}

function judge(key: string | undefined, { count, closed, old }: Sealed): Finding {
  if (closed.length > 0) {
    const named = closed.slice(0, NAMED_MAX).join(', ');
    const why = key === undefined ? 'there is none to open' : 'it does not open';
    return fail('master key', `${why} ${closed.length} of ${count} stored objects: ${named}`, RESTORE);
  }
  if (key === undefined) return ok('master key', 'none yet: the first start makes one');
  if (old > 0) {
    const what = `${old} of ${count} stored objects are sealed under the key before`;
    return warn('master key', what, 'tocsin rotate-key seals them anew; keep that key until then.');
  }
  return ok(
    'master key',
    count === 0 ? 'nothing is sealed with it yet' : `opens all ${count} stored objects`,
  );
}

/** Bodies were checked by the schema of their kind before they were sealed. */
function opener(key: MasterKeys): (row: Readonly<Record<string, unknown>>) => KeptObject {
  const sealer = new Sealer(key, 'objects');
  return (row) => {
    const [kind, id] = [String(row['kind']), String(row['id'])];
    return {
      kind: kind as ObjectKind,
      id,
      body: JSON.parse(sealer.open(String(row['sealed']), sealContext(kind, id)) ?? '{}') as ObjectBody,
      position: Number(row['position']),
      tag: '',
      updatedAt: Number(row['updated_at']),
    };
  };
}
