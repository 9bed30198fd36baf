import { Client } from 'pg';
import { DATABASE_FILE } from '../../src/storage/sqlite/directory.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import type { SqlValue } from '../../src/storage/statement.ts';
import { join } from 'node:path';
import { numberIn } from './shots.ts';

type Row = Readonly<Record<string, unknown>>;
type Query = (sql: string, values: readonly SqlValue[]) => Promise<readonly Row[]>;

/** What the store holds of every event, by its number. */
export interface Stored {
  /** Events with that number. */
  readonly events: Uint8Array;
  /** Deliveries that the rules made, replays aside. */
  readonly deliveries: Uint8Array;
  /** Events whose delivery was given up. */
  readonly dead: ReadonlySet<number>;
  readonly pending: number;
  readonly skipped: number;
  readonly replays: number;
  /** Skipped, and not replayed. */
  readonly leftSkipped: number;
}

const PAGE = 20_000;

/** Reads all of it past the service, in pages. */
export async function readStored(
  place: { readonly dataDirectory: string; readonly databaseUrl: string | undefined },
  capacity: number,
): Promise<Stored> {
  return place.databaseUrl === undefined
    ? withSqlite(place.dataDirectory, (query) => tally(query, capacity, '?'))
    : withPostgres(place.databaseUrl, (query) => tally(query, capacity, '$1'));
}

async function tally(query: Query, capacity: number, mark: string): Promise<Stored> {
  const events = new Uint8Array(capacity);
  const deliveries = new Uint8Array(capacity);
  const dead = new Set<number>();
  let [pending, skipped, replays, leftSkipped] = [0, 0, 0, 0];
  const eventSql = `SELECT id, payload FROM events WHERE id > ${mark} ORDER BY id LIMIT ${PAGE}`;
  for await (const row of pages(query, eventSql)) count(events, row);
  const deliverySql = `SELECT d.id, d.status, d.replay_of, d.replayed_as, e.payload FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.id > ${mark} ORDER BY d.id LIMIT ${PAGE}`;
  for await (const row of pages(query, deliverySql)) {
    const { status, replay_of: replayOf, replayed_as: replayedAs } = row;
    const n = numberIn(String(row['payload']));
    if (replayOf !== null) replays += 1;
    else count(deliveries, row);
    if (status === 'pending') pending += 1;
    if (status === 'dead' && n !== undefined) dead.add(n);
    if (status === 'skipped') skipped += 1;
    if (status === 'skipped' && replayedAs === null) leftSkipped += 1;
  }
  return { events, deliveries, dead, pending, skipped, replays, leftSkipped };
}

function count(counts: Uint8Array, row: Row): void {
  const n = numberIn(String(row['payload']));
  if (n !== undefined) counts[n] = Math.min(255, (counts[n] ?? 0) + 1);
}

async function* pages(query: Query, sql: string): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const rows = await query(sql, [after]);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = String(last['id']);
  }
}

async function withSqlite<T>(directory: string, work: (query: Query) => Promise<T>): Promise<T> {
  const database = new Database(join(directory, DATABASE_FILE), [], { readOnly: true });
  try {
    return await work(async (sql, values) => database.query(sql, values).rows);
  } finally {
    database.close();
  }
}

async function withPostgres<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(async (sql, values) => (await client.query<Row>(sql, [...values])).rows);
  } finally {
    await client.end();
  }
}
