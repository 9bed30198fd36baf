import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { migrations } from '../storage/migrations/index.ts';
import { checkCopy } from '../storage/sqlite/check-copy.ts';
import { copyStore, type OnProgress } from '../storage/sqlite/copy-store.ts';
import { checkNewFile, lackOfRoom, writePrivateFile } from './private-file.ts';
import { failed, type Result, succeeded } from './result.ts';
import { storeFault } from './store-fault.ts';
import type { StorePlace } from './store-place.ts';

export interface BackedUp {
  readonly bytes: number;
  /** The number of the newest migration. */
  readonly schema: number;
}

/** Copies a SQLite store into a file, whether a service runs on it or not, and reads the copy through. */
export async function backUpStore(
  place: Extract<StorePlace, { dialect: 'sqlite' }>,
  to: string,
  options: { readonly force: boolean; readonly onProgress: OnProgress },
): Promise<Result<BackedUp>> {
  if (!existsSync(place.path)) return failed(`there is no store in ${place.directory}`);
  const isFree = checkNewFile(to, { force: options.force, dataDirectory: place.directory });
  if (!isFree.ok) return isFree;
  try {
    const crowded = lackOfRoom(dirname(to), statSync(place.path).size);
    if (crowded !== undefined) return failed(crowded);
    return await writePrivateFile(to, async (unfinished) => {
      await copyStore(place.path, unfinished, options.onProgress);
      const checked = checkCopy(unfinished, migrations);
      // The unfinished file is then not given its name.
      if (checked.kind === 'faulty') throw new CopyFaulty(checked.fault);
      return succeeded({ bytes: statSync(unfinished).size, schema: checked.schema });
    });
  } catch (error) {
    if (error instanceof CopyFaulty) {
      return failed(
        `the copy was made and then found wrong: ${error.message}. The store itself may be damaged`,
      );
    }
    return failed(storeFault(error));
  }
}

/** Ends the writing of the file; goes no further than this one. */
class CopyFaulty extends Error {}
