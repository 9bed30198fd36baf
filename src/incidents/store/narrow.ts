import { sql } from '../../storage/sql.ts';
import type { Kysely } from '../../storage/store.ts';
import { incidentIdBound } from '../book/incident-id.ts';
import { priorities } from '../incident.ts';
import type { IncidentFilter } from './port.ts';
import type { IncidentTables } from './row.ts';

export type Side = 'address' | 'source_address';

/**
 * What is left by the parts of the filter that an index answers. `side`: the address is looked for in this column
 * alone, so that what is found comes in its order; undefined: in both.
 */
export function narrowed(read: Kysely<IncidentTables>, filter: IncidentFilter, side?: Side) {
  let query = read.selectFrom('incidents').where('fault', filter.invalid === true ? 'is not' : 'is', null);
  const { since, until, employee, type, address } = filter;
  if (since !== undefined) query = query.where('id', '>=', incidentIdBound(since));
  if (until !== undefined) query = query.where('id', '<', incidentIdBound(until));
  if (type !== undefined) query = query.where('type', '=', type);
  if (employee !== undefined) query = query.where('employee', '=', employee);
  else if (filter.attributed === false) query = query.where('employee', 'is', null);
  if (address === undefined) return query;
  if (side !== undefined) return query.where(side, '=', address);
  return query.where((where) =>
    where.or([where('address', '=', address), where('source_address', '=', address)]),
  );
}

type Narrowed = ReturnType<typeof narrowed>;

/** Whether rows are to be looked at that may not fit. */
export const isSifted = ({
  feed,
  priority,
  priorityMin,
  listed,
  attributed,
  text,
}: IncidentFilter): boolean =>
  [feed, priority, priorityMin, listed, text].some((part) => part !== undefined) || attributed === true;

/** The parts of the filter that each row has to be looked at for. */
export function sifted(query: Narrowed, filter: IncidentFilter, dialect: 'sqlite' | 'postgres'): Narrowed {
  const { feed, priority, priorityMin, employee, listed, attributed, text } = filter;
  let sieve = query;
  if (feed !== undefined) sieve = sieve.where('feed', '=', feed);
  if (priority !== undefined) sieve = sieve.where('priority', '=', priorities.indexOf(priority));
  if (priorityMin !== undefined) sieve = sieve.where('priority', '>=', priorities.indexOf(priorityMin));
  if (listed !== undefined) sieve = sieve.where('listed', '=', listed ? 1 : 0);
  if (attributed === true) sieve = sieve.where('employee', 'is not', null);
  // Somebody's that are nobody's: there are none.
  if (attributed === false && employee !== undefined) sieve = sieve.where('employee', 'is', null);
  return text === undefined ? sieve : sieve.where(holdsText(text, dialect));
}

/** Both stores fold the case of ASCII letters alone: of others each would have a mind of its own. */
function holdsText(text: string, dialect: 'sqlite' | 'postgres') {
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return dialect === 'sqlite'
    ? sql<boolean>`instr(lower(record), ${folded}) > 0`
    : sql<boolean>`strpos(lower(record collate "C"), ${folded}) > 0`;
}
