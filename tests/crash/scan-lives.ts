import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Account } from '../support/aws/account.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import { aKey } from '../support/aws/keys.ts';
import { newDirectory, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { type CrashPoint, crashEnv } from './crash-point.ts';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
const DEATH_MS = 40_000;

const CONFIG = `
accounts:
  - id: prod
    credentials: environment
    scanEvery: 0s
`;

/** An AWS account and a store that outlive the services started on them one after the other, or side by side. */
export class ScanLives {
  readonly aws: FakeAws;
  readonly #accountId: string;
  /** PostgreSQL's; SQLite in a directory that the lives share when absent. */
  readonly #database: string | undefined;
  readonly #directory = newDirectory();
  readonly #running = new Set<Service>();
  /** Services that were started with a point to end at. */
  ends = 0;

  private constructor(aws: FakeAws, accountId: string, database: string | undefined) {
    this.aws = aws;
    this.#accountId = accountId;
    this.#database = database;
  }

  static async open(account: Account, database?: string): Promise<ScanLives> {
    const aws = await FakeAws.start({ accounts: [account], keys: [aKey(account.id)] });
    return new ScanLives(aws, account.id, database);
  }

  /** From now on the account is this one. */
  become(account: Account): void {
    this.aws.change(this.#accountId, () => account);
  }

  start(): Promise<Service> {
    return this.#start({});
  }

  /** A service that ends itself at a point of its first scans, or sleeps there. It is not waited for. */
  startArmed(point: CrashPoint): Promise<Service> {
    this.ends += 1;
    return this.#start({ env: crashEnv(point), main: CHILD });
  }

  /** The same, with a scan; resolves when it is dead. */
  async startAndDie(point: CrashPoint): Promise<void> {
    const service = await this.startArmed(point);
    // It may be at a scan already, of its own accord, or dead.
    await request(service).catch(() => undefined);
    await dead(service, point);
    this.#running.delete(service);
  }

  /** Starts one, and kills it when it has made so many calls of its scan. */
  async killAfterCalls(calls: number): Promise<void> {
    this.ends += 1;
    this.aws.log.clear();
    const service = await this.start();
    await request(service);
    await until('calls', () => this.aws.log.calls.length >= calls);
    await service.kill();
    this.#running.delete(service);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((service) => service.kill()));
    await this.aws.close();
  }

  async #start({ env, main }: { readonly env?: Readonly<Record<string, string>>; readonly main?: string }) {
    const key = aKey(this.#accountId);
    const service = await startService({
      directory: this.#database === undefined ? this.#directory : newDirectory(),
      config: CONFIG,
      ...(main === undefined ? {} : { main }),
      env: {
        TOCSIN_LOG_LEVEL: 'warn',
        TOCSIN_AWS_ENDPOINT: this.aws.url,
        AWS_ACCESS_KEY_ID: key.id,
        AWS_SECRET_ACCESS_KEY: key.secret,
        ...(this.#database === undefined ? {} : { DATABASE_URL: this.#database }),
        ...env,
      },
    });
    this.#running.add(service);
    return service;
  }
}

/** Asks for a scan; resolves with the status: 409 while one is under way. */
export async function request(service: Service): Promise<number> {
  const { status } = await service.api('/api/v1/scans', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"account": "prod"}',
  });
  return status;
}

async function dead(service: Service, { site }: CrashPoint): Promise<void> {
  const killer = setTimeout(() => service.process.kill('SIGTERM'), DEATH_MS);
  const ended = await service.exited;
  clearTimeout(killer);
  if (ended !== 'SIGKILL') throw new Error(`it never came to ${site}, but to ${ended}:\n${service.stderr()}`);
}

/** Waits until a service sleeps, as the kernel tells it. */
export const asleep = ({ process: { pid } }: Service): Promise<unknown> =>
  until(
    'a service to sleep',
    () => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
    DEATH_MS,
  );
