import { type ColumnType, type Statement, unnest } from '../../storage/statement.ts';
import { NOTES_MAX } from './note.ts';

const acknowledgementColumns: Readonly<Record<string, ColumnType>> = {
  event_id: 'text',
  at: 'bigint',
  actor: 'text',
  actor_name: 'text',
  reason: 'text',
};

/** A guard: the first acknowledgement stands, and there is none of an event that is gone. */
const acknowledge: Statement = {
  name: 'events.acknowledge',
  columns: Object.values(acknowledgementColumns),
  sqlite: `INSERT INTO acknowledgements (event_id, at, actor, actor_name, reason)
    SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM events WHERE id = ?1)
    ON CONFLICT DO NOTHING`,
  postgres: `INSERT INTO acknowledgements (event_id, at, actor, actor_name, reason)
    SELECT * FROM ${unnest(acknowledgementColumns, 'r')}
    WHERE EXISTS (SELECT 1 FROM events WHERE id = r.event_id)
    ON CONFLICT DO NOTHING
    RETURNING event_id AS key`,
};

/** A guard: whether there was one to take back. */
const unacknowledge: Statement = {
  name: 'events.unacknowledge',
  columns: ['text'],
  sqlite: `DELETE FROM acknowledgements WHERE event_id = ?1`,
  postgres: `DELETE FROM acknowledgements USING ${unnest({ event_id: 'text' }, 'r')}
    WHERE acknowledgements.event_id = r.event_id
    RETURNING acknowledgements.event_id AS key`,
};

const noteColumns: Readonly<Record<string, ColumnType>> = {
  id: 'text',
  event_id: 'text',
  at: 'bigint',
  actor: 'text',
  actor_name: 'text',
  text: 'text',
};

/** A guard: no note of an event that is gone, and no more of one event than can be shown. */
const writeNote: Statement = {
  name: 'events.note',
  columns: Object.values(noteColumns),
  sqlite: `INSERT INTO notes (id, event_id, at, actor, actor_name, text)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6
    WHERE EXISTS (SELECT 1 FROM events WHERE id = ?2)
      AND (SELECT count(*) FROM notes WHERE event_id = ?2) < ${NOTES_MAX}`,
  postgres: `INSERT INTO notes (id, event_id, at, actor, actor_name, text)
    SELECT * FROM ${unnest(noteColumns, 'r')}
    WHERE EXISTS (SELECT 1 FROM events WHERE id = r.event_id)
      AND (SELECT count(*) FROM notes WHERE event_id = r.event_id) < ${NOTES_MAX}
    RETURNING id AS key`,
};

export const noteStatements = { acknowledge, unacknowledge, writeNote } as const;
