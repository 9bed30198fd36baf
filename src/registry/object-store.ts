import type { Clock } from '../kernel/clock.ts';
import type { Sealer } from '../kernel/seal.ts';
import type { Kysely, Store } from '../storage/store.ts';
import type { ObjectKind } from './objects.ts';

type ObjectTables = {
  config_objects: { kind: string; id: string; position: number; sealed: string; updated_at: number };
  config_version: { version: number };
};

/** An object made over the API, as it was written; it holds secrets, so it is stored sealed. */
export interface StoredObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A stored object that the master key does not open: another key, or altered. */
export class SealBroken extends Error {
  constructor(kind: string, id: string) {
    super(
      `the stored ${kind} "${id}" does not open with this master key: set TOCSIN_MASTER_KEY (or the data directory's master.key) to the key that sealed it`,
    );
    this.name = 'SealBroken';
  }
}

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
  async list(): Promise<StoredObject[]> {
    const rows = await this.#tables
      .selectFrom('config_objects')
      .selectAll()
      .orderBy('kind')
      .orderBy('position')
      .orderBy('id')
      .execute();
    return rows.map(({ kind, id, sealed }) => {
      const body = this.#sealer.open(sealed, `${kind}/${id}`);
      if (body === undefined) throw new SealBroken(kind, id);
      return {
        kind: kind as ObjectKind,
        id,
        body: JSON.parse(body) as StoredObject['body'],
      };
    });
  }

  /** Makes an object, or replaces the one with this kind and id. */
  async put({ kind, id, body }: StoredObject, position = 0): Promise<void> {
    const row = {
      sealed: this.#sealer.seal(JSON.stringify(body), `${kind}/${id}`),
      position,
      updated_at: this.#clock.now(),
    };
    const insert = this.#tables
      .insertInto('config_objects')
      .values({ kind, id, ...row })
      .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(row));
    await this.#store.transact([insert.compile(), this.#countUp()]);
  }

  async remove(kind: ObjectKind, id: string): Promise<void> {
    const remove = this.#tables.deleteFrom('config_objects').where('kind', '=', kind).where('id', '=', id);
    await this.#store.transact([remove.compile(), this.#countUp()]);
  }

  /** Grows with every change: a replica that sees a new one loads anew. */
  async version(): Promise<number> {
    const row = await this.#tables.selectFrom('config_version').select('version').executeTakeFirstOrThrow();
    return row.version;
  }

  get #tables(): Kysely<ObjectTables> {
    return this.#store.read.withTables<ObjectTables>();
  }

  #countUp() {
    return this.#tables
      .updateTable('config_version')
      .set((update) => ({ version: update('version', '+', 1) }))
      .compile();
  }
}
