import type { Migration } from '../migrate.ts';

/**
 * Matters have a state where their sender tells both the beginning and the end. Only the events of those pay for an
 * index on the fingerprint: its keys land all over the index, and on every event it would halve the writer's rate.
 */
const events: readonly string[] = [
  `ALTER TABLE events ADD COLUMN state TEXT`,
  `CREATE INDEX events_fingerprint ON events (fingerprint, id) WHERE state IS NOT NULL`,
  `CREATE INDEX events_stateful ON events (id) WHERE state IS NOT NULL`,
];

const matters = (text: string, bigint: string): string => `CREATE TABLE matters (
    fingerprint ${text} NOT NULL PRIMARY KEY,
    source ${text} NOT NULL,
    type ${text} NOT NULL,
    severity INTEGER NOT NULL,
    title TEXT NOT NULL,
    subject_kind TEXT,
    subject_id ${text},
    subject_name TEXT,
    state TEXT NOT NULL,
    state_at ${bigint} NOT NULL,
    state_event ${text} NOT NULL,
    opened_at ${bigint} NOT NULL,
    resolved_at ${bigint},
    updated_at ${bigint} NOT NULL,
    first_event ${text} NOT NULL,
    last_event ${text} NOT NULL,
    events INTEGER NOT NULL
  )`;

/** `last_event` is the order of the list, and tells when a matter is past its time. */
const indexes: readonly string[] = [
  `CREATE INDEX matters_last ON matters (last_event)`,
  `CREATE INDEX matters_open ON matters (last_event) WHERE state = 'open'`,
  `CREATE INDEX matters_subject ON matters (subject_id, last_event) WHERE subject_id IS NOT NULL`,
];

export const matterStates: Migration = {
  number: 2,
  name: 'matters',
  sqlite: [...events, `${matters('TEXT', 'INTEGER')} WITHOUT ROWID`, ...indexes],
  postgres: [...events, matters('TEXT COLLATE "C"', 'BIGINT'), ...indexes],
};
