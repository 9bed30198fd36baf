import type { Command } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';

/** `tocsin migrate`. */
export const migrate: Command = {
  name: 'migrate',
  summary: "bring the store's schema up to date",
  details: [
    'The service does that itself whenever it starts; this is for doing it before, at a moment of your choice. On SQLite the service must be stopped: a data directory is one process alone. There is no way back but a backup.',
  ],
  args: [],
  options: [configOption, dataDirOption, jsonOption],
  variables: [],
  exits: {
    ok: 'The schema is up to date.',
    failed: 'The store is in use or cannot be opened, or a newer Tocsin made it.',
    config: 'The config has faults.',
  },
  examples: [{ command: 'tocsin migrate', note: 'after a new version was put in place' }],
  async run(call, context) {
    const { migrateStore } = await import('../migrate-store.ts');
    const migrated = await migrateStore({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (migrated.kind === 'faulty') return tellFaults(context, migrated.faults);
    if (migrated.kind === 'failed') {
      context.err(printable(`Not migrated: ${migrated.fault}`));
      return exitCodes.failed;
    }
    const { dialect, ran } = migrated;
    if (call.value(jsonOption)) context.out(printableJson({ dialect, ran }));
    else
      context.out(
        ran.length === 0 ? 'The schema is up to date.' : ran.map((name) => `ran ${name}`).join('\n'),
      );
    return exitCodes.ok;
  },
};
