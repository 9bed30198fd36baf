import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));
const READY_MS = 20_000;
const STOP_MS = 15_000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** The built service, running as a process of its own. */
export interface Service {
  readonly url: string;
  readonly output: Readable;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  /** Ends it in order, by force when it takes too long. */
  stop(): Promise<void>;
  /** Ends it now. */
  kill(): void;
}

/** Rejects when it ends, or says nothing, before it is ready. */
export async function startService(
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<Service> {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, 'serve'], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a group of its own: Ctrl-C is for the demo, which ends the service once the last deliveries are made.
    detached: true,
  });
  const ended = once(child, 'exit').then(
    ([code, signal]: unknown[]) => `ended with ${String(code ?? signal)}`,
  );
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    url: await readyUrl(child, ended),
    output: child.stdout,
    ended,
    kill,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, STOP_MS);
      await ended;
      clearTimeout(timer);
      process.removeListener('exit', kill);
    },
  };
}

async function readyUrl(child: Child, ended: Promise<string>): Promise<string> {
  let said = '';
  const found = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      const url = /Tocsin is ready: (https?:\/\/[^/\s]+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(
    (resolve) => (timer = setTimeout(() => resolve('is not ready'), READY_MS)),
  );
  const failed = Promise.race([ended, late]).then((how): never => {
    throw new Error(`the service ${how}:\n${said}`);
  });
  try {
    return await Promise.race([found, failed]);
  } finally {
    clearTimeout(timer);
  }
}
