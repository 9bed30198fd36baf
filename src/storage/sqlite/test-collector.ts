/**
 * A process for `node --expose-gc`: opens databases, uses many more texts of SQL than are kept, lets the garbage
 * collector have what was dropped at every awkward moment, closes, and begins again. It ends with `survived`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { Database } from './database.ts';

const ROUNDS = 3;
const TEXTS = 1_000;

const collect = (): void => {
  if (globalThis.gc === undefined) throw new TypeError('start with --expose-gc');
  globalThis.gc();
};

function round(path: string): void {
  const database = new Database(path, [], { readOnly: false });
  // Nothing here has to last.
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
  database.exec('CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, text TEXT)');
  for (let n = 0; n < TEXTS; n++) {
    // A text of its own each: most are dropped from the cache while the database is open.
    database.query(`INSERT INTO t (text) VALUES (?) RETURNING n, ${n}`, ['x'.repeat(n)]);
    database.query(`SELECT count(*) AS many, ${n} FROM t WHERE n > ?`, [n]);
    if (n % 500 === 0) collect();
  }
  // Dropped in the middle of a transaction, and taken there.
  database.transaction(() => {
    for (let n = 0; n < 500; n++) database.query(`UPDATE t SET text = 'y${n}' WHERE n = ?`, [n]);
    collect();
  });
  failInManyWays(database);
  collect();
  const { rows } = database.query('SELECT count(*) AS many FROM t');
  if (Number(rows[0]?.['many']) < TEXTS) throw new Error('rows were lost');
  // What was dropped last is still there when the database closes.
  for (let n = 0; n < 500; n++) database.query(`SELECT ${n} AS last`);
  database.close();
}

/** Statements that never came to an end, and a transaction that was given up. */
function failInManyWays(database: Database): void {
  const attempt = (work: () => unknown): void => {
    try {
      work();
    } catch {
      // It was meant to fail; what it leaves behind is the collector's.
    }
  };
  for (let n = 0; n < 50; n++) {
    attempt(() => database.query(`INSERT INTO t (n) VALUES (1), (${n}) RETURNING n`));
    attempt(() => database.query(`SELECT * FROM missing_${n}`));
    attempt(() =>
      database.transaction(() => {
        database.query(`DELETE FROM t WHERE n = ${n}`);
        throw new Error('given up');
      }),
    );
  }
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-collector-'));
  try {
    for (let n = 0; n < ROUNDS; n++) {
      round(join(directory, `${n % 2}.db`));
      // The closed database and its statements, in whatever order the collector likes.
      collect();
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    // In a thread, which takes everything down at its end, closed or not.
    for (const leave of ['closed', 'open']) await inThread(directory, leave);
    collect();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  process.stdout.write('survived\n');
}

function inThread(directory: string, leave: string): Promise<void> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { directory, leave } });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the thread ended with ${code}`)),
    );
  });
}

function thread({ directory, leave }: { readonly directory: string; readonly leave: string }): void {
  round(join(directory, 'thread.db'));
  const database = new Database(join(directory, 'thread.db'), [], { readOnly: false });
  for (let n = 0; n < 1_000; n++) database.query(`SELECT ${n} AS n FROM t`);
  if (leave === 'closed') database.close();
}

if (isMainThread) await main();
else thread(workerData as { directory: string; leave: string });
