import { isJsonObject, parseUntrusted, type JsonObject } from '../../kernel/json.ts';
import type { Feed, FeedType } from '../feeds/feed.ts';
import { priorities, type Incident, type Priority, type RecordFault } from '../incident.ts';
import { recordIdentity } from './incident-id.ts';
import { compactJson, ownCopy, withoutMembers } from './record-text.ts';

/** Bytes of one record. */
const RECORD_BYTES_MAX = 16_384;
/** UTF-16 units of a text that is parsed at all: beyond that it could become many times its size. */
export const PARSED_LENGTH_MAX = 1_048_576;
/** Characters that are kept of a longer one, so that people can tell what it was. */
const KEPT_OF_LONG = 1_024;
const ADDRESS_LENGTH_MAX = 256;
/** The end of the year 9999, Unix seconds: what dates can be written of. */
const TIMESTAMP_MAX = 253_402_300_799;

/** What is of none of the feed's types is listed under this. */
export const UNKNOWN_TYPE: FeedType = { type: 'unknown' };

/** A record, read; it lacks only what tells it from its equals. */
export interface DraftIncident {
  readonly fields: Omit<Incident, 'id'>;
  /** Equal for wholly equal records. */
  readonly identity: string;
}

/** Which type a record is of; undefined: of none of the feed's. */
export type TypeOf = (value: unknown) => FeedType | undefined;

/**
 * One record from its JSON; undefined when it is no JSON. The caller has bounded its depth. One that is beyond all
 * bounds is not parsed: it is too long, whatever it is.
 */
export function readRecord(feed: Feed, typeOf: TypeOf, text: string): DraftIncident | undefined {
  if (text.length > PARSED_LENGTH_MAX) return draftOf(feed, typeOf(undefined), text, text);
  const parsed = parseUntrusted(text);
  if (!parsed.ok) return undefined;
  return draftOf(feed, typeOf(parsed.value), parsed.value, harmlessText(text));
}

/** What stands where a record should, and is not even JSON. */
export function unreadableRecord(feed: Feed, text: string): DraftIncident {
  const value = beginningOf(text);
  return draftOf(feed, UNKNOWN_TYPE, value, JSON.stringify(value));
}

function draftOf(feed: Feed, known: FeedType | undefined, value: unknown, text: string): DraftIncident {
  const type = known ?? UNKNOWN_TYPE;
  const record = isJsonObject(value) ? value : {};
  const priority = priorityOf(record['priority']);
  const timestamp = timestampOf(record['timestamp']);
  const isLong = Buffer.byteLength(text) > RECORD_BYTES_MAX;
  const fault = faultOf(isLong, isJsonObject(value), known !== undefined, priority, timestamp);
  return {
    identity: recordIdentity(feed.id, type.type, value, text),
    fields: {
      feed: feed.id,
      type: type.type,
      priority,
      timestamp: timestamp ?? 0,
      ...(fault === undefined ? partiesOf(type, record) : NOBODY),
      fault,
      record: ownCopy(isLong ? beginningOf(text) : text),
    },
  };
}

/** Not even JSON, perhaps: nothing that a store cannot hold. */
const beginningOf = (text: string): string =>
  text
    .slice(0, KEPT_OF_LONG)
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed();

type Parties = Pick<Incident, 'stated' | 'address' | 'sourceAddress'>;
const NOBODY: Parties = { stated: undefined, address: undefined, sourceAddress: undefined };

/** A text is never an employee, however much it looks like a number: it could be anybody's. */
function partiesOf(type: FeedType, record: JsonObject): Parties {
  const { employee = type.either, address = type.either, source } = type;
  return {
    stated: employee === undefined ? undefined : employeeOf(record[employee]),
    address: address === undefined ? undefined : addressOf(record[address]),
    sourceAddress: source === undefined ? undefined : addressOf(record[source]),
  };
}

/** The first that holds is told. */
function faultOf(
  isLong: boolean,
  isObject: boolean,
  isTypeKnown: boolean,
  priority: Priority | undefined,
  timestamp: number | undefined,
): RecordFault | undefined {
  if (isLong) return 'too_long';
  if (!isObject) return 'not_an_object';
  if (!isTypeKnown) return 'type_unknown';
  if (priority === undefined) return 'priority_unknown';
  return timestamp === undefined ? 'timestamp_invalid' : undefined;
}

const priorityOf = (value: unknown): Priority | undefined => priorities.find((one) => one === value);

const timestampOf = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value <= TIMESTAMP_MAX ? value : undefined;

/** An employee's id, decimal digits. */
export const employeeOf = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;

/** No store holds a NUL or half a surrogate pair, and no address has a control character. */
const NO_ADDRESS = /[\p{Cc}\p{Cs}]/u;

/** What is looked up, as it is spelled. */
export const addressOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= ADDRESS_LENGTH_MAX && !NO_ADDRESS.test(value)
    ? value
    : undefined;

/** As `parseUntrusted`: letters can be hidden behind escapes. */
const MAY_HOLD_HAZARD = /__proto__|constructor|\\u00[567]/;
const isHazard = (name: string): boolean => name === '__proto__' || name === 'constructor';

/** Without keys that turn a careless copy of the record into a change of its prototype. */
function harmlessText(text: string): string {
  const compact = compactJson(text);
  return MAY_HOLD_HAZARD.test(compact) ? withoutMembers(compact, isHazard) : compact;
}
