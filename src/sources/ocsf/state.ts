import type { MatterState } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { objectOf } from '../fields.ts';
import type { OcsfClass } from './class-of.ts';
import { FINDINGS, INCIDENT_FINDING } from './classes.ts';

const CLOSE = 3;

/** New, in progress; suppressed, resolved, archived, deleted. Of an incident 3 is on hold and 5 closed. */
const BY_ID: ReadonlyMap<unknown, MatterState> = new Map([
  [1, 'open'],
  [2, 'open'],
  [3, 'resolved'],
  [4, 'resolved'],
  [5, 'resolved'],
  [6, 'resolved'],
]);

const BY_WORD: ReadonlyMap<string, MatterState> = new Map([
  ['new', 'open'],
  ['in progress', 'open'],
  ['on hold', 'open'],
  ['suppressed', 'resolved'],
  ['resolved', 'resolved'],
  ['archived', 'resolved'],
  ['deleted', 'resolved'],
  ['closed', 'resolved'],
]);

/**
 * How the matter of a finding stands: closed by its activity, passed by its check, else as its status says, else open
 * by its creation or update. Undefined for what is no finding: an activity's status says whether it succeeded.
 */
export function stateOf({ uid, category }: OcsfClass, record: JsonObject): MatterState | undefined {
  if (category !== FINDINGS) return undefined;
  const activity = record['activity_id'];
  if (activity === CLOSE || hasPassed(objectOf(record['compliance']))) return 'resolved';
  const byStatus = uid === INCIDENT_FINDING && record['status_id'] === 3 ? 'open' : statusOf(record);
  return byStatus ?? (activity === 1 || activity === 2 ? 'open' : undefined);
}

/** `state` is the older name, of Security Finding (2001). */
function statusOf(record: JsonObject): MatterState | undefined {
  return (
    BY_ID.get(record['status_id']) ??
    BY_ID.get(record['state_id']) ??
    byWord(record['status']) ??
    byWord(record['state'])
  );
}

const byWord = (value: unknown): MatterState | undefined =>
  typeof value === 'string' ? BY_WORD.get(value.slice(0, 40).toLowerCase()) : undefined;

function hasPassed(compliance: JsonObject): boolean {
  if (compliance['status_id'] === 1) return true;
  const { status } = compliance;
  return typeof status === 'string' && /^pass(?:ed)?$/i.test(status);
}
