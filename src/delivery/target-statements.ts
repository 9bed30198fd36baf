import { type ColumnType, type Statement, unnest } from '../storage/statement.ts';

const holdColumns: Readonly<Record<string, ColumnType>> = { target: 'text', until: 'bigint' };

/** A receiver's Retry-After, for all replicas. Of several in one commit the longest counts. */
const hold: Statement = {
  name: 'targets.hold',
  columns: Object.values(holdColumns),
  sqlite: `INSERT INTO target_states (target, state, version, hold_until) VALUES (?1, 'enabled', 0, ?2)
    ON CONFLICT (target) DO UPDATE SET hold_until = max(target_states.hold_until, excluded.hold_until)`,
  postgres: `INSERT INTO target_states (target, state, version, hold_until)
    SELECT r.target, 'enabled', 0, max(r.until) FROM ${unnest(holdColumns, 'r')}
    GROUP BY r.target ORDER BY r.target
    ON CONFLICT (target) DO UPDATE SET hold_until = greatest(target_states.hold_until, excluded.hold_until)`,
};

const noteColumns: Readonly<Record<string, ColumnType>> = {
  target: 'text',
  last_success_at: 'bigint',
  last_failure_at: 'bigint',
  failing_since: 'bigint',
};

/**
 * What one process saw of a target since it last told. Whatever the order in which replicas tell, the outcome is
 * the same: the target fails since the first failure after the last success of all.
 */
const note = (greatest: string, least: string): string => {
  const success = `${greatest}(target_states.last_success_at, excluded.last_success_at)`;
  const [known, told] = ['target_states.failing_since', 'excluded.failing_since'];
  return `ON CONFLICT (target) DO UPDATE SET
    last_success_at = ${success},
    last_failure_at = ${greatest}(target_states.last_failure_at, excluded.last_failure_at),
    failing_since = CASE
      WHEN ${known} > ${success} AND ${told} > ${success} THEN ${least}(${known}, ${told})
      WHEN ${known} > ${success} THEN ${known}
      WHEN ${told} > ${success} THEN ${told}
      ELSE 0 END`;
};
const noteAttempts: Statement = {
  name: 'targets.note',
  columns: Object.values(noteColumns),
  sqlite: `INSERT INTO target_states (target, state, version, last_success_at, last_failure_at, failing_since)
    VALUES (?1, 'enabled', 0, ?2, ?3, ?4) ${note('max', 'min')}`,
  postgres: `INSERT INTO target_states (target, state, version, last_success_at, last_failure_at, failing_since)
    SELECT r.target, 'enabled', 0, r.last_success_at, r.last_failure_at, r.failing_since
    FROM ${unnest(noteColumns, 'r')} ORDER BY r.target ${note('greatest', 'least')}`,
};

const minuteColumns: Readonly<Record<string, ColumnType>> = {
  minute: 'bigint',
  target: 'text',
  process: 'text',
  delivered: 'integer',
  failed: 'integer',
  rejected: 'integer',
  durations: 'text',
  breaker_until: 'bigint',
};
const minuteNames = Object.keys(minuteColumns).join(', ');
const sameMinute = `ON CONFLICT (minute, target, process) DO UPDATE SET
    delivered = excluded.delivered, failed = excluded.failed, rejected = excluded.rejected,
    durations = excluded.durations, breaker_until = excluded.breaker_until`;

/** One process's minute at one target, as it stands: written over until the minute is past. */
const putMinute: Statement = {
  name: 'targets.putMinute',
  columns: Object.values(minuteColumns),
  sqlite: `INSERT INTO target_minutes (${minuteNames}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ${sameMinute}`,
  postgres: `INSERT INTO target_minutes (${minuteNames}) SELECT * FROM ${unnest(minuteColumns, 'r')} ${sameMinute}`,
};

const stateColumns: Readonly<Record<string, ColumnType>> = {
  target: 'text',
  seen: 'bigint',
  state: 'text',
  reason: 'text',
  changed_by: 'text',
  changed_at: 'bigint',
  ends_at: 'bigint',
};
const changeState = `ON CONFLICT (target) DO UPDATE SET
    state = excluded.state, version = excluded.version, reason = excluded.reason,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at, ends_at = excluded.ends_at,
    hold_until = 0, failing_since = 0
    WHERE target_states.version = excluded.version - 1`;
const stateNames = 'target, version, state, reason, changed_by, changed_at, ends_at';

/**
 * The guard of every change of a state: passes when nobody changed it since `seen`, the version that the caller
 * knows. A new state begins without what was held against the old one.
 */
const setState: Statement = {
  name: 'targets.setState',
  columns: Object.values(stateColumns),
  sqlite: `INSERT INTO target_states (${stateNames}) VALUES (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7) ${changeState}`,
  postgres: `INSERT INTO target_states (${stateNames})
    SELECT r.target, r.seen + 1, r.state, r.reason, r.changed_by, r.changed_at, r.ends_at
    FROM ${unnest(stateColumns, 'r')} ${changeState} RETURNING target AS key`,
};

const announceColumns: Readonly<Record<string, ColumnType>> = {
  target: 'text',
  seen: 'bigint',
  announced: 'text',
  at: 'bigint',
};

/** The guard of an announcement that changes no state: passes for the first who makes it. `seen`: the one before. */
const announce: Statement = {
  name: 'targets.announce',
  columns: Object.values(announceColumns),
  sqlite: `UPDATE target_states SET announced = ?3, announced_at = ?4
    WHERE target = ?1 AND announced_at = ?2`,
  postgres: `UPDATE target_states SET announced = r.announced, announced_at = r.at
    FROM ${unnest(announceColumns, 'r')}
    WHERE target_states.target = r.target AND target_states.announced_at = r.seen
    RETURNING target_states.target AS key`,
};

/** The same beside a guard of its own. */
const noteAnnounced: Statement = {
  name: 'targets.noteAnnounced',
  columns: ['text', 'text', 'bigint'],
  sqlite: 'UPDATE target_states SET announced = ?2, announced_at = ?3 WHERE target = ?1',
  postgres: `UPDATE target_states SET announced = r.announced, announced_at = r.at
    FROM ${unnest({ target: 'text', announced: 'text', at: 'bigint' }, 'r')}
    WHERE target_states.target = r.target`,
};

export const targetStatements = {
  hold,
  noteAttempts,
  putMinute,
  setState,
  announce,
  noteAnnounced,
} as const;
