import type { CompiledQuery, Kysely } from 'kysely';
import type { Passed, Submission } from './statement.ts';

export type { CompiledQuery, Kysely } from 'kysely';

/** The database cannot do its work now (full, read-only, unreachable, busy): nothing was written. Try later. */
export class StoreUnavailable extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'StoreUnavailable';
  }
}

/** The database will never take this write (a constraint, a type): the fault is in what was written. */
export class StoreRefused extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'StoreRefused';
  }
}

/** Tables are declared by the domains: `store.read.withTables<EventTables>()`. */
export type Tables = Record<never, never>;

export interface QueryResult {
  readonly rows: readonly Record<string, unknown>[];
  /** Rows changed. */
  readonly changes: number;
}

/** The other processes on the same database. */
export interface Peers {
  /**
   * Makes this process known as `self` for as long as it lives, and names those that ended without `close`.
   * Asked again and again; `now` in Unix ms. Rejects with StoreUnavailable.
   */
  ended(self: string, now: number): Promise<readonly string[]>;
  /** How many there are as far as is known, this one included. */
  readonly living: number;
  /** What an ended one held is seen to: it is named no more. */
  forget(name: string): Promise<void>;
}

/** Which of the processes on the same database does what only one may do. */
export interface Leadership {
  /**
   * Whether this process leads in `name`: it does until `resign`, or until its session with the database ends, whatever
   * ends it. Asked again and again; it never waits for another process. Rejects with StoreUnavailable, and then leads
   * in nothing.
   */
  leads(name: string): Promise<boolean>;
  /** Lets others lead in everything. */
  resign(): Promise<void>;
}

/** A word between the processes on the same database: "there is more". It may be late, or lost. */
export interface Signals {
  /** Tells the others, soon and never more than ten times a second; costs the caller nothing. */
  announce(): void;
  /** Calls `heard` when another process announced; the returned function ends that. */
  listen(heard: () => void): () => void;
}

/** One database, SQLite or PostgreSQL, under one contract suite. */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** Commits that may run at once. */
  readonly commitsMax: number;
  /** Writes all submissions in one transaction, durably; rejects with nothing written. */
  commit(batch: readonly Submission[]): Promise<readonly Passed[]>;
  /** For reading. It does not wait for writes. */
  readonly read: Kysely<Tables>;
  /** For rare single writes, each a transaction of its own. */
  readonly write: Kysely<Tables>;
  /** Runs queries in one transaction. */
  transact(queries: readonly CompiledQuery[]): Promise<readonly QueryResult[]>;
  /** Resolves when the store can write, rejects with StoreUnavailable when it cannot. */
  probe(): Promise<void>;
  /**
   * To be called after what must not be found any more was deleted: soon the store's files no longer hold it. Costs the
   * caller nothing. Undefined where the store's files are the server's own affair.
   */
  readonly scrub?: () => void;
  /** Undefined where one process has the database to itself. */
  readonly peers?: Peers;
  readonly signals?: Signals;
  /** Undefined where one process has the database to itself. */
  readonly leadership?: Leadership;
  close(): Promise<void>;
}
