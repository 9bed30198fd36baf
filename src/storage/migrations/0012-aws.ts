import type { Migration } from '../migrate.ts';

/**
 * What scans of AWS accounts found. A finding's severity is its place in the scale, so that the list is in the order of
 * an index; nothing that each scan writes anew (`last_seen_at`, `scan_id`) is in any. `aws_filled` holds what was looked
 * at before: from then on what is new there is told. Long columns come last, so that what asks for the rest does not
 * read them.
 */
const tables = (text: string, bigint: string): readonly string[] => [
  `CREATE TABLE aws_findings (
    id ${text} NOT NULL PRIMARY KEY,
    account_id ${text} NOT NULL,
    check_id ${text} NOT NULL,
    service ${text} NOT NULL,
    place ${text} NOT NULL,
    state ${text} NOT NULL,
    severity INTEGER NOT NULL,
    region ${text} NOT NULL,
    first_seen_at ${bigint} NOT NULL,
    last_seen_at ${bigint} NOT NULL,
    opened_at ${bigint} NOT NULL,
    times_opened INTEGER NOT NULL,
    resolved_at ${bigint},
    resolution TEXT,
    muted_at ${bigint},
    muted_until ${bigint},
    muted_by TEXT,
    event_id TEXT,
    scan_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_arn ${text} NOT NULL,
    resource_name TEXT NOT NULL,
    muted_why TEXT,
    resolved_reason TEXT,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL
  )`,
  `CREATE TABLE aws_scans (
    id ${text} NOT NULL PRIMARY KEY,
    account ${text},
    account_id ${text},
    origin ${text} NOT NULL,
    requested_by TEXT NOT NULL,
    state ${text} NOT NULL,
    runner TEXT,
    heartbeat_at ${bigint} NOT NULL,
    requested_at ${bigint} NOT NULL,
    started_at ${bigint},
    ended_at ${bigint},
    detail TEXT,
    regions TEXT,
    progress TEXT NOT NULL,
    summary TEXT,
    outcome TEXT
  )`,
  `CREATE TABLE aws_filled (
    key ${text} NOT NULL PRIMARY KEY,
    account_id ${text} NOT NULL,
    check_id ${text} NOT NULL,
    place ${text} NOT NULL,
    filled_at ${bigint} NOT NULL
  )`,
  'CREATE INDEX aws_findings_order ON aws_findings (severity, opened_at, id)',
  "CREATE INDEX aws_findings_open ON aws_findings (severity, opened_at, id) WHERE state = 'open'",
  'CREATE INDEX aws_findings_account ON aws_findings (account_id, severity, opened_at, id)',
  'CREATE INDEX aws_findings_check ON aws_findings (check_id, severity, opened_at, id)',
  'CREATE INDEX aws_findings_resource ON aws_findings (resource_arn, severity, opened_at, id)',
  "CREATE INDEX aws_findings_known ON aws_findings (account_id, id) WHERE state = 'open'",
  // Everything that is counted by: made without the table.
  `CREATE INDEX aws_findings_counts
    ON aws_findings (account_id, state, service, check_id, severity, muted_at, muted_until)`,
  "CREATE INDEX aws_findings_resolved ON aws_findings (resolved_at) WHERE state = 'resolved'",
  // Two scans of one account at once would take turns in opening and resolving.
  `CREATE UNIQUE INDEX aws_scans_running ON aws_scans (account) WHERE state = 'running'`,
  `CREATE UNIQUE INDEX aws_scans_running_id ON aws_scans (account_id) WHERE state = 'running'`,
  'CREATE INDEX aws_scans_account ON aws_scans (account, id)',
  'CREATE INDEX aws_scans_account_id ON aws_scans (account_id, state, id)',
  'CREATE INDEX aws_scans_state ON aws_scans (state, ended_at, id)',
  'CREATE INDEX aws_filled_account ON aws_filled (account_id)',
];

export const aws: Migration = {
  number: 12,
  name: 'aws',
  sqlite: tables('TEXT', 'INTEGER'),
  postgres: tables('TEXT COLLATE "C"', 'BIGINT'),
};
