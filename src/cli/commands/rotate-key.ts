import type { Command } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import type { Rotation } from '../rotate-master-key.ts';

/** `tocsin rotate-key`. */
export const rotateKey: Command = {
  name: 'rotate-key',
  summary: 'put a new master key in place, and seal anew what is stored under the one before',
  details: [
    'The new key is made in the data directory (0600), the one before kept beside it as `master.key.previous`: messages and sessions of before open with that until they end. Interrupted, it is run again and goes on; at no moment is there anything that does not open. On SQLite the service must be stopped: a data directory is one process alone.',
    'Where the key is a setting (PostgreSQL), give the new one as TOCSIN_MASTER_KEY and the one before as TOCSIN_MASTER_KEY_PREVIOUS first; the service may run.',
  ],
  args: [],
  options: [configOption, dataDirOption, jsonOption],
  variables: [],
  exits: {
    ok: 'All stored objects are sealed under the new key.',
    failed:
      'Nothing was changed: the store is in use, something does not open, or the key before is still needed.',
    config: 'The config has faults.',
  },
  examples: [{ command: 'tocsin rotate-key', note: 'the key may have been seen by others' }],
  async run(call, context) {
    const { rotateMasterKey } = await import('../rotate-master-key.ts');
    const surroundings = { env: context.env, cwd: context.cwd, flags: call.flags };
    const rotated = await rotateMasterKey(surroundings, context.now());
    if (rotated.kind === 'faulty') return tellFaults(context, rotated.faults);
    if (rotated.kind === 'failed') {
      context.err(printable(`The master key was not rotated: ${rotated.fault}.`));
      return exitCodes.failed;
    }
    const { rotation } = rotated;
    const neededUntil = new Date(rotation.neededUntil).toISOString();
    if (call.value(jsonOption))
      context.out(printableJson({ ...rotation, made: rotation.made ?? null, neededUntil }));
    else for (const line of inWords(rotation, neededUntil)) context.out(printable(line));
    return exitCodes.ok;
  },
};

function inWords({ made, resealed, previous }: Rotation, neededUntil: string): readonly string[] {
  return [
    ...(made === undefined ? [] : [`${made} is a new key, and what there was is kept as ${previous}.`]),
    `${resealed} stored objects were sealed anew.`,
    `Messages and sessions of before need the key before (${previous}) until ${neededUntil}: remove it then.`,
    'Backups made before now need it for good. Keep a copy of the new key where you kept the other.',
  ];
}
