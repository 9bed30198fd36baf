import type { CommandContext } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { runProgram } from './program.ts';

export interface Surrounded {
  readonly env?: CommandContext['env'];
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** What is typed when asked; there is nobody to ask without it. */
  readonly typed?: string;
  /** What is typed unseen, in turn; there is nobody to ask when it has all been. */
  readonly typedHidden?: readonly string[];
  /** The system's code with which an answer that must not be lost cannot be written. */
  readonly outputFault?: string;
  readonly columns?: number;
  readonly colors?: boolean;
  /** Whether standard error is a terminal. */
  readonly hasStatus?: boolean;
  /** Is given what presses Ctrl-C, when the command begins to heed it. */
  readonly interrupt?: (press: () => void) => void;
  /** How often a command that goes on and on may pause. */
  readonly pauses?: number;
  /** What happens meanwhile. */
  readonly onPause?: () => void;
}

export interface Ended {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
  /** Every line that was written over. */
  readonly status: readonly string[];
}

/** 2026-01-31T12:00:00Z. */
export const NOW = Date.UTC(2026, 0, 31, 12);

/** Runs a command line as a process would, without one. */
export async function cli(line: readonly string[], surrounded: Surrounded = {}): Promise<Ended> {
  const { env = {}, cwd = '/nonexistent', stdin = '', typed, columns, colors = false, onPause } = surrounded;
  const out: string[] = [];
  const err: string[] = [];
  const asked: string[] = [];
  const status: string[] = [];
  const hidden = [...(surrounded.typedHidden ?? [])];
  let pauses = surrounded.pauses ?? 0;
  const context: CommandContext = {
    env,
    cwd,
    out: (text) => void out.push(text),
    write: async (text) => void out.push(text.replace(/\n$/, '')),
    async tryWrite(text) {
      if (surrounded.outputFault === undefined) out.push(text);
      return surrounded.outputFault;
    },
    err: (text) => void err.push(text),
    status: surrounded.hasStatus === true ? (text) => void status.push(text) : undefined,
    onInterrupt(last) {
      surrounded.interrupt?.(last);
      return () => {};
    },
    stdin: {
      isTerminal: typed !== undefined,
      bytes: once(typeof stdin === 'string' ? Buffer.from(stdin) : stdin),
      async ask(question) {
        asked.push(question);
        return typed ?? '';
      },
      async askHidden(question) {
        asked.push(question);
        return hidden.shift();
      },
    },
    terminal: { columns, colors },
    now: () => NOW,
    async pause() {
      onPause?.();
      return pauses-- > 0;
    },
  };
  const code = await runProgram(['node', 'tocsin', ...line], context);
  return { code, out: out.join('\n'), err: err.join('\n'), asked, status };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
