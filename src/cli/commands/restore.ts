import { resolve } from 'node:path';
import type { Command, CommandContext } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { jsonOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';

/** `tocsin restore`. */
export const restore: Command = {
  name: 'restore',
  summary: 'put a backup in the place of the SQLite store; the service must be stopped',
  details: [
    'The backup is read through first. The store of before stays in the data directory under another name. The next start brings the schema up to date.',
    'What happened after the backup is gone from the store: deliveries that were open then are sent again, with their ids of then.',
  ],
  args: [{ name: '<file>', description: 'What `tocsin backup` made.' }],
  options: [configOption, dataDirOption, jsonOption],
  variables: [],
  exits: {
    ok: 'The store is that of the backup.',
    failed: 'Nothing was changed: the service runs, or the file is no sound backup.',
    config: 'The config has faults.',
  },
  examples: [{ command: 'tocsin restore /backup/tocsin.db', note: 'with the service stopped' }],
  async run(call, context) {
    const { findStore } = await import('../store-place.ts');
    const found = findStore({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (found.kind === 'faulty') return tellFaults(context, found.faults);
    const { place, config } = found;
    if (place.dialect === 'postgres') return sendToPgRestore(context);
    const { restoreStore } = await import('../restore-store.ts');
    const [file = ''] = call.args;
    const done = restoreStore(place, resolve(context.cwd, file), { keys: config, now: context.now() });
    if (!done.ok) {
      context.err(printable(`Nothing was restored: ${done.fault}.`));
      return exitCodes.failed;
    }
    const { schema, aside, unopened } = done.value;
    if (call.value(jsonOption)) {
      context.out(printableJson({ schema, aside: aside ?? null, unopened }));
    } else {
      context.out(printable(`Restored: schema ${schema}.`));
      if (aside !== undefined) context.out(printable(`The store of before: ${aside}`));
    }
    if (unopened.length > 0) context.err(printable(notOpened(unopened)));
    return exitCodes.ok;
  },
};

const NAMED_MAX = 5;

const notOpened = (names: readonly string[]): string =>
  `The service will not start yet: the master key of here does not open stored objects (${names.length}: ${names.slice(0, NAMED_MAX).join(', ')}). Put the key of then into master.key of the data directory, or into TOCSIN_MASTER_KEY.`;

function sendToPgRestore({ err }: CommandContext): ExitCode {
  err(
    [
      'The store is PostgreSQL, which has a way of its own:',
      '  pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" <file>',
      'An export goes into an empty database: tocsin import <file>.',
    ].join('\n'),
  );
  return exitCodes.usage;
}
