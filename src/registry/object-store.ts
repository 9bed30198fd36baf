import type { Clock } from '../kernel/clock.ts';
import type { Sealer } from '../kernel/seal.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { Group, Write } from '../storage/statement.ts';
import type { Kysely, Store } from '../storage/store.ts';
import type { ObjectKind, StoredState } from './objects.ts';
import { registryStatements } from './statements.ts';

type ObjectRow = { kind: string; id: string; position: number; sealed: string; updated_at: number };
type ObjectTables = {
  config_objects: ObjectRow;
  config_version: { version: number };
};

export type ObjectBody = Readonly<Record<string, unknown>>;

/** An object made over the API, as it was written; it holds secrets, so it is stored sealed. */
export interface StoredObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly body: ObjectBody;
}

/** The same as it is in the store. */
export interface KeptObject extends StoredObject, StoredState {
  /** Among its kind. */
  readonly position: number;
}

/** What an object's sealed text is bound to: under another kind or id it does not open. */
export const sealContext = (kind: string, id: string): string => `${kind}/${id}`;

/** A stored object that the master key does not open: another key, or altered. */
export class SealBroken extends Error {
  constructor(kind: string, id: string) {
    super(
      `the stored ${kind} "${id}" does not open with this master key: set TOCSIN_MASTER_KEY (or the data directory's master.key) to the key that sealed it`,
    );
    this.name = 'SealBroken';
  }
}

const TAG_LENGTH = 20;
/** Each time somebody changed an object in between. */
const RESEAL_TRIES_MAX = 20;

/** Sources, targets and rules of the second origin, the store; every change counts the version up. */
export class ObjectStore {
  readonly #store: Store;
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(store: Store, sealer: Sealer, clock: Clock) {
    this.#store = store;
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** By kind and position. Throws SealBroken. */
  async list(): Promise<KeptObject[]> {
    return (await this.#rows()).map((row) => this.#open(row));
  }

  /** Makes an object, or replaces the one with this kind and id, whatever there is. */
  async put(object: StoredObject, position = 0): Promise<void> {
    await this.#store.commit([[{ writes: [countUpWrite(), this.putWrite(object, position)] }]]);
  }

  async remove(kind: ObjectKind, id: string): Promise<void> {
    await this.#store.commit([[removeGroup(kind, id, [])]]);
  }

  /**
   * Seals anew, in one commit with `also`, what is sealed under a master key before the one in use; returns how many
   * that were. Throws SealBroken when one of all does not open; then nothing was changed.
   */
  async reseal(also: readonly Write[]): Promise<number> {
    for (let tries = 0; tries < RESEAL_TRIES_MAX; tries += 1) {
      const version = await this.version();
      const rows = await this.#rows();
      const writes = rows.flatMap((row) => {
        const { position, updatedAt, ...object } = this.#open(row);
        const isCurrent = this.#sealer.isCurrent(row.sealed, sealContext(row.kind, row.id));
        return isCurrent ? [] : [this.#sealedWrite(object, position, updatedAt)];
      });
      if (writes.length + also.length === 0) return 0;
      const [passed] = await this.#store.commit([
        [{ guard: countUpWrite(version), writes: [...writes, ...also] }],
      ]);
      if (passed?.[0] === true) return writes.length;
    }
    throw new Error('the stored objects are changed all the time');
  }

  /** For a commit of the caller's, behind `countUpWrite`. */
  putWrite(object: StoredObject, position: number): Write {
    return this.#sealedWrite(object, position, this.#clock.now());
  }

  #sealedWrite({ kind, id, body }: StoredObject, position: number, updatedAt: number): Write {
    const sealed = this.#sealer.seal(JSON.stringify(body), sealContext(kind, id));
    return { statement: registryStatements.put.name, row: [kind, id, position, sealed, updatedAt] };
  }

  /** Grows with every change: a replica that sees a new one loads anew. */
  async version(): Promise<number> {
    const row = await this.#tables.selectFrom('config_version').select('version').executeTakeFirstOrThrow();
    return row.version;
  }

  #rows(): Promise<ObjectRow[]> {
    return this.#tables
      .selectFrom('config_objects')
      .selectAll()
      .orderBy('kind')
      .orderBy('position')
      .orderBy('id')
      .execute();
  }

  #open({ kind, id, position, sealed, updated_at: updatedAt }: ObjectRow): KeptObject {
    const body = this.#sealer.open(sealed, sealContext(kind, id));
    if (body === undefined) throw new SealBroken(kind, id);
    return {
      // Written by `putWrite` alone.
      kind: kind as ObjectKind,
      id,
      body: JSON.parse(body) as ObjectBody,
      position,
      // Of the sealed text, which is another each time: it tells nothing of the secrets, not even to who guesses.
      tag: sha256Hex(sealed).slice(0, TAG_LENGTH),
      updatedAt,
    };
  }

  get #tables(): Kysely<ObjectTables> {
    return this.#store.read.withTables<ObjectTables>();
  }
}

/** The guard of a change that was decided on what there was at version `seen`; without it, it passes always. */
export const countUpWrite = (seen?: number): Write => ({
  statement: registryStatements.countUp.name,
  row: ['version', seen ?? null],
});

export const removeWrite = (kind: ObjectKind, id: string): Write => ({
  statement: registryStatements.remove.name,
  row: [kind, id],
});

export const placeWrite = (kind: ObjectKind, id: string, position: number): Write => ({
  statement: registryStatements.place.name,
  row: [kind, id, position],
});

/** Removes an object whatever else there is, in one commit with what belongs to that. */
export const removeGroup = (kind: ObjectKind, id: string, also: readonly Write[]): Group => ({
  writes: [countUpWrite(), removeWrite(kind, id), ...also],
});

/** Whether there is such an object, for whoever has not its key. */
export async function hasObject(store: Store, kind: ObjectKind, id: string): Promise<boolean> {
  const row = await store.read
    .withTables<ObjectTables>()
    .selectFrom('config_objects')
    .select('id')
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}
