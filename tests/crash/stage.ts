import { join } from 'node:path';
import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { fileURLToPath } from 'node:url';
import type { SqlValue } from '../../src/storage/statement.ts';
import { DATABASE_FILE } from '../../src/storage/sqlite/open.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { newDirectory, type Service, startService, spawnService } from '../support/service.ts';
import { type CrashPoint, crashEnv } from './crash-point.ts';
import { keyOf } from './traffic.ts';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
const SECRET = `whsec_${Buffer.from('a key of the crash tests, no secret').toString('base64')}`;

export type Dialect = 'sqlite' | 'postgres';

export interface StageOptions {
  readonly concurrency: number;
  readonly lease?: string;
  readonly timeout?: string;
  /** Kept elsewhere than in a new directory. */
  readonly dataDirectory?: string;
  /** Further settings of the target. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** With another target, `other`, which is the first one's fallback and the admins' too. */
  readonly hasFallback?: boolean;
}

/** One request that arrived at the receiver, proved genuine. */
export interface Arrival {
  /** Which process sent it: 1 for the first that the stage started. */
  readonly life: number;
  readonly deliveryId: string;
  readonly eventId: string;
}

export interface StoredRows {
  /** Event ids by the key of their notification: as many as there are events with it. */
  readonly events: ReadonlyMap<string, readonly string[]>;
  readonly deliveries: readonly {
    readonly id: string;
    readonly eventId: string;
    readonly status: string;
    readonly replayOf: string | null;
    readonly fallbackOf: string | null;
  }[];
}

/** A database and a receiver that outlive the services started on them one after the other, or side by side. */
export class Stage {
  readonly dialect: Dialect;
  readonly sink: HttpSink;
  readonly directory: string;
  readonly #options: StageOptions;
  readonly #database: TestDatabase | undefined;
  #client: Client | undefined;
  readonly #running = new Set<Service>();
  #lives = 0;
  /** Where the newest service listens; undefined once it ended. */
  url: string | undefined;

  private constructor(
    dialect: Dialect,
    options: StageOptions,
    sink: HttpSink,
    database: TestDatabase | undefined,
  ) {
    this.dialect = dialect;
    this.sink = sink;
    this.directory = newDirectory();
    this.#options = options;
    this.#database = database;
  }

  static async open(dialect: Dialect, options: StageOptions): Promise<Stage> {
    const database = dialect === 'postgres' ? await createDatabase() : undefined;
    return new Stage(dialect, options, await startHttpSink(), database);
  }

  /** With whatever still runs on it. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((service) => service.kill()));
    await this.sink.close();
    await this.#client?.end();
    await this.#database?.drop();
  }

  /** How many services were started. */
  get lives(): number {
    return this.#lives;
  }

  /** Starts the service, to kill itself at `point` if one is given. */
  async start(point?: CrashPoint): Promise<Service> {
    const service = await startService(this.#next(point));
    this.url = service.url;
    this.#running.add(service);
    void service.exited.then(() => {
      this.#running.delete(service);
      if (this.url === service.url) this.url = undefined;
    });
    return service;
  }

  /** For a point before the service is ready; resolves with how it ended. */
  async startAndDie(point: CrashPoint): Promise<number | string> {
    return spawnService(this.#next(point)).exited;
  }

  get arrivals(): Arrival[] {
    const webhook = new Webhook(SECRET);
    return this.sink.received.map(({ path, headers, body }) => {
      const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
      webhook.verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])])));
      const record: unknown = JSON.parse(body);
      const eventId =
        typeof record === 'object' && record !== null && 'id' in record ? String(record.id) : '';
      return { life: Number.parseInt(path.slice(1), 10), deliveryId: String(headers['webhook-id']), eventId };
    });
  }

  /** What the database holds, read past the service, while one runs. */
  async stored(): Promise<StoredRows> {
    const events = await this.query('SELECT id, payload FROM events ORDER BY id');
    const deliveries = await this.query(
      'SELECT id, event_id, status, replay_of, fallback_of FROM deliveries ORDER BY id',
    );
    const byKey = new Map<string, string[]>();
    for (const { id, payload } of events) {
      const key = keyOf(String(payload));
      byKey.set(key, [...(byKey.get(key) ?? []), String(id)]);
    }
    return {
      events: byKey,
      deliveries: deliveries.map((row) => ({
        id: String(row['id']),
        eventId: String(row['event_id']),
        status: String(row['status']),
        replayOf: row['replay_of'] === null ? null : String(row['replay_of']),
        fallbackOf: row['fallback_of'] === null ? null : String(row['fallback_of']),
      })),
    };
  }

  /** Deliveries that are neither delivered nor given up. */
  async pending(): Promise<number> {
    const [row] = await this.query("SELECT count(*) AS n FROM deliveries WHERE status = 'pending'");
    return Number(row?.['n']);
  }

  async query(sql: string, values: readonly SqlValue[] = []): Promise<readonly Record<string, unknown>[]> {
    if (this.#database === undefined) return this.#querySqlite(sql, values);
    if (this.#client === undefined) {
      this.#client = new Client({ connectionString: this.#database.url });
      await this.#client.connect();
    }
    return (await this.#client.query<Record<string, unknown>>(sql, [...values])).rows;
  }

  /** Opened anew each time: a connection that is there all along would spare a killed service its recovery. */
  #querySqlite(sql: string, values: readonly SqlValue[]): readonly Record<string, unknown>[] {
    const database = new Database(join(this.#dataDirectory, DATABASE_FILE), [], { readOnly: true });
    try {
      return database.query(sql, values).rows;
    } finally {
      database.close();
    }
  }

  get #dataDirectory(): string {
    return this.#options.dataDirectory ?? join(this.directory, 'data');
  }

  #next(point: CrashPoint | undefined) {
    this.#lives += 1;
    return {
      directory: this.directory,
      config: this.#config(this.#lives),
      env: {
        TOCSIN_DATA_DIR: this.#dataDirectory,
        TOCSIN_LOG_LEVEL: 'warn',
        SINK_SECRET: SECRET,
        ...(this.#database === undefined ? {} : { DATABASE_URL: this.#database.url }),
        ...(point === undefined ? {} : crashEnv(point)),
      },
      ...(point === undefined ? {} : { main: CHILD }),
    };
  }

  #config(life: number): string {
    const { concurrency, lease = '60s', timeout = '10s', settings, hasFallback } = this.#options;
    const target = {
      kind: 'http',
      secrets: ['${SINK_SECRET}'],
      concurrency,
      timeout,
      retryFirstDelay: '1s',
    };
    // The path tells which process sent it.
    const url = `${this.sink.url}/${life}`;
    const sink = { ...target, id: 'sink', url, ...settings };
    const other = { ...target, id: 'other', url: `${url}/other` };
    return JSON.stringify({
      delivery: { lease },
      egress: { allow: [new URL(this.sink.url).host] },
      default: ['sink'],
      ...(hasFallback === true
        ? { admins: ['other'], targets: [{ ...sink, fallback: 'other' }, other] }
        : { targets: [sink] }),
    });
  }
}
