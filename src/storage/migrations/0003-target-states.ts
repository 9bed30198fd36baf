import type { Migration } from '../migrate.ts';

/**
 * How each target stands, what it did of late, and deliveries that were skipped or stand in for another. Written
 * when something changes and every few seconds, not with every event; 0 stands for "never".
 */
const tables = (text: string, bigint: string): readonly string[] => [
  `CREATE TABLE target_states (
    target ${text} NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    version ${bigint} NOT NULL,
    reason TEXT,
    changed_by TEXT,
    changed_at ${bigint} NOT NULL DEFAULT 0,
    ends_at ${bigint} NOT NULL DEFAULT 0,
    hold_until ${bigint} NOT NULL DEFAULT 0,
    last_success_at ${bigint} NOT NULL DEFAULT 0,
    last_failure_at ${bigint} NOT NULL DEFAULT 0,
    failing_since ${bigint} NOT NULL DEFAULT 0,
    announced TEXT,
    announced_at ${bigint} NOT NULL DEFAULT 0
  )`,
  `ALTER TABLE deliveries ADD COLUMN fallback_of ${text}`,
  `CREATE INDEX deliveries_skipped ON deliveries (id) WHERE status = 'skipped'`,
  `CREATE INDEX deliveries_skipped_target ON deliveries (target, id) WHERE status = 'skipped'`,
];

const minutes = (text: string, bigint: string): string => `CREATE TABLE target_minutes (
    minute ${bigint} NOT NULL,
    target ${text} NOT NULL,
    process ${text} NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    durations TEXT NOT NULL,
    breaker_until ${bigint} NOT NULL,
    PRIMARY KEY (minute, target, process)
  )`;

export const targetStates: Migration = {
  number: 3,
  name: 'target-states',
  sqlite: [...tables('TEXT', 'INTEGER'), `${minutes('TEXT', 'INTEGER')} WITHOUT ROWID`],
  postgres: [...tables('TEXT COLLATE "C"', 'BIGINT'), minutes('TEXT COLLATE "C"', 'BIGINT')],
};
