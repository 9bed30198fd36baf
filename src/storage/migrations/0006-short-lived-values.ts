import type { Migration } from '../migrate.ts';

const expiry = 'CREATE INDEX short_lived_values_expiry ON short_lived_values (expires_at)';

/** Values with an end, shared by the replicas where there is no Redis. */
export const shortLivedValues: Migration = {
  number: 6,
  name: 'short-lived-values',
  sqlite: [
    `CREATE TABLE short_lived_values (
      key TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL,
      expires_at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    expiry,
  ],
  postgres: [
    `CREATE TABLE short_lived_values (
      key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
      value TEXT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    expiry,
  ],
};
