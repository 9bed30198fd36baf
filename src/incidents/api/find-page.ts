import { Problem } from '../../kernel/problem.ts';
import type { IncidentId } from '../incident.ts';
import type { IncidentFilter, IncidentPage, IncidentReader } from '../store/port.ts';

export type IncidentFinder = Pick<IncidentReader, 'find' | 'getMany'>;

/**
 * A page behind `after`. Where that incident was deleted meanwhile nothing is found behind it, and its absence must not
 * pass for the end of the list: a 400.
 */
export async function findPage(
  reader: IncidentFinder,
  filter: IncidentFilter,
  limit: number,
  after: IncidentId | undefined,
): Promise<IncidentPage> {
  const page = await reader.find(filter, limit, after);
  if (after === undefined || page.items.length > 0 || page.next !== undefined) return page;
  const [last] = await reader.getMany([after]);
  if (last !== undefined) return page;
  throw new Problem('bad_request', 'There is no incident that the cursor names any more. Begin anew.');
}
