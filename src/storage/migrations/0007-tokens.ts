import type { Migration } from '../migrate.ts';

/**
 * Tokens with an end, a maker and a secret before the present one, which a rotation may leave valid for a while. A
 * revoked token stays as a row, so that its use can be told from a guess. Times are Unix ms; null stands for never.
 */
const changes = (bigint: string): readonly string[] => [
  `ALTER TABLE tokens ADD COLUMN created_by TEXT`,
  `ALTER TABLE tokens ADD COLUMN expires_at ${bigint}`,
  `ALTER TABLE tokens ADD COLUMN rotated_at ${bigint}`,
  `ALTER TABLE tokens ADD COLUMN previous_hash TEXT`,
  `ALTER TABLE tokens ADD COLUMN previous_until ${bigint}`,
  `ALTER TABLE tokens ADD COLUMN last_used_at ${bigint}`,
  `ALTER TABLE tokens ADD COLUMN revoked_at ${bigint}`,
  `CREATE INDEX tokens_previous ON tokens (previous_hash) WHERE previous_hash IS NOT NULL`,
  `CREATE INDEX audit_actor ON audit (actor, id)`,
  `CREATE INDEX audit_action ON audit (action, id)`,
  `CREATE INDEX audit_subject ON audit (subject, id)`,
];

export const tokenLives: Migration = {
  number: 7,
  name: 'tokens',
  sqlite: changes('INTEGER'),
  postgres: changes('BIGINT'),
};
