import { Client, type ClientConfig } from 'pg';
import { errorText, type Logger } from '../../kernel/log.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import { type Leadership, StoreUnavailable } from '../store.ts';
import { storeError } from './errors.ts';

/** Any constant, and not that of the peers' locks. */
const LOCK_SPACE = 727466;
/** Who hears nothing for so long leads no more: others may, once the server notices as well. */
const ANSWER_MS = 5_000;

/** Held already, by this very session: a pool between us and the server may have given us another. Or else taken. */
const LEAD = `SELECT CASE
    WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = ${LOCK_SPACE} AND objid = $1::int4::oid
      AND objsubid = 2 AND granted AND pid = pg_backend_pid()) THEN true
    ELSE pg_try_advisory_lock(${LOCK_SPACE}, $1::int4) END AS leads`;

/** What two names share by chance is led by one process: that is all. */
const keyOf = (name: string): number => Number.parseInt(sha256Hex(name).slice(0, 8), 16) & 0x7f_ff_ff_ff;

/**
 * One process leads by a lock that lasts as long as its session. It is asked of the server each time: so who is cut off
 * steps back before the server, which waits for longer, lets another one lead.
 */
export class PostgresLeadership implements Leadership {
  readonly #config: ClientConfig;
  readonly #log: Logger;
  #session: { readonly client: Client; readonly ready: Promise<unknown> } | undefined;
  /** Questions of one session are asked one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(config: ClientConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  leads(name: string): Promise<boolean> {
    const answer = this.#last.then(() => this.#ask(name));
    this.#last = answer.catch(() => {
      // Whoever asked is told.
    });
    return answer;
  }

  /** With the session all its locks end. */
  async resign(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.client.end().catch((error: unknown) => {
      this.#log.debug({ reason: errorText(error) }, 'what leads ended without a farewell');
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.resign();
  }

  async #ask(name: string): Promise<boolean> {
    if (this.#closed) throw new StoreUnavailable('the store is closed');
    const session = (this.#session ??= this.#open());
    try {
      await session.ready;
      const { rows } = await session.client.query<{ leads: boolean }>(LEAD, [keyOf(name)]);
      return this.#session === session && rows[0]?.leads === true;
    } catch (error) {
      this.#lose(session.client);
      throw storeError(error);
    }
  }

  #open() {
    const client = new Client({ ...this.#config, query_timeout: ANSWER_MS });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    return { client, ready: client.connect() };
  }

  #lose(client: Client): void {
    if (this.#session?.client !== client) return;
    this.#session = undefined;
    client.end().catch(() => {
      // It is gone already.
    });
  }
}
