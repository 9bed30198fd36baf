import { Command, CommanderError } from 'commander';
import { version } from '../app/version.ts';
import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { serve } from './serve.ts';

/** Reads the command line and runs its command; the answer is the process's exit code. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const context: CommandContext = {
    env: process.env,
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  };
  let exitCode: ExitCode = exitCodes.ok;
  const program = new Command('tocsin').version(version).exitOverride();
  program
    .command('serve')
    .description('start the service')
    .option('--config <file>', 'the config file (TOCSIN_CONFIG, tocsin.yaml)')
    .option('--port <port>', 'TCP port (TOCSIN_PORT)')
    .option('--host <address>', 'address to bind to (TOCSIN_HOST)')
    .option('--data-dir <directory>', 'data directory (TOCSIN_DATA_DIR)')
    .action(async (flags: Record<string, unknown>) => {
      exitCode = await serve(context, flags);
    });
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    throw error;
  }
}
