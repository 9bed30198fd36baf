import { Client, type ClientConfig } from 'pg';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { Peers } from '../store.ts';
import { storeError } from './errors.ts';

/** Any constant: tells our advisory locks from others in the same database. */
const LOCK_SPACE = 727465;
const LOOK_EVERY_MS = 500;
/** A process that lost its connection and not its life is back within this; taken for dead it is sent twice. */
const MISSING_MS = 1_500;
const ANSWER_MS = 5_000;

/** The row first: the lock is on its key, and held before anybody can see the row. */
const JOIN = `INSERT INTO processes (name) VALUES ($1)
  ON CONFLICT (name) DO UPDATE SET name = excluded.name
  RETURNING pg_advisory_lock_shared(${LOCK_SPACE}, key)`;
const LOOK = `SELECT name, key::oid IN (
    SELECT objid FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${LOCK_SPACE} AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ) AS lives
  FROM processes`;
const FORGET = 'DELETE FROM processes WHERE name = $1';

interface Process {
  readonly name: string;
  readonly lives: boolean;
}

/** How many processes run on the database that `query` asks. */
export async function livingProcesses(
  query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
): Promise<number> {
  return (await query(LOOK)).filter((row) => row['lives'] === true).length;
}

/**
 * The processes on one database know of each other's end by a lock: each holds one for as long as its session
 * lasts, and the server lets go of it whatever ends the process. A machine that vanishes without a word keeps
 * its session until the server's TCP keepalive: then the leases' own end comes first.
 */
export class PostgresPeers implements Peers {
  readonly #config: ClientConfig;
  readonly #log: Logger;
  #session: Client | undefined;
  #name: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #living = 1;
  /** Since when a process's lock is not held; ms. */
  readonly #missing = new Map<string, number>();

  constructor(config: ClientConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  get living(): number {
    return this.#living;
  }

  async ended(self: string, now: number): Promise<readonly string[]> {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return [];
    this.#lookedAt = now;
    try {
      const session = this.#session ?? (await this.#join(self));
      const { rows } = await session.query<Process>(LOOK);
      this.#living = Math.max(1, rows.filter(({ lives }) => lives).length);
      // Lost by a pool between us and the server, or forgotten by a peer while we were away.
      if (!rows.some(({ name, lives }) => name === self && lives)) await session.query(JOIN, [self]);
      return this.#missingTooLong(
        rows.filter(({ name, lives }) => name !== self && !lives),
        now,
      );
    } catch (error) {
      this.#lose();
      throw storeError(error);
    }
  }

  async forget(name: string): Promise<void> {
    await this.#session?.query(FORGET, [name]);
    this.#missing.delete(name);
  }

  /** Without a farewell the others would find out all the same. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    try {
      await session.query(FORGET, [this.#name]);
      await session.end();
    } catch (error) {
      this.#log.debug({ reason: errorText(error) }, 'left the database without a farewell');
    }
  }

  #missingTooLong(missing: readonly Process[], now: number): string[] {
    const names = new Set(missing.map(({ name }) => name));
    for (const name of this.#missing.keys()) if (!names.has(name)) this.#missing.delete(name);
    for (const name of names) if (!this.#missing.has(name)) this.#missing.set(name, now);
    return [...this.#missing].filter(([, since]) => now - since >= MISSING_MS).map(([name]) => name);
  }

  async #join(self: string): Promise<Client> {
    const session = new Client({ ...this.#config, query_timeout: ANSWER_MS });
    this.#session = session;
    this.#name = self;
    session.on('error', () => {
      if (this.#session === session) this.#lose();
    });
    await session.connect();
    await session.query(JOIN, [self]);
    return session;
  }

  /** What was seen before an outage says nothing after it: everybody was cut off. */
  #lose(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#missing.clear();
    session?.end().catch(() => {
      // It is gone already.
    });
  }
}
