import type { ConfigFault } from '../config/origin.ts';
import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { faultLines } from './faults.ts';
import { printable } from './printable.ts';

/** Tells of a config with which the command cannot do its work. */
export function tellFaults({ err }: CommandContext, faults: readonly ConfigFault[]): ExitCode {
  err(['The config has faults:', ...faultLines(faults).map(printable)].join('\n'));
  return exitCodes.config;
}
