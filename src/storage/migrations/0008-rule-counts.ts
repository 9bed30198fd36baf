import type { Migration } from '../migrate.ts';

/** How many events each rule took, by a few minutes: written every few seconds, not with every event. */
const table = (text: string, bigint: string): string => `CREATE TABLE rule_counts (
    bucket ${bigint} NOT NULL,
    rule ${text} NOT NULL,
    events ${bigint} NOT NULL,
    PRIMARY KEY (bucket, rule)
  )`;

export const ruleCounts: Migration = {
  number: 8,
  name: 'rule-counts',
  sqlite: [`${table('TEXT', 'INTEGER')} WITHOUT ROWID`],
  postgres: [table('TEXT COLLATE "C"', 'BIGINT')],
};
