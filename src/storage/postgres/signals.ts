import { randomUUID } from 'node:crypto';
import { Client, type ClientConfig } from 'pg';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { Signals } from '../store.ts';

const CHANNEL = 'tocsin_events';
const ANNOUNCE_EVERY_MS = 100;
const RECONNECT_MS = 2_000;
const ANSWER_MS = 5_000;

interface Session {
  readonly client: Client;
  readonly ready: Promise<unknown>;
}

/**
 * LISTEN and NOTIFY on a connection of its own, opened when it is first needed: none of the transactions that keep
 * events bears the word, and the word waits for no fsync.
 */
export class PostgresSignals implements Signals {
  readonly #config: ClientConfig;
  readonly #log: Logger;
  /** Tells our own word from the others'. */
  readonly #self = randomUUID();
  readonly #listeners = new Set<() => void>();
  #session: Session | undefined;
  #announcedAt = 0;
  #announcing: NodeJS.Timeout | undefined;
  #reconnecting: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(config: ClientConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  announce(): void {
    if (this.#announcing !== undefined || this.#closed) return;
    const wait = Math.max(0, this.#announcedAt + ANNOUNCE_EVERY_MS - Date.now());
    this.#announcing = setTimeout(() => void this.#notify(), wait);
    this.#announcing.unref();
  }

  listen(heard: () => void): () => void {
    this.#listeners.add(heard);
    void this.#ask(`LISTEN ${CHANNEL}`);
    return () => void this.#listeners.delete(heard);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#announcing);
    clearTimeout(this.#reconnecting);
    const client = this.#session?.client;
    this.#session = undefined;
    await client?.end();
  }

  async #notify(): Promise<void> {
    // LOCAL: through a pool between us and the server the setting must not reach anybody's commits.
    await this.#ask(`BEGIN; SET LOCAL synchronous_commit = off; NOTIFY ${CHANNEL}, '${this.#self}'; COMMIT`);
    this.#announcedAt = Date.now();
    this.#announcing = undefined;
  }

  async #ask(sql: string): Promise<void> {
    if (this.#closed) return;
    const session = (this.#session ??= this.#connect());
    try {
      await session.ready;
      await session.client.query(sql);
    } catch (error) {
      this.#lose(session.client, errorText(error));
    }
  }

  #connect(): Session {
    const client = new Client({ ...this.#config, query_timeout: ANSWER_MS });
    client.on('error', (error) => this.#lose(client, errorText(error)));
    client.on('notification', ({ payload }) => {
      if (payload !== this.#self) for (const heard of this.#listeners) heard();
    });
    return { client, ready: client.connect() };
  }

  /** What was said meanwhile is lost; who listens looks for itself now and then. */
  #lose(client: Client, reason: string): void {
    if (this.#session?.client !== client) return;
    this.#session = undefined;
    this.#log.debug({ reason }, 'lost the word between the processes');
    client.end().catch(() => {
      // It is gone already.
    });
    if (this.#listeners.size === 0) return;
    this.#reconnecting = setTimeout(() => void this.#ask(`LISTEN ${CHANNEL}`), RECONNECT_MS);
    this.#reconnecting.unref();
  }
}
