import { fstatSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { askHidden } from './ask-hidden.ts';
import type { CommandContext, Terminal } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';

/** The running process as a command's surroundings. */
export function processContext(): CommandContext {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    cwd: process.cwd(),
    out: (text) => {
      heedClosedPipe();
      stdout.write(`${text}\n`);
    },
    write: (text) => {
      heedClosedPipe();
      return new Promise((resolve, reject) => {
        stdout.write(text, (error) => (error ? reject(error) : resolve()));
      });
    },
    tryWrite,
    err: (text) => {
      // Nobody reads what would be said about it.
      if (!stderr.listeners('error').includes(passOver)) stderr.on('error', passOver);
      stderr.write(`${text}\n`);
    },
    status: stderr.isTTY && env['TERM'] !== 'dumb' ? showStatus : undefined,
    onInterrupt,
    stdin: { isTerminal: stdin.isTTY === true, bytes: stdin, ask, askHidden },
    terminal: terminalOf(stdout.isTTY ? stdout.columns : undefined, env),
    now: () => Date.now(),
    pause: async (ms) => {
      await wait(ms);
      return true;
    },
  };
}

/** Colours only on a terminal that knows them, and never against NO_COLOR (no-color.org). */
export function terminalOf(columns: number | undefined, env: CommandContext['env']): Terminal {
  const unwanted = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return { columns, colors: columns !== undefined && !unwanted };
}

function heedClosedPipe(): void {
  if (!process.stdout.listeners('error').includes(endWithOutput)) process.stdout.on('error', endWithOutput);
}

/**
 * `tocsin events | head` closes the pipe when it has seen enough: no fault of anybody's. Half an answer on a full disk
 * is one.
 */
function endWithOutput(error: Error): void {
  const code = 'code' in error ? String(error.code) : error.name;
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`The answer cannot be written (${code}).\n`);
  process.exit(exitCodes.failed);
}

function passOver(): void {}

function showStatus(text: string): void {
  process.stderr.write(statusText(text, process.stderr.columns));
}

const COLUMNS = 80;

/** Over what stands there, in one write, so that nothing flickers. A terminal that knows no width says 0. */
export function statusText(text: string, columns: number | undefined): string {
  // The last column is left free: some terminals go on to the next line with it.
  return `\r${printable(text).slice(0, (columns || COLUMNS) - 1)}\u001b[K`;
}

/** Whoever started the process sees that the signal ended it. */
function onInterrupt(last: () => void): () => void {
  const end = (): void => {
    last();
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', end);
  return () => void process.off('SIGINT', end);
}

async function tryWrite(text: string): Promise<string | undefined> {
  const { stdout } = process;
  stdout.off('error', endWithOutput).on('error', passOver);
  try {
    if (fstatSync(stdout.fd).isFile()) writeWhole(stdout.fd, text);
    else
      await new Promise<void>((resolve, reject) => {
        stdout.write(text, (error) => (error ? reject(error) : resolve()));
      });
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

/** The stream of a file takes a write that a full disk cut short for a whole one. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
