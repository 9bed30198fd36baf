import type { Journal } from '../../storage/journal.ts';
import { UNKNOWN_TYPE } from '../book/read-record.ts';
import type { Feed } from '../feeds/feed.ts';
import type { IncidentReader } from '../store/port.ts';
import { delistRow } from '../store/row.ts';
import { incidentStatements } from '../store/statements.ts';

const PAGE = 500;

/**
 * Takes off their list what was listed by feeds and types that the config names no more: nobody would do it otherwise,
 * and it would be kept for ever. `now` in Unix ms. Rejects with StoreUnavailable.
 */
export async function delistOthers(
  reader: Pick<IncidentReader, 'listedOutside'>,
  journal: Pick<Journal, 'submit'>,
  feeds: readonly Feed[],
  now: number,
): Promise<void> {
  const listed = feeds.map(({ id, types }) => ({
    id,
    types: [...types.map(({ type }) => type), UNKNOWN_TYPE.type],
  }));
  for (let found = PAGE; found === PAGE;) {
    const ids = await reader.listedOutside(listed, PAGE);
    found = ids.length;
    const writes = ids.map((id) => ({ statement: incidentStatements.delist.name, row: delistRow(id, now) }));
    if (found > 0) await journal.submit([{ writes }]);
  }
}
