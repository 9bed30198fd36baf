import { type ColumnType, insertStatement, type Statement, unnest } from '../../storage/statement.ts';
import { incidentColumns } from './row.ts';

/** The transaction that writes: rows bear it, so that other processes find what has changed (`changedSince`). */
const REVISION = 'pg_current_xact_id()::text::bigint';

const plainInsert = insertStatement('', 'incidents', incidentColumns);

/** In the order of the ids: two transactions that insert the same ones must not wait for each other crosswise. */
const insertNew = (name: string): Statement => ({
  name,
  columns: plainInsert.columns,
  sqlite: `${plainInsert.sqlite} ON CONFLICT (id) DO NOTHING`,
  postgres: `INSERT INTO incidents (${Object.keys(incidentColumns).join(', ')}, revision)
    SELECT r.*, ${REVISION} FROM ${unnest(incidentColumns, 'r')} ORDER BY r.id COLLATE "C"
    ON CONFLICT (id) DO NOTHING RETURNING id AS key`,
});

/** It is on its feed's list again. An employee who is known by now is set, one who was known stays. */
const relist: Statement = {
  name: 'incidents.relist',
  columns: ['text', 'text', 'bigint'],
  sqlite: `UPDATE incidents SET listed_at = CASE listed WHEN 0 THEN ?3 ELSE listed_at END, listed = 1, last_seen_at = NULL,
      attributed_at = CASE WHEN employee IS NULL AND ?2 IS NOT NULL THEN ?3 ELSE attributed_at END,
      employee = coalesce(employee, ?2)
    WHERE id = ?1 AND (listed = 0 OR (employee IS NULL AND ?2 IS NOT NULL))`,
  postgres: `UPDATE incidents SET
      listed_at = CASE incidents.listed WHEN 0 THEN r.at ELSE incidents.listed_at END, listed = 1, last_seen_at = NULL,
      attributed_at = CASE WHEN incidents.employee IS NULL AND r.employee IS NOT NULL
        THEN r.at ELSE incidents.attributed_at END,
      employee = coalesce(incidents.employee, r.employee), revision = ${REVISION}
    FROM ${unnest({ id: 'text', employee: 'text', at: 'bigint' }, 'r')}
    WHERE incidents.id = r.id
      AND (incidents.listed = 0 OR (incidents.employee IS NULL AND r.employee IS NOT NULL))
    RETURNING incidents.id AS key`,
};

/** It is not on the list any more; `last_seen_at` is the last one's time that held it. */
const delist: Statement = {
  name: 'incidents.delist',
  columns: ['text', 'bigint'],
  sqlite: 'UPDATE incidents SET listed = 0, last_seen_at = ?2 WHERE id = ?1 AND listed = 1',
  postgres: `UPDATE incidents SET listed = 0, last_seen_at = r.last_seen_at, revision = ${REVISION}
    FROM ${unnest({ id: 'text', last_seen_at: 'bigint' }, 'r')}
    WHERE incidents.id = r.id AND incidents.listed = 1
    RETURNING incidents.id AS key`,
};

/** Of many who know the employee at once, one sets it, and it stays. */
const attribute: Statement = {
  name: 'incidents.attribute',
  columns: ['text', 'text', 'bigint'],
  sqlite: 'UPDATE incidents SET employee = ?2, attributed_at = ?3 WHERE id = ?1 AND employee IS NULL',
  postgres: `UPDATE incidents SET employee = r.employee, attributed_at = r.at, revision = ${REVISION}
    FROM ${unnest({ id: 'text', employee: 'text', at: 'bigint' }, 'r')}
    WHERE incidents.id = r.id AND incidents.employee IS NULL
    RETURNING incidents.id AS key`,
};

/** The rows of a PostgreSQL batch without all but the last of each key: ON CONFLICT cannot touch a row twice. */
function lastOfEach(columns: Readonly<Record<string, ColumnType>>, key: readonly string[]): string {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  const keys = key.map((column) => `${column} COLLATE "C"`).join(', ');
  return `SELECT DISTINCT ON (${keys}) ${names}
    FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS r(${names}, place) ORDER BY ${keys}, place DESC`;
}

