import { among, sql } from '../../storage/sql.ts';
import type { Kysely } from '../../storage/store.ts';
import { severities } from '../checks/check.ts';
import type { FindingCursor, FindingFilter } from './port.ts';
import type { FilledRow, FindingRow } from './row.ts';
import type { ScanRow } from './scan-row.ts';

export type AwsTables = { aws_findings: FindingRow; aws_scans: ScanRow; aws_filled: FilledRow };

type Dialect = 'sqlite' | 'postgres';

/** Where the next page begins: the values that the list is ordered by. */
export interface Place {
  readonly severity: number;
  readonly openedAt: number;
  readonly id: string;
}

export const cursorOf = ({ severity, openedAt, id }: Place): FindingCursor =>
  // The id is a finding's, which its column does not say.
  `${severity}-${openedAt}-${id}` as FindingCursor;

export const CURSOR_PATTERN = '^[0-4]-[0-9]{1,15}-fnd_[0-9a-f]{32}$';

export function placeOf(cursor: FindingCursor): Place {
  const [severity = '', openedAt = '', id = ''] = cursor.split('-');
  return { severity: Number(severity), openedAt: Number(openedAt), id };
}

/**
 * What is left by the part of the filter that an index answers in the list's own order: the resource, a single check,
 * the account, or what is open; the first of these that there is.
 */
export function narrowed(read: Kysely<AwsTables>, filter: FindingFilter) {
  const query = read.selectFrom('aws_findings');
  const [check, ...others] = filter.checks ?? [];
  if (filter.resource !== undefined) return query.where('resource_arn', '=', filter.resource);
  if (check !== undefined && others.length === 0) return query.where('check_id', '=', check);
  if (filter.account !== undefined) return query.where('account_id', '=', filter.account);
  // A literal: the index holds what is open alone.
  if (filter.state === 'open') return query.where('state', '=', sql.lit('open'));
  return query;
}

type Narrowed = ReturnType<typeof narrowed>;

/** Whether rows are to be looked at that may not fit. */
export const isSifted = (filter: FindingFilter): boolean =>
  Object.values(filter).filter((part) => part !== undefined).length > (narrows(filter) ? 1 : 0);

const narrows = ({ resource, checks, account, state }: FindingFilter): boolean =>
  resource !== undefined || checks?.length === 1 || account !== undefined || state === 'open';

/** The whole filter, row by row. `now` in Unix ms. */
export function sifted(query: Narrowed, filter: FindingFilter, dialect: Dialect, now: number): Narrowed {
  const { account, checks, service, severity, severityMin, state, muted, region, text } = filter;
  let sieve = query;
  if (account !== undefined) sieve = sieve.where('account_id', '=', account);
  if (checks !== undefined) sieve = sieve.where(among(dialect, 'check_id', checks));
  if (service !== undefined) sieve = sieve.where('service', '=', service);
  if (severity !== undefined) sieve = sieve.where('severity', '=', severities.indexOf(severity));
  if (severityMin !== undefined) sieve = sieve.where('severity', '>=', severities.indexOf(severityMin));
  if (state !== undefined) sieve = sieve.where('state', '=', state);
  if (muted !== undefined)
    sieve = sieve.where(muted ? isMutedAt(now) : sql<boolean>`not (${isMutedAt(now)})`);
  if (region !== undefined) sieve = sieve.where('region', '=', region);
  return text === undefined ? sieve : sieve.where(holdsText(text, dialect));
}

export const isMutedAt = (now: number) =>
  sql<boolean>`(muted_at is not null and (muted_until is null or muted_until > ${now}))`;

/** Those behind a place in the list. */
export const behind = (query: Narrowed, place: Place | undefined): Narrowed =>
  place === undefined
    ? query
    : query.where(
        sql<boolean>`(severity, opened_at, id) < (${place.severity}, ${place.openedAt}, ${place.id})`,
      );

/** Down to a place in the list, that one included. */
export const downTo = (query: Narrowed, place: Place | undefined): Narrowed =>
  place === undefined
    ? query
    : query.where(
        sql<boolean>`(severity, opened_at, id) >= (${place.severity}, ${place.openedAt}, ${place.id})`,
      );

/** Both stores fold the case of ASCII letters alone: of others each would have a mind of its own. */
function holdsText(text: string, dialect: Dialect) {
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const parts = (['reason', 'resource_name', 'resource_arn'] as const).map((column) =>
    dialect === 'sqlite'
      ? sql<boolean>`instr(lower(${sql.ref(column)}), ${folded}) > 0`
      : sql<boolean>`strpos(lower(${sql.ref(column)} collate "C"), ${folded}) > 0`,
  );
  return sql<boolean>`(${sql.join(parts, sql` or `)})`;
}
