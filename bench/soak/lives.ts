import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Program } from '../program.ts';
import type { TempDir } from '../temp-dir.ts';
import { KEY, STANDARD_KEY } from './shots.ts';

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
export const TOKEN = randomBytes(32).toString('hex');

/** What the probe noted, once a second. */
export interface Sample {
  /** Unix ms. */
  readonly at: number;
  readonly rssMb: number;
  /** The 99th percentile of how late the main thread was, of that second. */
  readonly lagMs: number;
  /** Open descriptors. */
  readonly files: number;
  /** After a collection: now and then. */
  readonly heapMb?: number;
}

export type End = 'SIGKILL' | 'SIGTERM';

/** One process of the service, from its start to its end. */
export interface Life {
  /** From 1. */
  readonly number: number;
  readonly readyMs: number;
  end?: End;
  readonly samples: readonly Sample[];
}

export interface LivesOptions {
  readonly dir: TempDir;
  readonly port: number;
  readonly databaseUrl: string | undefined;
  readonly fault: string | undefined;
}

/** The service on one store and one port, one process after the other. */
export class Lives {
  readonly #options: LivesOptions;
  readonly #lives: { number: number; readyMs: number; end?: End }[] = [];
  #program: Program | undefined;
  #pid = 0;
  /** The biggest the write-ahead log of SQLite was, MB. */
  #walMb = 0;
  #isUp = false;

  constructor(options: LivesOptions) {
    this.#options = options;
  }

  get number(): number {
    return this.#lives.length;
  }

  /** Ready, and not being ended. */
  get isUp(): boolean {
    return this.#isUp;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get walMb(): number {
    return this.#walMb;
  }

  get all(): readonly Life[] {
    return this.#lives.map((life) => ({ ...life, samples: this.#samplesOf(life.number) }));
  }

  async start(): Promise<void> {
    const life = { number: this.#lives.length + 1, readyMs: 0 };
    this.#lives.push(life);
    const main = this.#options.fault === 'acknowledges-early' ? './planted.js' : '../../src/main.js';
    this.#program = new Program({
      command: process.execPath,
      args: [built(main), 'serve'],
      cwd: this.#options.dir.path,
      env: this.#environment(life.number),
      logFile: this.#options.dir.file('output.log'),
    });
    this.#pid = this.#program.pid;
    life.readyMs = await this.#program.ready(`${this.url}/readyz`);
    this.#isUp = true;
  }

  async end(how: End): Promise<void> {
    const life = this.#lives.at(-1);
    if (this.#program === undefined || life === undefined) return;
    this.#isUp = false;
    life.end = how;
    if (how === 'SIGKILL') process.kill(this.#pid, 'SIGKILL');
    await this.#program.close();
  }

  reload(config: string): void {
    this.configure(config);
    if (this.#isUp) process.kill(this.#pid, 'SIGHUP');
  }

  configure(config: string): void {
    writeFileSync(this.#options.dir.file('tocsin.yaml'), config);
  }

  /** To be called now and then. */
  look(): void {
    const wal = this.#options.dir.file('data/tocsin.db-wal');
    if (existsSync(wal)) this.#walMb = Math.max(this.#walMb, statSync(wal).size / 1e6);
  }

  async close(): Promise<void> {
    await this.#program?.close();
  }

  #environment(life: number): Record<string, string> {
    const { dir, port, databaseUrl, fault } = this.#options;
    return {
      NODE_ENV: 'production',
      NODE_OPTIONS: `--import ${new URL('./probe.js', import.meta.url).href}`,
      SOAK_PROBE_FILE: this.#probeFile(life),
      ...(fault === undefined ? {} : { SOAK_FAULT: fault }),
      TOCSIN_CONFIG: dir.file('tocsin.yaml'),
      TOCSIN_DATA_DIR: dir.file('data'),
      TOCSIN_HOST: '127.0.0.1',
      TOCSIN_PORT: String(port),
      TOCSIN_LOG_LEVEL: 'warn',
      TOCSIN_TOKEN: TOKEN,
      TOCSIN_MASTER_KEY: 'a-master-key-of-the-soak-no-secret',
      SIGNATURE_KEY: KEY,
      STANDARD_KEY,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    };
  }

  #probeFile(life: number): string {
    return this.#options.dir.file(`probe-${life}.jsonl`);
  }

  #samplesOf(life: number): Sample[] {
    const file = this.#probeFile(life);
    if (!existsSync(file)) return [];
    // The last line of a killed process may be torn.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    // Written by the probe, a few lines from here.
    return lines.map((line) => JSON.parse(line) as Sample);
  }
}
