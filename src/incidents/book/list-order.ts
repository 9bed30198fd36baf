import type { Entry } from './entry.ts';

/**
 * Whether incidents of one employee and one time stand in another order than by the positions they had. Any other
 * order is of no account: the document sorts by time. What was not listed before has no position yet.
 */
export function isReordered(entries: readonly Entry[]): boolean {
  return !isAscending(entries) && hasTurnedTie(entries);
}

function isAscending(entries: readonly Entry[]): boolean {
  let last = -1;
  for (const { position } of entries) {
    if (position === NO_POSITION) continue;
    if (position < last) return false;
    last = position;
  }
  return true;
}

function hasTurnedTie(entries: readonly Entry[]): boolean {
  const lastOf = new Map<string, number>();
  return entries.some(({ position, employee, incident }) => {
    if (position === NO_POSITION || employee === undefined) return false;
    const tie = `${incident.timestamp} ${employee}`;
    const isTurned = position < (lastOf.get(tie) ?? -1);
    lastOf.set(tie, position);
    return isTurned;
  });
}

/** Of an incident that has just been listed. */
export const NO_POSITION = -1;
