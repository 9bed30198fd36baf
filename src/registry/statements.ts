import { type ColumnType, type Statement, unnest } from '../storage/statement.ts';

type Columns = Readonly<Record<string, ColumnType>>;

const versionColumns: Columns = { key: 'text', seen: 'bigint' };

/** The guard of every change: passes when nobody changed any object since `seen`; without it, always. */
const countUp: Statement = {
  name: 'objects.countUp',
  columns: Object.values(versionColumns),
  sqlite: `UPDATE config_version SET version = version + 1
    WHERE ?1 IS NOT NULL AND (?2 IS NULL OR version = ?2)`,
  postgres: `UPDATE config_version SET version = version + 1 FROM ${unnest(versionColumns, 'r')}
    WHERE r.seen IS NULL OR version = r.seen RETURNING r.key AS key`,
};

const putColumns: Columns = {
  kind: 'text',
  id: 'text',
  position: 'integer',
  sealed: 'text',
  updated_at: 'bigint',
};
const putNames = Object.keys(putColumns).join(', ');
const replace = `ON CONFLICT (kind, id) DO UPDATE SET
    position = excluded.position, sealed = excluded.sealed, updated_at = excluded.updated_at`;

const put: Statement = {
  name: 'objects.put',
  columns: Object.values(putColumns),
  sqlite: `INSERT INTO config_objects (${putNames}) VALUES (?1, ?2, ?3, ?4, ?5) ${replace}`,
  postgres: `INSERT INTO config_objects (${putNames}) SELECT * FROM ${unnest(putColumns, 'r')} ${replace}`,
};

const keyColumns: Columns = { kind: 'text', id: 'text' };

const remove: Statement = {
  name: 'objects.remove',
  columns: Object.values(keyColumns),
  sqlite: `DELETE FROM config_objects WHERE kind = ?1 AND id = ?2`,
  postgres: `DELETE FROM config_objects USING ${unnest(keyColumns, 'r')}
    WHERE config_objects.kind = r.kind AND config_objects.id = r.id`,
};

const placeColumns: Columns = { kind: 'text', id: 'text', position: 'integer' };

/** Where an object stands among its kind. */
const place: Statement = {
  name: 'objects.place',
  columns: Object.values(placeColumns),
  sqlite: `UPDATE config_objects SET position = ?3 WHERE kind = ?1 AND id = ?2`,
  postgres: `UPDATE config_objects SET position = r.position FROM ${unnest(placeColumns, 'r')}
    WHERE config_objects.kind = r.kind AND config_objects.id = r.id`,
};

const countColumns: Columns = { bucket: 'bigint', rule: 'text', events: 'bigint' };
const add = 'ON CONFLICT (bucket, rule) DO UPDATE SET events = rule_counts.events + excluded.events';

/** Events that a rule took, added to what any process has told of the same few minutes. */
const countEvents: Statement = {
  name: 'rules.countEvents',
  columns: Object.values(countColumns),
  sqlite: `INSERT INTO rule_counts (bucket, rule, events) VALUES (?1, ?2, ?3) ${add}`,
  postgres: `INSERT INTO rule_counts (bucket, rule, events)
    SELECT r.bucket, r.rule, sum(r.events) FROM ${unnest(countColumns, 'r')}
    GROUP BY r.bucket, r.rule ORDER BY r.bucket, r.rule ${add}`,
};

export const registryStatements = { countUp, put, remove, place, countEvents } as const;
