import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { switchOption } from '../option.ts';
import { printable } from '../printable.ts';

const force = switchOption('--force', 'Write over a file that is there.');

/** `tocsin export`; `export` alone is a word of the language. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'write everything that is stored as NDJSON, for another store',
  details: [
    'From SQLite or PostgreSQL, while the service runs or not; all of it as it stood at one moment. Tokens are hashes in it and stored objects stay sealed under the master key; events are in the clear. What is of one process alone, or can be made again, is left out: leases, the search index.',
  ],
  args: [
    {
      name: '<file>',
      description: 'The file to make (0600), gzip when it ends in .gz; - for standard output.',
    },
  ],
  options: [force, configOption, dataDirOption],
  variables: [],
  exits: {
    ok: 'All of it was written.',
    failed: 'No file was made: no store, nobody answers, no room, the file is there already.',
    config: 'The config has faults.',
  },
  examples: [
    { command: 'tocsin export tocsin.ndjson.gz', note: 'into a file' },
    { command: 'tocsin export - | age -r … > tocsin.ndjson.age', note: 'encrypted on the way' },
  ],
  async run(call, context) {
    const { findStore } = await import('../store-place.ts');
    const found = findStore({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (found.kind === 'faulty') return tellFaults(context, found.faults);
    const { place, config } = found;
    const { exportToFile, exportToStream } = await import('../export-to-file.ts');
    const { progressOf, rowsText } = await import('../progress.ts');
    const tell = progressOf(context);
    const task = {
      place,
      now: context.now(),
      onRows: (table: string, done: number, total: number) =>
        tell(() => `${table}: ${rowsText(done)} of ${rowsText(total)}`),
    };
    const [file = ''] = call.args;
    const done =
      file === '-'
        ? await exportToStream(task, context.write)
        : await exportToFile(task, resolve(context.cwd, file), {
            force: call.value(force) === true,
            dataDirectory: config.data.directory,
          });
    if (!done.ok) {
      context.err(printable(`Not exported: ${done.fault}.`));
      return exitCodes.failed;
    }
    context.err(`${rowsText(done.value.rows)} of schema ${done.value.schema} exported.`);
    return exitCodes.ok;
  },
};
