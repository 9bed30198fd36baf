import type { ExitCode } from './exit-codes.ts';
import { processContext } from './process-context.ts';
import { runProgram } from './program.ts';

/** Runs the process's command line; the answer is its exit code. */
export const run = (argv: readonly string[]): Promise<ExitCode> => runProgram(argv, processContext());
