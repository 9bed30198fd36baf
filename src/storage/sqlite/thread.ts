/** The worker thread that holds one SQLite connection, so that an fsync never blocks the event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { BUSY_MS, Database } from './database.ts';
import { sqliteFailure } from './errors.ts';
import { unpack } from './packed-batch.ts';
import type { Answer, Call, Opened, ThreadOptions, Work } from './protocol.ts';

/**
 * FULL: a commit is on disk when it returns. `Checkpoints` folds the log back; SQLite's own limit (1 GiB) is for
 * when that fails. It is above what comes in during a backup, because the commit that meets it folds all of the
 * log. The log's file is kept at up to 64 MB: writing over it is cheaper than growing it. What is deleted is written
 * over: that costs pages only where whole ones become free.
 */
const PRAGMAS: Readonly<Record<ThreadOptions['role'], string>> = {
  writer: `
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 262144;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY;`,
  reader: `
    PRAGMA query_only = ON;
    PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY;`,
  checkpointer: 'PRAGMA synchronous = FULL;',
};

const port = parentPort;
if (port === null) throw new TypeError('this file runs as a worker thread');
const options = workerData as ThreadOptions;
const statementNames = options.statements.map(({ name }) => name);

function open(): Database | undefined {
  const say = (opened: Opened): void => port?.postMessage(opened);
  try {
    const database = new Database(options.path, options.statements, { readOnly: options.role === 'reader' });
    database.exec(PRAGMAS[options.role]);
    say({ opened: true });
    return database;
  } catch (error) {
    say({ opened: false, detail: sqliteFailure(error).detail });
    return undefined;
  }
}

function run(database: Database, work: Work): unknown {
  switch (work.kind) {
    case 'commit':
      return database.commit(unpack(work.batch, statementNames));
    case 'query':
      return database.query(work.sql, work.values);
    case 'transact':
      return database.transaction(() => work.queries.map(({ sql, values }) => database.query(sql, values)));
    case 'checkpoint':
      return { pages: Number(database.query('PRAGMA wal_checkpoint(PASSIVE)').rows[0]?.['log'] ?? 0) };
    case 'truncate':
      return truncate(database);
    case 'probe':
      return probe(database);
    case 'close':
      return database.close();
  }
}

/** Nothing can be committed meanwhile, so it waits for readers no longer than most of them take. */
const TRUNCATE_BUSY_MS = 25;

function truncate(database: Database): { done: boolean } {
  database.exec(`PRAGMA busy_timeout = ${TRUNCATE_BUSY_MS}`);
  try {
    return { done: database.query('PRAGMA wal_checkpoint(TRUNCATE)').rows[0]?.['busy'] === 0 };
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}

/** Writes a page for real: a full disk answers reads happily. */
function probe(database: Database): undefined {
  database.query('UPDATE store_probe SET at = ?', [Date.now()]);
  return undefined;
}

const database = open();
if (database === undefined) {
  port.close();
} else {
  port.on('message', ({ id, work }: Call) => {
    let answer: Answer;
    try {
      answer = { id, result: run(database, work) };
    } catch (error) {
      answer = { id, failure: sqliteFailure(error) };
    }
    port.postMessage(answer);
    if (work.kind === 'close') port.close();
  });
}
