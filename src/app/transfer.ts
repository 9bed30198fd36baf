import { type MasterKeys, Sealer } from '../kernel/seal.ts';
import { ownPages } from '../messages/store/own-pages.ts';
import { sealContext } from '../registry/object-store.ts';
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
  instead: {
    // A lease is of a process of the old store: the new one's would wait for its end.
    deliveries: { lease_owner: null, lease_until: 0 },
    // Another server counts its transactions otherwise.
    incidents: { revision: 0 },
    incident_identities: { revision: 0 },
  },
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
 * Objects and messages that come in are sealed under this store's master key. What is not yet is opened with the other
 * key and sealed again; `own` is asked at the first of them. A message that not even the other key opens could not be
 * read where it comes from: it stays as it is, and counts as gone here too.
 */
export function resealing(own: () => string | MasterKeys, other: string | undefined): Adapt {
  const objects = resealer(own, other, 'objects');
  const messages = resealer(own, other, 'messages');
  return {
    config_objects(row) {
      const name = sealContext(String(row['kind']), String(row['id']));
      const sealed = objects(String(row['sealed']), name);
      if (sealed === undefined)
        throw new ImportRefused(notOpened(`the stored ${name.replace('/', ' ')}`, other !== undefined));
      return { ...row, sealed };
    },
    messages({ content, ...row }) {
      const known = String(content).trim();
      const sealed = messages(known, String(row['id']));
      if (sealed === undefined && other === undefined) throw new ImportRefused(notOpened('a message', false));
      // As SQLite wants it: the file may come from the other store.
      return { ...row, content: ownPages(sealed ?? known, Object.values(row)) };
    },
  };
}

/** Undefined for what neither key opens. */
function resealer(
  own: () => string | MasterKeys,
  other: string | undefined,
  purpose: string,
): (sealed: string, context: string) => string | undefined {
  let sealer: Sealer | undefined;
  const otherSealer = other === undefined ? undefined : new Sealer(other, purpose);
  return (sealed, context) => {
    sealer ??= new Sealer(own(), purpose);
    if (sealer.open(sealed, context) !== undefined) return sealed;
    const plain = otherSealer?.open(sealed, context);
    return plain === undefined ? undefined : sealer.seal(plain, context);
  };
}

const notOpened = (what: string, hasOther: boolean): string =>
  hasOther
    ? `${what} opens neither with this store's master key nor with that of --source-key-file`
    : `${what} is sealed under another master key: give that one's file with --source-key-file, or set this store's TOCSIN_MASTER_KEY to it`;
