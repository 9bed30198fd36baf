import { isAbsolute } from 'node:path';
import { Type } from 'typebox';
import { durationMs } from '../../../kernel/duration.ts';
import type { Fault } from '../../../kernel/fault.ts';
import { duration } from '../../../kernel/schema.ts';
import { defineFeed, staleAfter } from '../feed-kind.ts';
import { typeField } from '../settings.ts';

const MEBIBYTE = 1_048_576;

export const file = defineFeed({
  kind: 'file',
  summary: 'Incidents in a file or a directory of files (NDJSON, JSON, CSV), read again when they change.',
  settings: Type.Object({
    path: Type.String({
      minLength: 1,
      maxLength: 4_096,
      description: 'A file, or a directory: its `.ndjson`, `.jsonl`, `.json` and `.csv` files are one list.',
    }),
    identities: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4_096,
        description: 'A JSON file with an object address → employee id. Absent: none of its own.',
      }),
    ),
    typeField,
    every: duration({ default: '30s', description: 'How often it is looked at for changes.' }),
    bytesMax: Type.Integer({
      minimum: 1_024,
      maximum: 256 * MEBIBYTE,
      default: 64 * MEBIBYTE,
      description: 'Bytes of all its files together.',
    }),
  }),
  check({ path, identities, every }) {
    const faults: Fault[] = [];
    if (!isAbsolute(path)) faults.push({ path: 'path', message: 'must be an absolute path' });
    if (identities !== undefined && !isAbsolute(identities))
      faults.push({ path: 'identities', message: 'must be an absolute path' });
    const ms = durationMs(every);
    if (ms < 100 || ms > 86_400_000) faults.push({ path: 'every', message: 'must be between 100 ms and 1d' });
    return faults;
  },
  open: (settings, context) => ({
    ...context.common,
    kind: 'file',
    path: settings.path,
    identitiesPath: settings.identities,
    typeField: settings.typeField,
    everyMs: durationMs(settings.every),
    staleAfterMs: staleAfter(context, durationMs(settings.every)),
    bytesMax: settings.bytesMax,
  }),
});
