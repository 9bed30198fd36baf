import type { Migration } from '../migrate.ts';

/** What operators say of events. Tables of their own: an event's row, with its payload, is written once. */
const acknowledgements = (text: string, bigint: string): string => `CREATE TABLE acknowledgements (
    event_id ${text} NOT NULL PRIMARY KEY,
    at ${bigint} NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    reason TEXT
  )`;

const notes = (text: string, bigint: string): readonly string[] => [
  `CREATE TABLE notes (
    id ${text} NOT NULL PRIMARY KEY,
    event_id ${text} NOT NULL,
    at ${bigint} NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    text TEXT NOT NULL
  )`,
  `CREATE INDEX notes_event ON notes (event_id, id)`,
];

export const eventNotes: Migration = {
  number: 4,
  name: 'notes',
  sqlite: [`${acknowledgements('TEXT', 'INTEGER')} WITHOUT ROWID`, ...notes('TEXT', 'INTEGER')],
  postgres: [acknowledgements('TEXT COLLATE "C"', 'BIGINT'), ...notes('TEXT COLLATE "C"', 'BIGINT')],
};