const identityColumns = {
  feed: 'text',
  address: 'text',
  employee: 'text',
  first_seen_at: 'bigint',
  forgotten_at: 'bigint',
} as const;

const MOVED = `(incident_identities.employee <> excluded.employee
    OR incident_identities.forgotten_at IS DISTINCT FROM excluded.forgotten_at)`;

/** `first_seen_at` stays for as long as the address belongs to the same employee. */
const PUT_IDENTITY = `ON CONFLICT (feed, address) DO UPDATE SET employee = excluded.employee,
    first_seen_at = CASE WHEN incident_identities.employee = excluded.employee
      THEN incident_identities.first_seen_at ELSE excluded.first_seen_at END,
    forgotten_at = excluded.forgotten_at`;

const putIdentity: Statement = {
  name: 'incidents.putIdentity',
  columns: Object.values(identityColumns),
  sqlite: `${insertStatement('', 'incident_identities', identityColumns).sqlite}
    ${PUT_IDENTITY} WHERE ${MOVED}`,
  postgres: `INSERT INTO incident_identities (${Object.keys(identityColumns).join(', ')}, revision)
    SELECT r.*, ${REVISION} FROM (${lastOfEach(identityColumns, ['feed', 'address'])}) r
    ${PUT_IDENTITY}, revision = excluded.revision WHERE ${MOVED}`,
};

const filledColumns = { key: 'text', feed: 'text', type: 'text', filled_at: 'bigint' } as const;
const plainFill = insertStatement('', 'incident_filled', filledColumns);

/** A type's first whole list is stored: of many processes one passes, once and for all. */
const fillType: Statement = {
  name: 'incidents.fillType',
  columns: plainFill.columns,
  sqlite: `${plainFill.sqlite} ON CONFLICT (key) DO NOTHING`,
  postgres: `${plainFill.postgres} ON CONFLICT (key) DO NOTHING RETURNING key`,
};

const conditionColumns = { key: 'text', state: 'text', since: 'bigint', event_id: 'text' } as const;
const TURN = `ON CONFLICT (key) DO UPDATE SET
    state = excluded.state, since = excluded.since, event_id = excluded.event_id
    WHERE incident_conditions.state <> excluded.state`;
const isTurn = (state: string, key: string): string =>
  `(${state} <> 'good' OR EXISTS (SELECT 1 FROM incident_conditions c WHERE c.key = ${key}))`;

/** What is told of a feed has turned: of many processes one passes. That all is good is no news at first. */
const turnCondition: Statement = {
  name: 'incidents.turnCondition',
  columns: Object.values(conditionColumns),
  sqlite: `INSERT INTO incident_conditions (${Object.keys(conditionColumns).join(', ')})
    SELECT ?1, ?2, ?3, ?4 WHERE ${isTurn('?2', '?1')} ${TURN}`,
  postgres: `INSERT INTO incident_conditions (${Object.keys(conditionColumns).join(', ')})
    SELECT r.* FROM ${unnest(conditionColumns, 'r')} WHERE ${isTurn('r.state', 'r.key')} ${TURN}
    RETURNING key`,
};

const reportColumns = { id: 'text', report: 'text' } as const;
const PUT_REPORT = 'ON CONFLICT (id) DO UPDATE SET report = excluded.report';

/** The last refresh of a feed; the last word stands. */
const putReport: Statement = {
  name: 'incidents.putReport',
  columns: Object.values(reportColumns),
  sqlite: `${insertStatement('', 'incident_feeds', reportColumns).sqlite} ${PUT_REPORT}`,
  postgres: `INSERT INTO incident_feeds (id, report) ${lastOfEach(reportColumns, ['id'])} ${PUT_REPORT}`,
};

/** The rows are made in `row.ts`; those said to be guards pass for one of many. */
export const incidentStatements = {
  /** A guard: an incident that the store does not know. */
  insert: insertNew('incidents.insert'),
  relist,
  delist,
  /** A guard. */
  attribute,
  putIdentity,
  /** A guard. */
  fillType,
  /** A guard. */
  turnCondition,
  putReport,
} as const;
