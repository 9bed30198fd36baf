import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaMismatch } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import type { TransferSession } from '../../storage/transfer/session.ts';
import { storeSchema } from '../../storage/transfer/store-schema.ts';
import type { StorePlace } from '../store-place.ts';
import { inUnits } from './check-disk.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const MEBIBYTE = 1_048_576;
const LOG_WARN = 256 * MEBIBYTE;
/** What is larger takes minutes to read, and is read when that is asked for. */
const CHECKED_MAX = 2_048 * MEBIBYTE;
const CLOCK_WARN_MS = 2_000;
const CLOCK_FAIL_MS = 60_000;

/** The schema as this version knows it. Undefined when there is none to look into. */
export async function checkSchema(
  session: TransferSession,
): Promise<{ readonly isCurrent: boolean; readonly finding: Finding }> {
  try {
    const applied = await storeSchema(session, migrations);
    const newest = migrations.at(-1)?.number ?? 0;
    const found = applied.at(-1)?.number ?? 0;
    if (found === newest)
      return { isCurrent: true, finding: ok('store', `schema ${found}, the one of this version`) };
    const what = found === 0 ? 'it is empty' : `it has schema ${found}, this version brings ${newest}`;
    const todo = 'Back it up; the next start, or tocsin migrate, brings it up to date.';
    return { isCurrent: false, finding: warn('store', what, todo) };
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    const todo = 'Run the version of Tocsin that made it, or restore a backup.';
    return { isCurrent: false, finding: fail('store', error.message, todo) };
  }
}

/** What is to be known of SQLite alone: its file, its log, and whether it is whole. */
export async function checkSqliteFile(
  { path }: Extract<StorePlace, { dialect: 'sqlite' }>,
  session: TransferSession,
  isFull: boolean,
): Promise<readonly Finding[]> {
  const size = sizeOf(path);
  const log = sizeOf(`${path}-wal`);
  const grown =
    log < LOG_WARN
      ? []
      : [
          warn(
            'store',
            `its write-ahead log has grown to ${inUnits(log)}`,
            'Something reads for long: a backup, or another program that has the file open. End it.',
          ),
        ];
  if (size > CHECKED_MAX && !isFull)
    return [...grown, ok('store', `${inUnits(size)}: not read as a whole; --full does that`)];
  const [row] = await session.query('PRAGMA quick_check(1)');
  const verdict = String(row?.['quick_check']);
  return [
    ...grown,
    verdict === 'ok'
      ? ok('store', `${inUnits(size)}, sound (quick_check)`)
      : fail(
          'store',
          `it is damaged: ${verdict.slice(0, 200)}`,
          'Stop the service, keep the file, and restore the last backup.',
        ),
  ];
}

/** Whether PostgreSQL would take writes of ours, and how far its clock is from the one here. */
export async function checkPostgres(
  session: TransferSession,
  now: () => number,
): Promise<readonly Finding[]> {
  const before = now();
  const [row] = await session.query(
    "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby, extract(epoch FROM clock_timestamp()) * 1000 AS at, current_setting('default_transaction_read_only') AS readonly",
  );
  const here = (before + now()) / 2;
  const takesWrites = row?.['standby'] === false && row['readonly'] === 'off';
  const version = String(row?.['version']);
  return [
    takesWrites
      ? ok('store', `PostgreSQL ${version}, takes writes`)
      : fail(
          'store',
          `PostgreSQL ${version} takes no writes: a standby, or set to read only`,
          'Point DATABASE_URL at the primary.',
        ),
    judgeClock("the database's", Number(row?.['at']) - here),
  ];
}

export function judgeClock(whose: string, awayMs: number): Finding {
  const what = `${whose} clock is ${(Math.abs(awayMs) / 1_000).toFixed(1)} s ${awayMs < 0 ? 'behind' : 'ahead of'} the one here`;
  const todo = 'Keep both right with NTP: leases and retry times are compared across processes.';
  if (Math.abs(awayMs) > CLOCK_FAIL_MS) return fail('clock', what, todo);
  return Math.abs(awayMs) > CLOCK_WARN_MS ? warn('clock', what, todo) : ok('clock', what);
}

/** Makes a file beside the store and removes it: that it can be written to, and what time its disk has. */
export function checkDirectory(directory: string, now: () => number): readonly Finding[] {
  const path = join(directory, `.doctor-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    return [
      ok('store', `${directory} can be written to`),
      judgeClock("its disk's", statSync(path).mtimeMs - now()),
    ];
  } catch (error) {
    // Whatever keeps us from writing keeps the service from it.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return [
      fail(
        'store',
        `${directory} cannot be written to (${code})`,
        "Mend its owner or mode, make room, or run this as the service's user.",
      ),
    ];
  } finally {
    rmSync(path, { force: true });
  }
}

/** A newest event of the future says that the clock was wrong then, or is now. */
export async function checkNewest(session: TransferSession, now: number): Promise<readonly Finding[]> {
  const [row] = await session.query('SELECT received_at FROM events ORDER BY id DESC LIMIT 1');
  const ahead = Number(row?.['received_at'] ?? 0) - now;
  if (ahead < CLOCK_FAIL_MS) return [];
  const what = `the newest event came ${Math.round(ahead / 1_000)} s after now`;
  return [fail('clock', what, 'Set the clock: it was ahead then, or is behind now.')];
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
