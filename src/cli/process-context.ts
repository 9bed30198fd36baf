import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { CommandContext, Terminal } from './command.ts';

/** The running process as a command's surroundings. */
export function processContext(): CommandContext {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    cwd: process.cwd(),
    out: (text) => {
      if (!stdout.listeners('error').includes(endQuietly)) stdout.on('error', endQuietly);
      stdout.write(`${text}\n`);
    },
    err: (text) => void stderr.write(`${text}\n`),
    stdin: { isTerminal: stdin.isTTY === true, bytes: stdin, ask },
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

/** `tocsin events | head` closes the pipe when it has seen enough: no fault of anybody's. */
function endQuietly(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit();
}

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
