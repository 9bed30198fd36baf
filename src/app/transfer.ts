import { type MasterKeys, Sealer } from '../kernel/seal.ts';
import { sealContext } from '../registry/object-store.ts';
import type { SqlValue } from '../storage/statement.ts';
import { ImportRefused } from '../storage/transfer/format.ts';
import type { Adapt } from '../storage/transfer/import-rows.ts';
import type { TransferRules } from '../storage/transfer/table.ts';

/**
 * Every table of the migrations goes from store to store but these. `processes` and PostgreSQL's `search` are in no
 * list of SQLite's, which is what is gone by.
 */
export const transferRules: TransferRules = {
  leftOut: new Set([
    'store_probe',
    // Made again from the events.
    'search_entries',
    'search_progress',
  ]),
  // A lease is of a process of the old store: the new one's would wait for its end.
  instead: { deliveries: { lease_owner: null, lease_until: 0 } },
};

type SealedRow = Readonly<Record<string, unknown>>;

const open = (sealer: Sealer, { kind, id, sealed }: SealedRow): string | undefined =>
  sealer.open(String(sealed), sealContext(String(kind), String(id)));

/** Names (`target/slack`) of the rows of `config_objects` that these master keys do not open. */
export function unopened(
  rows: readonly SealedRow[],
  masterKey: string | MasterKeys | undefined,
): readonly string[] {
  const sealer = masterKey === undefined ? undefined : new Sealer(masterKey, 'objects');
  const closed = rows.filter((row) => sealer === undefined || open(sealer, row) === undefined);
  return closed.map(({ kind, id }) => sealContext(String(kind), String(id)));
}

/**
 * Objects that come in are sealed under this store's master key. What is not yet is opened with the other key and
 * sealed again; `own` is asked at the first of them.
 */
export function resealing(own: () => string | MasterKeys, other: string | undefined): Adapt {
  let sealer: Sealer | undefined;
  const otherSealer = other === undefined ? undefined : new Sealer(other, 'objects');
  return {
    config_objects(row) {
      sealer ??= new Sealer(own(), 'objects');
      if (open(sealer, row) !== undefined) return row;
      const plain = otherSealer && open(otherSealer, row);
      const name = sealContext(String(row['kind']), String(row['id']));
      if (plain === undefined) throw new ImportRefused(notOpened(name, otherSealer !== undefined));
      const sealed: SqlValue = sealer.seal(plain, name);
      return { ...row, sealed };
    },
  };
}

const notOpened = (name: string, hasOther: boolean): string =>
  hasOther
    ? `the stored ${name.replace('/', ' ')} opens neither with this store's master key nor with that of --source-key-file`
    : `the stored ${name.replace('/', ' ')} is sealed under another master key: give that one's file with --source-key-file, or set this store's TOCSIN_MASTER_KEY to it`;
