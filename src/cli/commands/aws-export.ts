import { resolve } from 'node:path';
import { type Api, apiVariables } from '../api.ts';
import { filterMisuse, filterOf, filterOptions, OPEN_NOW } from '../aws-finding-filter.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { choiceOption, switchOption, textOption } from '../option.ts';
import { printable } from '../printable.ts';
import { type Result, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const mediaTypes = { ocsf: 'application/x-ndjson', csv: 'text/csv' } as const;
const formatOption = choiceOption(
  '--format <format>',
  'A Compliance Finding of OCSF a line, or a table (else ocsf)',
  ['ocsf', 'csv'],
);
const outputOption = textOption('--output <file>', 'The file to make (0600); else standard output.');
const forceOption = switchOption('--force', 'Write over a file that is there.');

/** `tocsin aws export`. */
export const awsExport: Command = {
  name: 'aws export',
  summary: 'all findings of a filter as one file, the most severe first',
  details: [
    `However many there are. ${OPEN_NOW}`,
    'A file is whole or is not made. On standard output only exit code 0 says that all of it came.',
  ],
  args: [],
  options: [...filterOptions, formatOption, outputOption, forceOption, urlOption],
  variables: apiVariables,
  exits: {
    ok: 'All of it was written.',
    failed: 'No file was made, or standard output has a part; refused, or nobody answered.',
  },
  examples: [
    { command: 'tocsin aws export --all --output findings.ndjson', note: 'for a SIEM or a data lake' },
    { command: 'tocsin aws export --format csv --severity-min high --output high.csv', note: 'for a table' },
  ],
  async run(call, context) {
    const wrong = filterMisuse(call);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    const { checkExportFile } = await import('../write-export.ts');
    const output = call.value(outputOption);
    const file = output === undefined ? undefined : resolve(context.cwd, output);
    // Before anything is asked: an export can take minutes.
    const isFree = file === undefined ? succeeded('') : checkExportFile(file, call.has(forceOption));
    if (!isFree.ok) {
      context.err(printable(`Not exported: ${isFree.fault}.`));
      return exitCodes.failed;
    }
    return withApi(call, context, (api) => exportTo(api, file, call, context));
  },
};

async function exportTo(
  api: Api,
  file: string | undefined,
  call: Call,
  context: CommandContext,
): Promise<Result<unknown>> {
  const { exportPieces } = await import('../export-pieces.ts');
  const filter = await filterOf(api, call);
  if (!filter.ok) return filter;
  const format = call.value(formatOption) ?? 'ocsf';
  const query = { ...filter.value, format };
  const pieces = await api.download('api/v1/findings/export', query, mediaTypes[format]);
  if (!pieces.ok) return pieces;
  return exportPieces(context, file, pieces.value);
}
