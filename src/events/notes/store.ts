import type { EventId } from '../../kernel/ids.ts';
import { among } from '../../storage/sql.ts';
import type { Kysely, Store } from '../../storage/store.ts';
import type { Acknowledgement, Note, NoteId } from './note.ts';

type NoteTables = {
  acknowledgements: {
    event_id: string;
    at: number;
    actor: string;
    actor_name: string;
    reason: string | null;
  };
  notes: { id: string; event_id: string; at: number; actor: string; actor_name: string; text: string };
};

/** Reads what operators said of events; `NoteWriter` writes it. */
export class NoteStore {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<NoteTables>;
  readonly #write: Kysely<NoteTables>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<NoteTables>();
    this.#write = store.write.withTables<NoteTables>();
  }

  async acknowledgement(eventId: EventId): Promise<Acknowledgement | undefined> {
    const row = await this.#read
      .selectFrom('acknowledgements')
      .selectAll()
      .where('event_id', '=', eventId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const by = { id: row.actor, name: row.actor_name };
    return { eventId, at: row.at, by, reason: row.reason ?? undefined };
  }

  /** Oldest first. */
  async notes(eventId: EventId): Promise<Note[]> {
    const rows = await this.#read
      .selectFrom('notes')
      .selectAll()
      .where('event_id', '=', eventId)
      .orderBy('id')
      .execute();
    return rows.map(({ id, at, actor, actor_name, text }) => ({
      id: id as NoteId,
      eventId,
      at,
      by: { id: actor, name: actor_name },
      text,
    }));
  }

  /** Ids of acknowledged events, newest first, older than `before`. */
  async acknowledged(before: EventId | undefined, limit: number): Promise<EventId[]> {
    let query = this.#read.selectFrom('acknowledgements').select('event_id');
    if (before !== undefined) query = query.where('event_id', '<', before);
    const rows = await query.orderBy('event_id', 'desc').limit(limit).execute();
    return rows.map((row) => row.event_id as EventId);
  }

  async deleteOf(events: readonly EventId[]): Promise<void> {
    if (events.length === 0) return;
    for (const table of ['acknowledgements', 'notes'] as const) {
      await this.#write
        .deleteFrom(table)
        .where(among(this.#dialect, 'event_id', events))
        .execute();
    }
  }
}
