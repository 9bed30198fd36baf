import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const READY_MS = 20_000;

export const TOKEN = 'an-operators-token-for-tests';
export const KEY = 'a-webhook-key-for-tests';

export interface ServiceOptions {
  /** The text of tocsin.yaml. */
  readonly config?: string;
  /** Undefined takes away what is set by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Kept from another start; a new one else, removed by `dispose`. */
  readonly directory?: string;
  /** Another program that serves in the same way: a crash test's child. */
  readonly main?: string;
}

/** The built service as a child process, as a user runs it. */
export interface Service {
  readonly url: string;
  readonly directory: string;
  readonly process: ChildProcess;
  /** What it wrote so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  /** SIGTERM, then the end. */
  stop(): Promise<number | string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** As an operator. */
  api(path: string, init?: RequestInit): Promise<Response>;
  /** A signed body to the original's path. */
  webhook(body: string, init?: { key?: string; headers?: Record<string, string> }): Promise<Response>;
}

export const sign = (body: string | Buffer, key = KEY): string =>
  createHmac('sha256', key).update(body).digest('hex');

const directories = new Set<string>();
const running = new Set<Service>();

/** Ends what the file's tests left running and removes their directories: for `afterAll`. */
export async function dispose(): Promise<void> {
  await Promise.all([...running].map((service) => service.kill()));
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  directories.clear();
}

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  directories.add(directory);
  return directory;
}

/** Starts the service without waiting for it to be ready: for starts that are refused. */
export function spawnService(options: ServiceOptions = {}) {
  const directory = options.directory ?? newDirectory();
  if (options.config !== undefined) writeFileSync(join(directory, 'tocsin.yaml'), options.config);
  const child = spawn(process.execPath, ['--enable-source-maps', options.main ?? MAIN, 'serve'], {
    cwd: directory,
    // Nothing of the surroundings: a developer's own settings must not decide a test.
    env: {
      PATH: process.env['PATH'] ?? '',
      TOCSIN_PORT: '0',
      TOCSIN_DATA_DIR: join(directory, 'data'),
      TOCSIN_TOKEN: TOKEN,
      SIGNATURE_KEY: KEY,
      TOCSIN_MASTER_KEY: 'a-master-key-for-tests',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // `close` comes after `exit` and after the last output.
  const exited = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? 'unknown',
  );
  return { child, directory, exited, stdout: () => stdout, stderr: () => stderr };
}

/** Starts the service and resolves when it is ready. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const spawned = spawnService(options);
  const { child, directory, exited, stdout, stderr } = spawned;
  const url = await readyUrl(spawned);
  const service: Service = {
    url,
    directory,
    process: child,
    stdout,
    stderr,
    exited,
    async stop() {
      running.delete(service);
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      running.delete(service);
      child.kill('SIGKILL');
      await exited;
    },
    api: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } }),
    webhook: (body, { key = KEY, headers = {} } = {}) =>
      fetch(`${url}/v1/webhook`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-sqreen-integrity': sign(body, key),
          ...headers,
        },
      }),
  };
  running.add(service);
  return service;
}

async function readyUrl({ child, exited, stderr }: ReturnType<typeof spawnService>): Promise<string> {
  const found = new Promise<string>((resolve) => {
    const look = (): void => {
      const url = /Tocsin is ready: (https?:\/\/[^/\s]+)/.exec(stderr())?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stderr?.on('data', look);
    look();
  });
  const ended = exited.then((code): never => {
    throw new Error(`the service ended with ${code} before it was ready:\n${stderr()}`);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready in time:\n${stderr()}`)), READY_MS);
  });
  try {
    return await Promise.race([found, ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
