import type { Migration } from '../migrate.ts';

/**
 * Where an event came from and went, and whether the country lists allow that; all null when it names neither side, as
 * in events from before. Only what is not allowed pays for an index: countries' keys would land all over theirs.
 */
const columns: readonly string[] = [
  `ALTER TABLE events ADD COLUMN geo_source TEXT`,
  `ALTER TABLE events ADD COLUMN geo_destination TEXT`,
  `ALTER TABLE events ADD COLUMN geo_allowed INTEGER`,
  `CREATE INDEX events_geo_refused ON events (id) WHERE geo_allowed = 0`,
];

export const eventGeo: Migration = { number: 10, name: 'event-geo', sqlite: columns, postgres: columns };
