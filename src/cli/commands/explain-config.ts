import { explainConfig as explain, type ConfigRow } from '../../config/explain-config.ts';
import type { Command } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { settingOptions } from '../config-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { cell, layOut } from '../layout.ts';
import { jsonOption } from '../option.ts';
import { printableJson } from '../printable.ts';

/** `tocsin explain-config`. */
export const explainConfig: Command = {
  name: 'explain-config',
  summary: 'show every setting, its value and where it was set; secrets masked',
  details: [
    'The settings are those that `tocsin serve` would take here, with the same flags and environment. What came in through ${NAME} is shown as the file has it.',
  ],
  args: [],
  options: [...settingOptions, jsonOption],
  variables: [],
  exits: { ok: 'It was shown.', config: 'The config has faults.' },
  examples: [
    { command: 'tocsin explain-config', note: 'all of it' },
    { command: 'tocsin explain-config | grep -v default', note: 'what somebody set' },
  ],
  async run(call, context) {
    const { load } = await import('../../app/load.ts');
    const loaded = load({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (loaded.kind === 'faulty') return tellFaults(context, loaded.faults);
    const rows = explain(loaded);
    if (call.value(jsonOption)) context.out(printableJson({ items: rows }));
    else
      context.out(
        layOut([TITLES, ...rows.map(toCells)], { ...context.terminal, columns: undefined }).join('\n'),
      );
    return exitCodes.ok;
  },
};

const TITLES = ['Setting', 'Value', 'Set by'].map((title) => cell(title, 'bold'));

const toCells = ({ path, value, origin }: ConfigRow) => [
  cell(path),
  cell(valueText(value)),
  cell(origin, origin === 'default' || origin === 'not set' ? 'dim' : 'green'),
];

function valueText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
