import { type ConfigFault, formatOrigin } from '../../config/origin.ts';
import type { Command } from '../command.ts';
import { settingOptions } from '../config-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { faultLines } from '../faults.ts';
import { jsonOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';

/** `tocsin check-config`. */
export const checkConfig: Command = {
  name: 'check-config',
  summary: 'find every fault of the config; nothing is started',
  details: [
    'Checks all that can be checked without the store: the file, the environment, the flags, the rules and the targets they name. What was made over the API is in the store and not looked at: an id that is used there and in the file is found at the start.',
  ],
  args: [],
  options: [...settingOptions, jsonOption],
  variables: [],
  exits: { ok: 'There are no faults; there may be warnings.', config: 'There are faults.' },
  examples: [
    { command: 'tocsin check-config', note: 'before a restart' },
    { command: 'tocsin check-config --config new.yaml --json', note: 'in a pipeline' },
  ],
  async run(call, { env, cwd, out }) {
    const { checkService } = await import('../check-service.ts');
    const checked = checkService({ env, cwd, flags: call.flags });
    const faults = checked.kind === 'ok' ? [] : checked.faults;
    out(call.value(jsonOption) ? inJson(faults, checked.warnings) : inWords(faults, checked.warnings));
    return faults.length === 0 ? exitCodes.ok : exitCodes.config;
  },
};

type Faults = readonly ConfigFault[];

const inJson = (faults: Faults, warnings: Faults): string =>
  printableJson({ ok: faults.length === 0, faults: faults.map(toJson), warnings: warnings.map(toJson) });

const toJson = ({ path, message, origin }: ConfigFault) => ({
  path,
  message,
  origin: origin === undefined ? null : formatOrigin(origin),
});

function inWords(faults: Faults, warnings: Faults): string {
  const count = faults.length === 1 ? 'One fault' : `${faults.length} faults`;
  return [...titled('Warnings', warnings), ...(faults.length === 0 ? ['ok'] : titled(count, faults))].join(
    '\n',
  );
}

const titled = (title: string, faults: Faults): string[] =>
  faults.length === 0 ? [] : [`${title}:`, ...faultLines(faults).map(printable)];
