import type { Journal } from './journal.ts';
import type { Group } from './statement.ts';
import { StoreRefused } from './store.ts';

/**
 * Submits groups in one commit. But what the store will never take must not keep all else out, so then each by itself:
 * `refused` is told of those, and they have not passed. Resolves with who passed; rejects with StoreUnavailable.
 */
export async function submitAllOrEach(
  journal: Pick<Journal, 'submit'>,
  groups: readonly Group[],
  refused: (error: StoreRefused) => void,
): Promise<readonly boolean[]> {
  try {
    return await journal.submit(groups);
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    const passed: boolean[] = [];
    for (const group of groups) passed.push(await passesAlone(journal, group, refused));
    return passed;
  }
}

async function passesAlone(
  journal: Pick<Journal, 'submit'>,
  group: Group,
  refused: (error: StoreRefused) => void,
): Promise<boolean> {
  try {
    return (await journal.submit([group]))[0] === true;
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    refused(error);
    return false;
  }
}
