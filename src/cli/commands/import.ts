import { resolve } from 'node:path';
import type { Call, Command, CommandContext } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { switchOption, textOption } from '../option.ts';
import { printable } from '../printable.ts';

const sourceKeyFile = textOption(
  '--source-key-file <path>',
  "The master key of the store that the file is from, if it is another one's: stored objects are sealed again.",
);
const anySize = switchOption(
  '--any-size',
  'Also a file above 1 GiB that unpacks to more than 100 times its size.',
);

/** `tocsin import`; `import` alone is a word of the language. */
export const importCommand: Command = {
  name: 'import',
  summary: 'fill an empty store, SQLite or PostgreSQL, from an export; the service must be stopped',
  details: [
    'All of it or nothing: the file is checked to its last line. An export of an older version goes in as well; the schema is then brought up to date. Only a store without events, tokens or anything else takes it.',
    'An export is as powerful as the store: it holds who may log in and where events are sent. Take in your own only.',
  ],
  args: [{ name: '<file>', description: 'What `tocsin export` wrote, gzip or not; - for standard input.' }],
  options: [sourceKeyFile, anySize, configOption, dataDirOption],
  variables: [],
  exits: {
    ok: 'All of it is stored.',
    failed: 'Nothing was taken in: the store is not empty or in use, or the file is not right.',
    config: 'The config has faults.',
  },
  examples: [
    { command: 'tocsin import tocsin.ndjson.gz', note: 'into the store of the config' },
    {
      command: 'DATABASE_URL=postgres://… tocsin import tocsin.ndjson.gz --source-key-file data/master.key',
      note: 'from SQLite to PostgreSQL',
    },
  ],
  async run(call, context) {
    const { findStore } = await import('../store-place.ts');
    const found = findStore({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (found.kind === 'faulty') return tellFaults(context, found.faults);
    const { place, config } = found;
    const { importFromFile } = await import('../import-from-file.ts');
    const { progressOf, rowsText } = await import('../progress.ts');
    const tell = progressOf(context);
    const done = await importFromFile({
      place,
      config,
      from: sourceOf(call, context),
      sourceKeyFile: pathOf(call, context),
      anySize: call.value(anySize) === true,
      onRows: (table, count, total) => tell(() => `${table}: ${rowsText(count)} of ${rowsText(total)}`),
    });
    if (!done.ok) {
      context.err(printable(`Nothing was imported: ${done.fault}.`));
      return exitCodes.failed;
    }
    const { rows, schema } = done.value;
    context.err(`${rowsText(rows)} of schema ${schema} imported.`);
    return exitCodes.ok;
  },
};

function sourceOf(call: Call, { cwd, stdin }: CommandContext): string | AsyncIterable<Uint8Array> {
  const [file = ''] = call.args;
  return file === '-' ? stdin.bytes : resolve(cwd, file);
}

function pathOf(call: Call, { cwd }: CommandContext): string | undefined {
  const path = call.value(sourceKeyFile);
  return path === undefined ? undefined : resolve(cwd, path);
}
