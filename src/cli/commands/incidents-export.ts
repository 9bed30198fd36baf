import { resolve } from 'node:path';
import { apiVariables } from '../api.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { filterOf, filterOptions, LISTED_NOW } from '../incident-filter.ts';
import { choiceOption, switchOption, textOption } from '../option.ts';
import { printable } from '../printable.ts';
import { succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const mediaTypes = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
const formatOption = choiceOption('--format <format>', 'An object a line, or a table (else ndjson)', [
  'ndjson',
  'csv',
]);
const outputOption = textOption('--output <file>', 'The file to make (0600); else standard output.');
const forceOption = switchOption('--force', 'Write over a file that is there.');

/** `tocsin incidents export`. */
export const incidentsExport: Command = {
  name: 'incidents export',
  summary: 'all incidents of a filter as one file, newest first',
  details: [
    `However many there are; the records as they came. ${LISTED_NOW}`,
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
    { command: 'tocsin incidents export --all --output incidents.ndjson', note: 'history and all' },
    { command: 'tocsin incidents export --format csv --since 30d --output month.csv', note: 'for a table' },
  ],
  async run(call, context) {
    const { checkExportFile } = await import('../write-export.ts');
    const { exportPieces } = await import('../export-pieces.ts');
    const output = call.value(outputOption);
    const file = output === undefined ? undefined : resolve(context.cwd, output);
    // Before anything is asked: an export can take minutes.
    const isFree = file === undefined ? succeeded('') : checkExportFile(file, call.has(forceOption));
    if (!isFree.ok) {
      context.err(printable(`Not exported: ${isFree.fault}.`));
      return exitCodes.failed;
    }
    const format = call.value(formatOption) ?? 'ndjson';
    return withApi(call, context, async (api) => {
      const query = { ...filterOf(call, context.now()), format };
      const pieces = await api.download('api/v1/incidents/export', query, mediaTypes[format]);
      if (!pieces.ok) return pieces;
      return exportPieces(context, file, pieces.value);
    });
  },
};
