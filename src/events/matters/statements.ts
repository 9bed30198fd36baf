import { type ColumnType, type SqlValue, type Statement, unnest } from '../../storage/statement.ts';
import { type MatterState, severityRank, type TocsinEvent } from '../event.ts';

const tellColumns: Readonly<Record<string, ColumnType>> = {
  fingerprint: 'text',
  source: 'text',
  type: 'text',
  severity: 'integer',
  title: 'text',
  subject_kind: 'text',
  subject_id: 'text',
  subject_name: 'text',
  state: 'text',
  state_at: 'bigint',
  event: 'text',
  received_at: 'bigint',
};

const COLUMNS = `fingerprint, source, type, severity, title, subject_kind, subject_id, subject_name, state, state_at,
  state_event, opened_at, resolved_at, updated_at, first_event, last_event, events`;

/** What the newest word on a matter decides; of two of the same instant the one that was received later. */
const told = ['type', 'severity', 'title', 'subject_kind', 'subject_id', 'subject_name', 'state', 'state_at'];
const newest = [...told, 'state_event'].map(
  (column) => `${column} = CASE
    WHEN (excluded.state_at, excluded.state_event) > (matters.state_at, matters.state_event)
    THEN excluded.${column} ELSE matters.${column} END`,
);

/**
 * However the events of a matter are ordered and grouped on their way here, the row comes out the same: a late `open`
 * does not reopen what was resolved after it, and is counted all the same.
 */
const merge = (least: string, greatest: string): string => `ON CONFLICT (fingerprint) DO UPDATE SET
  ${newest.join(',\n  ')},
  opened_at = ${least}(matters.opened_at, excluded.opened_at),
  resolved_at = coalesce(
    ${greatest}(matters.resolved_at, excluded.resolved_at), matters.resolved_at, excluded.resolved_at),
  updated_at = ${greatest}(matters.updated_at, excluded.updated_at),
  first_event = ${least}(matters.first_event, excluded.first_event),
  last_event = ${greatest}(matters.last_event, excluded.last_event),
  events = matters.events + excluded.events`;

/**
 * An event of a matter. PostgreSQL folds the rows of one fingerprint before it writes, because ON CONFLICT cannot
 * touch a row twice; in the order of the fingerprints, so that two commits never wait for each other crosswise.
 */
const tell: Statement = {
  name: 'matters.tell',
  columns: Object.values(tellColumns),
  sqlite: `INSERT INTO matters (${COLUMNS})
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?10, CASE ?9 WHEN 'resolved' THEN ?10 END, ?12, ?11, ?11, 1)
    ${merge('min', 'max')}`,
  postgres: `INSERT INTO matters (${COLUMNS})
    SELECT DISTINCT ON (key) key, source, type, severity, title, subject_kind, subject_id, subject_name, state,
      state_at, id, min(state_at) OVER matter, max(state_at) FILTER (WHERE state = 'resolved') OVER matter,
      max(received_at) OVER matter, min(id) OVER matter, max(id) OVER matter, count(*) OVER matter
    FROM (
      SELECT r.*, r.fingerprint COLLATE "C" AS key, r.event COLLATE "C" AS id FROM ${unnest(tellColumns, 'r')}
    ) r
    WINDOW matter AS (PARTITION BY key)
    ORDER BY key, state_at DESC, id DESC
    ${merge('least', 'greatest')}`,
};

export const matterStatements = { tell } as const;

/**
 * What an event says of its matter. It happened at the latest when it was received: a sender's clock that is ahead
 * must not have the last word for years.
 */
export function matterRow(event: TocsinEvent, state: MatterState): SqlValue[] {
  const { subject } = event;
  return [
    event.fingerprint,
    event.source,
    event.type,
    severityRank(event.severity),
    event.title,
    subject?.kind ?? null,
    subject?.id ?? null,
    subject?.name ?? null,
    state,
    Math.min(event.occurredAt ?? event.receivedAt, event.receivedAt),
    event.id,
    event.receivedAt,
  ];
}
