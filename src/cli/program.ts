import { Command as Parser, CommanderError, Option as ParserOption } from 'commander';
import { version } from '../app/version.ts';
import type { Call, Command, CommandContext } from './command.ts';
import { commands, groups } from './commands/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { helpAfter } from './help.ts';
import { optionAttribute, optionName } from './option.ts';

/** Reads a command line, `argv` as a process has it, and runs its command. */
export async function runProgram(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = new Parser('tocsin')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Add --help for what there is.')
    .configureOutput({
      writeOut: (text) => context.out(text.replace(/\n$/, '')),
      writeErr: (text) => context.err(text.replace(/\n$/, '')),
      ...(context.terminal.columns === undefined
        ? {}
        : { getOutHelpWidth: () => context.terminal.columns ?? 80 }),
    });
  for (const command of commands) {
    const parser = addParser(program, command);
    parser.action(async () => {
      exitCode = await start(command, parser, context);
    });
  }
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    throw error;
  }
}

function addParser(program: Parser, command: Command): Parser {
  const [first = '', second] = command.name.split(' ');
  const parent = second === undefined ? program : groupParser(program, first);
  const parser = parent.command(second ?? first, { isDefault: command.isDefault === true });
  parser.summary(command.summary).description([command.summary, ...command.details].join('\n\n'));
  for (const { name, description } of command.args) parser.argument(name, description);
  for (const { flags, description } of command.options) {
    const option = new ParserOption(flags, description);
    // `--no-wait` is an option of that name, not one that is on by default and taken away.
    option.negate = false;
    parser.addOption(option);
  }
  return parser.addHelpText('after', `\n${helpAfter(command)}`);
}

function groupParser(program: Parser, name: string): Parser {
  const known = program.commands.find((parser) => parser.name() === name);
  return known ?? program.command(name).description(groups[name] ?? '');
}

/** Every option is read before the command starts, so that within it there are only values. */
async function start(command: Command, parser: Parser, context: CommandContext): Promise<ExitCode> {
  const flags: Record<string, unknown> = parser.opts();
  for (const option of command.options) {
    const typed = flags[optionAttribute(option)];
    const read = option.read(typed);
    if (typed === undefined || read.ok) continue;
    context.err(`error: ${optionName(option)} must be ${read.fault}\nAdd --help for what there is.`);
    return exitCodes.usage;
  }
  return command.run(callOf(parser.args, flags), context);
}

function callOf(args: readonly string[], flags: Readonly<Record<string, unknown>>): Call {
  return {
    args,
    flags,
    has: (option) => flags[optionAttribute(option)] !== undefined,
    value(option) {
      const typed = flags[optionAttribute(option)];
      if (typed === undefined) return undefined;
      const read = option.read(typed);
      if (!read.ok) throw new TypeError(`${optionName(option)} is not among the options of its command`);
      return read.value;
    },
  };
}
