import { resolve } from 'node:path';
import type { Call, Command, CommandContext } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { jsonOption, switchOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';

const force = switchOption('--force', 'Write over a file that is there.');

/** `tocsin backup`. */
export const backup: Command = {
  name: 'backup',
  summary: 'copy the SQLite store into a file, while the service runs or not',
  details: [
    'The copy holds everything that was answered before it was begun. It is read through before it gets its name, and only its owner may read it (0600). The master key is not in it: keep a copy of that elsewhere.',
    'For PostgreSQL use pg_dump.',
  ],
  args: [{ name: '<file>', description: 'The file to make, best on another disk.' }],
  options: [force, configOption, dataDirOption, jsonOption],
  variables: [],
  exits: {
    ok: 'The backup is there, on disk and sound.',
    failed: 'No backup was made: no store, no room, the file is there already, or the store is damaged.',
    config: 'The config has faults.',
  },
  examples: [
    { command: 'tocsin backup /backup/tocsin.db', note: 'once' },
    { command: 'tocsin backup "/backup/tocsin-$(date +%u).db" --force', note: 'daily: one a weekday' },
  ],
  async run(call, context) {
    const { findStore } = await import('../store-place.ts');
    const found = findStore({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (found.kind === 'faulty') return tellFaults(context, found.faults);
    const { place, config } = found;
    const [file = ''] = call.args;
    if (place.dialect === 'postgres') return sendToPgDump(file, context);
    const { backUpStore } = await import('../back-up-store.ts');
    const { megabytes, progressOf } = await import('../progress.ts');
    const tell = progressOf(context);
    const done = await backUpStore(place, resolve(context.cwd, file), {
      force: call.value(force) === true,
      onProgress: (bytes, total) => tell(() => `${megabytes(bytes)} of ${megabytes(total)}`),
    });
    if (!done.ok) {
      context.err(printable(`No backup was made: ${done.fault}.`));
      return exitCodes.failed;
    }
    tellDone(file, done.value, call, context);
    const { masterKeyFile } = await import('../../app/master-key.ts');
    const key = config.masterKey === undefined ? masterKeyFile(config.data.directory) : 'TOCSIN_MASTER_KEY';
    context.err(
      printable(
        `The master key (${key}) is not in it; without it stored objects do not open. Keep it elsewhere.`,
      ),
    );
    return exitCodes.ok;
  },
};

function tellDone(
  file: string,
  { bytes, schema }: { readonly bytes: number; readonly schema: number },
  call: Call,
  { out }: CommandContext,
): void {
  if (call.value(jsonOption)) out(printableJson({ file, bytes, schema }));
  else
    out(
      printable(`${file}: ${(bytes / 1_000_000).toFixed(1)} MB, schema ${schema}, read through and sound.`),
    );
}

function sendToPgDump(file: string, { err }: CommandContext): ExitCode {
  err(
    [
      'The store is PostgreSQL, which has a way of its own:',
      `  (umask 077; pg_dump --format=custom --file=${shellWord(printable(file))} "$DATABASE_URL")`,
      'A copy that any store can take in: tocsin export <file.ndjson.gz>.',
    ].join('\n'),
  );
  return exitCodes.usage;
}

const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
