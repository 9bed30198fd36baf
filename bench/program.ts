import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './generator/monotonic.ts';

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to PATH, HOME and LANG: nothing else of the caller's environment reaches the program. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its output; the end of it is in the error when the program does not come up. */
  readonly logFile: string;
}

const READY_MS_MAX = 20_000;
const STOP_MS_MAX = 10_000;
const LOG_TAIL_CHARS = 1_500;

/** A program under test, started by the benchmark and ended by its own process id. */
export class Program {
  readonly #process: ChildProcess;
  readonly #options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.#options = options;
    const log = openSync(options.logFile, 'a');
    this.#process = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...baseEnvironment(), ...options.env },
      stdio: ['ignore', log, log],
    });
    // What became of it is seen by `ready`, which finds it gone.
    this.#process.on('error', () => {});
    closeSync(log);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Resolves with the ms since the call once the URL answers 200; rejects with the log's end when it does not. */
  async ready(url: string): Promise<number> {
    const startedAt = monotonicMs();
    while (monotonicMs() - startedAt < READY_MS_MAX && this.#alive()) {
      if (await answers200(url)) return monotonicMs() - startedAt;
      await sleep(20);
    }
    await this.close();
    throw new Error(`${this.#options.command} did not get ready:\n${this.#logTail()}`);
  }

  async close(): Promise<void> {
    if (!this.#alive()) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS_MAX);
    await exited;
    clearTimeout(timer);
  }

  #alive(): boolean {
    return this.pid > 0 && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  #logTail(): string {
    return readFileSync(this.#options.logFile, 'utf8').slice(-LOG_TAIL_CHARS);
  }
}

function baseEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '/', LANG = 'C.UTF-8' } = process.env;
  return { PATH, HOME, LANG };
}

async function answers200(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    // Not listening yet: asked again.
    return false;
  }
}

/** Where a command is on the PATH; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new TypeError('a TCP server without a port');
  return address.port;
}
