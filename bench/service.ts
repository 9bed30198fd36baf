import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SIGNATURE_KEY } from './load.ts';
import { freePort, Program } from './program.ts';
import { TempDir } from './temp-dir.ts';

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** For a look inside, such as `--cpu-prof --cpu-prof-dir=/tmp/profile`; figures taken with it are no results. */
const NODE_ARGS = (process.env['BENCH_NODE_ARGS'] ?? '').split(' ').filter((arg) => arg !== '');

export interface ServiceOptions {
  /** `api` alone accepts and keeps; deliveries are written and nothing is sent. */
  readonly roles: 'api' | 'api,deliver' | 'api,deliver,collect';
  /** Where the http target sends; with `api` alone never dialled. */
  readonly sinkPort: number;
  /** PostgreSQL; SQLite in the data directory when left out. */
  readonly databaseUrl?: string;
  /** Lines added to its config file. */
  readonly config?: readonly string[];
  /** Scripts that it loads before its own. */
  readonly preload?: readonly URL[];
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The service under test, as an operator starts it: built files, its own process, a fresh data directory. */
export class Service {
  readonly port: number;
  readonly pid: number;
  readonly #program: Program;
  readonly #dir: TempDir;
  /** From the start of the process to the first 200 of /readyz, ms. */
  readonly startMs: number;

  private constructor(port: number, program: Program, dir: TempDir, startMs: number) {
    this.port = port;
    this.pid = program.pid;
    this.#program = program;
    this.#dir = dir;
    this.startMs = startMs;
  }

  static async start(options: ServiceOptions): Promise<Service> {
    const dir = new TempDir();
    const port = await freePort();
    writeFileSync(dir.file('tocsin.yaml'), configFor(options));
    const program = new Program({
      command: process.execPath,
      args: [...NODE_ARGS, ...preload(options), MAIN, 'serve'],
      cwd: dir.path,
      env: environmentFor(options, dir, port),
      logFile: dir.file('output.log'),
    });
    try {
      return new Service(port, program, dir, await program.ready(`http://127.0.0.1:${port}/readyz`));
    } catch (error) {
      dir.close();
      throw error;
    }
  }

  /** A file of its own directory, gone with it. */
  file(name: string): string {
    return this.#dir.file(name);
  }

  async close(): Promise<void> {
    await this.#program.close();
    this.#dir.close();
  }
}

const preload = ({ preload = [] }: ServiceOptions): string[] =>
  preload.flatMap((script) => ['--import', script.href]);

function configFor({ sinkPort, config = [] }: ServiceOptions): string {
  return [
    'targets:',
    '  - id: sink',
    '    kind: http',
    // The sink takes what comes; the default of 16 is for receivers that do not.
    '    concurrency: 64',
    `    url: http://127.0.0.1:${sinkPort}/`,
    '    secrets: ["${SINK_SECRET}"]',
    'egress:',
    '  allow: [127.0.0.0/8]',
    'default: [sink]',
    ...config,
    '',
  ].join('\n');
}

function environmentFor(options: ServiceOptions, dir: TempDir, port: number): Record<string, string> {
  return {
    NODE_ENV: 'production',
    TOCSIN_CONFIG: dir.file('tocsin.yaml'),
    TOCSIN_DATA_DIR: dir.file('data'),
    TOCSIN_HOST: '127.0.0.1',
    TOCSIN_PORT: String(port),
    TOCSIN_ROLES: options.roles,
    TOCSIN_TOKEN: randomBytes(32).toString('hex'),
    TOCSIN_MASTER_KEY: randomBytes(32).toString('base64'),
    SIGNATURE_KEY,
    SINK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    ...options.env,
  };
}
