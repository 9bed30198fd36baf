import { among, sql } from '../../storage/sql.ts';
import type { Kysely, Store } from '../../storage/store.ts';
import type { MessageFacts } from '../message.ts';
import { factColumns, factsOfRow, type MessageRow, type MessageTables } from './row.ts';
import type { Counted } from './tally.ts';

/** Reads the table of messages. `now` in Unix ms: what ends by then is left out. */
export class MessageRows {
  readonly #read: Kysely<MessageTables>;
  readonly #dialect: Store['dialect'];

  constructor(store: Pick<Store, 'read' | 'dialect'>) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<MessageTables>();
  }

  /** Also of one past its end. */
  async facts(id: string): Promise<MessageFacts | undefined> {
    const row = await this.#read
      .selectFrom('messages')
      .select(factColumns)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && factsOfRow(row);
  }

  /** By their ids the sealed contents of what anybody may read any number of times. */
  async shared(ids: readonly string[], now: number): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#read
      .selectFrom('messages')
      .select(['id', 'content'])
      .where(among(this.#dialect, 'id', ids))
      .where('kind', '=', 'plain')
      .where('reads_max', 'is', null)
      .where('expires_at', '>', now)
      .execute();
    return new Map(rows.map(({ id, content }) => [id, content]));
  }

  /** With its sealed content only where the hash is right: for a wrong one nothing large is read. */
  async claimable(
    id: string,
    claimHash: string | undefined,
    now: number,
  ): Promise<(MessageRow & { readonly content: string | null }) | undefined> {
    const content = sql<string | null>`CASE WHEN claim_hash IS NULL OR claim_hash = ${claimHash ?? ''}
      THEN content END`;
    return this.#read
      .selectFrom('messages')
      .select([...factColumns, 'claim_hash', 'delete_hash', content.as('content')])
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst();
  }

  async removable(id: string, now: number): Promise<Pick<MessageRow, 'bytes' | 'delete_hash'> | undefined> {
    return this.#read
      .selectFrom('messages')
      .select(['bytes', 'delete_hash'])
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst();
  }

  /** Of those past their end, the ones that ended first. */
  async ended(now: number, limit: number): Promise<MessageFacts[]> {
    const rows = await this.#read
      .selectFrom('messages')
      .select(factColumns)
      .where('expires_at', '<=', now)
      .orderBy('expires_at')
      .limit(limit)
      .execute();
    return rows.map(factsOfRow);
  }

  /** The end of what ends first; Infinity when there is nothing. */
  async firstEnd(): Promise<number> {
    const { at } = await this.#read
      .selectFrom('messages')
      .select(({ fn }) => fn.min<number | null>('expires_at').as('at'))
      .executeTakeFirstOrThrow();
    return at ?? Infinity;
  }

  /** Goes through all of the index on the ends. */
  async count(): Promise<Counted> {
    const { messages, bytes, firstEnd } = await this.#read
      .selectFrom('messages')
      .select(({ fn }) => [
        fn.countAll<number>().as('messages'),
        fn.sum<number | string | null>('bytes').as('bytes'),
        fn.min<number | null>('expires_at').as('firstEnd'),
      ])
      .executeTakeFirstOrThrow();
    // A sum may be a text in PostgreSQL.
    return { messages: Number(messages), bytes: Number(bytes ?? 0), firstEnd: firstEnd ?? Infinity };
  }
}
