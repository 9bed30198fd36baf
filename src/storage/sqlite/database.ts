import { createRequire } from 'node:module';
import { storable } from '../storable.ts';
import type { QueryResult } from '../store.ts';
import type { Passed, SqlValue, Statement, Submission, Write } from '../statement.ts';

/** The part of Node's own `node:sqlite` that is used; the package for Node 20 has the same API. */
interface SqliteStatement {
  run(...values: SqlValue[]): { changes: number | bigint };
  all(...values: SqlValue[]): Record<string, unknown>[];
}
interface SqliteHandle {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}
type SqliteModule = {
  readonly DatabaseSync: new (
    path: string,
    options?: { readOnly?: boolean; timeout?: number },
  ) => SqliteHandle;
};

const require = createRequire(import.meta.url);

/** `node:sqlite` where Node has it (22.13 on), else the package that carries the same API in its own binary. */
function sqliteModule(): SqliteModule {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const builtIn = major > 22 || (major === 22 && minor >= 13);
  return require(builtIn ? 'node:sqlite' : '@photostructure/sqlite') as SqliteModule;
}

/**
 * Other texts of SQL than the hot ones are few (filters of a list); the oldest make room. They must be few: what
 * a dropped statement holds is memory of SQLite's, which the collector does not see and is in no hurry to free.
 */
const AD_HOC_STATEMENTS_MAX = 400;

/** So long a connection waits for another that is in its way. */
export const BUSY_MS = 5_000;

/**
 * One SQLite connection. It holds its handle for as long as its statements and never iterates, because the
 * package for Node 20 does not stand a handle or a statement that the garbage collector takes from under what
 * still uses it. A statement that nobody uses it may take at any time: `database.gc.test.ts`.
 */
export class Database {
  readonly #handle: SqliteHandle;
  readonly #hot = new Map<string, SqliteStatement>();
  readonly #adHoc = new Map<string, SqliteStatement>();
  readonly #statements: ReadonlyMap<string, Statement>;

  constructor(path: string, statements: readonly Statement[], options: { readOnly: boolean }) {
    const { DatabaseSync } = sqliteModule();
    this.#handle = new DatabaseSync(path, { readOnly: options.readOnly, timeout: BUSY_MS });
    this.#statements = new Map(statements.map((statement) => [statement.name, statement]));
  }

  exec(sql: string): void {
    this.#handle.exec(sql);
  }

  query(sql: string, values: readonly SqlValue[] = []): QueryResult {
    const statement = this.#prepareAdHoc(sql);
    const stored = values.map(storable);
    if (returnsRows(sql)) {
      const rows = statement.all(...stored);
      return { rows, changes: rows.length };
    }
    return { rows: [], changes: Number(statement.run(...stored).changes) };
  }

  /** Everything `work` does, or nothing of it. IMMEDIATE: the write lock is taken before the first read. */
  transaction<T>(work: () => T): T {
    this.#handle.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#handle.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  commit(batch: readonly Submission[]): Passed[] {
    return this.transaction(() => batch.map((submission) => this.#write(submission)));
  }

  /**
   * The connection is not used afterwards. After `query` or `commit` the package for Node 20 holds on to the file until
   * the collector or the end of the thread takes the statements; after `exec` alone it lets go at once.
   */
  close(): void {
    this.#handle.close();
  }

  #write(submission: Submission): Passed {
    return submission.map(({ guard, writes, otherwise }) => {
      const passed = guard === undefined || this.#run(guard) > 0;
      for (const write of passed ? writes : (otherwise ?? [])) this.#run(write);
      return passed;
    });
  }

  #run(write: Write): number {
    let statement = this.#hot.get(write.statement);
    if (statement === undefined) {
      const known = this.#statements.get(write.statement);
      if (known === undefined) throw new TypeError(`unknown statement ${write.statement}`);
      statement = this.#handle.prepare(known.sqlite);
      this.#hot.set(write.statement, statement);
    }
    return Number(statement.run(...write.row.map(storable)).changes);
  }

  #prepareAdHoc(sql: string): SqliteStatement {
    const known = this.#adHoc.get(sql);
    if (known !== undefined) return known;
    if (this.#adHoc.size >= AD_HOC_STATEMENTS_MAX) {
      const oldest = this.#adHoc.keys().next();
      if (!oldest.done) this.#adHoc.delete(oldest.value);
    }
    const statement = this.#handle.prepare(sql);
    this.#adHoc.set(sql, statement);
    return statement;
  }

  #rollback(): void {
    try {
      this.#handle.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back by itself (a full disk, an I/O error); the first error is the one to tell.
    }
  }
}

const returnsRows = (sql: string): boolean =>
  /^\s*(select|with|pragma|explain|values)\b/i.test(sql) || /\breturning\b/i.test(sql);
