import type { Surroundings } from '../app/load.ts';
import type { ExitCode, exitCodes } from './exit-codes.ts';
import type { Option } from './option.ts';

/** What a command may touch, handed in so that its test needs no process. */
export interface CommandContext {
  readonly env: Surroundings['env'];
  readonly cwd: string;
  /** The answer: read by people or, with `--json`, by programs. */
  readonly out: (text: string) => void;
  /** A piece of a long answer, as it is; resolves when the next one may come. */
  readonly write: (text: string) => Promise<void>;
  /**
   * The answer, as it is, when there is no second one: resolves with the system's code when it could not be written, so
   * that it can be kept elsewhere.
   */
  readonly tryWrite: (text: string) => Promise<string | undefined>;
  /** Everything else: hints, faults. */
  readonly err: (text: string) => void;
  /**
   * Writes a line on standard error that the next one is written over, cut to fit; the empty one takes it away. Undefined
   * where standard error is no terminal.
   */
  readonly status: ((text: string) => void) | undefined;
  /** Does this when Ctrl-C is pressed, before the process ends of it; returns what takes that back. */
  readonly onInterrupt: (last: () => void) => () => void;
  readonly stdin: StandardInput;
  readonly terminal: Terminal;
  /** Unix ms. */
  readonly now: () => number;
  /** Resolves after the time with whether to go on; a command that runs until it is interrupted asks it. */
  readonly pause: (ms: number) => Promise<boolean>;
}

export interface StandardInput {
  /** Somebody is there to be asked. */
  readonly isTerminal: boolean;
  /** The bytes up to the end. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Asks and resolves with what was typed. */
  readonly ask: (question: string) => Promise<string>;
  /** The same without showing what is typed, also where standard input is a pipe; undefined: nobody is there. */
  readonly askHidden: (question: string) => Promise<string | undefined>;
}

/** What standard output leads to. */
export interface Terminal {
  /** Characters a line; undefined when it is no terminal: then nothing is cut. */
  readonly columns: number | undefined;
  readonly colors: boolean;
}

/** What was typed after the command's name. */
export interface Call {
  /** In order; as many as the row declares, at most. */
  readonly args: readonly string[];
  /** An option's value; undefined when it was not given. */
  value<Value>(option: Option<Value>): Value | undefined;
  /** Whether an option was given. */
  has(option: Option): boolean;
  /** The options as the loader of the config takes them: by attribute, as typed. */
  readonly flags: Surroundings['flags'];
}

/** One command: everything that the parser, the help and the reference need to know of it. */
export interface Command {
  /** `send`; `rules test` for a command of a group. */
  readonly name: string;
  /** Whether its group's name alone stands for it: `targets` for `targets list`. */
  readonly isDefault?: boolean;
  /** One line, for lists. */
  readonly summary: string;
  /** Paragraphs for whoever asks for more. */
  readonly details: readonly string[];
  readonly args: readonly Argument[];
  readonly options: readonly Option[];
  /** Environment variables it reads, beside those that its options name. */
  readonly variables: readonly Described[];
  /** What its exit codes mean; `usage` means the same everywhere. */
  readonly exits: Readonly<Partial<Record<Exclude<keyof typeof exitCodes, 'usage'>, string>>>;
  readonly examples: readonly Example[];
  run(call: Call, context: CommandContext): Promise<ExitCode>;
}

export interface Described {
  readonly name: string;
  readonly description: string;
}

export interface Argument extends Described {
  /** `<event>` when it must be there, `[event]` when it may. */
  readonly name: `<${string}>` | `[${string}]`;
  /** Of a closed list: what there is to choose from. */
  readonly values?: readonly string[];
}

export interface Example {
  readonly command: string;
  /** What it does. */
  readonly note: string;
}
