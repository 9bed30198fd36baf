import { isJsonObject, parseUntrusted } from '../../kernel/json.ts';
import { scanJson, skipBlanks, type Span } from '../../kernel/json-scan.ts';
import { decodeUtf8 } from '../../kernel/utf8.ts';
import type { Feed, FeedType } from '../feeds/feed.ts';
import type { Incident } from '../incident.ts';
import { notJson, shapeChanged, type ReadRecords } from './reading.ts';
import {
  PARSED_LENGTH_MAX,
  readRecord,
  unreadableRecord,
  type DraftIncident,
  type TypeOf,
} from './read-record.ts';
import { RecordMemory } from './record-memory.ts';

const DEPTH_MAX = 32;
/** Of one body that is sent to us. */
const PUSHED_MAX = 100_000;
/** Of one file. */
export const RECORDS_MAX = 250_000;

/**
 * The incidents of a body that is a JSON array, one object, or NDJSON; each names its type in `typeField`. What cannot
 * be used of it are incidents with a fault; a body that is no JSON is refused whole, so that its sender hears of it.
 */
export function readPushed(feed: Feed, typeField: string, body: Uint8Array): ReadRecords {
  const text = decodeUtf8(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  if (text === undefined) return notJson('the body is not valid UTF-8');
  const reading = { feed, typeOf: typeNamedIn(feed, typeField), recordsMax: PUSHED_MAX };
  return readJsonRecords(reading, text) ?? readWholeLines(reading, text);
}

/** The incidents of a file that is a JSON array or one object. */
export function readJsonFile(
  feed: Feed,
  typeField: string,
  text: string,
  memory?: RecordMemory,
): ReadRecords {
  const reading = { feed, typeOf: typeNamedIn(feed, typeField), recordsMax: RECORDS_MAX, memory };
  const own = withoutMark(text);
  // One object of that length is no record, and parsed it could become many times its size.
  if (own.length > PARSED_LENGTH_MAX && own.charAt(skipBlanks(own, 0, own.length)) !== '[')
    return shapeChanged('an array of objects is expected');
  return readJsonRecords(reading, own) ?? notJson('the file is not valid JSON');
}

/**
 * The incidents of an NDJSON file: an object a line. What is no JSON is a record with a fault: the line that is being
 * written just now, say.
 *
 * Files that are one list share a `memory`, with `begin` before the first and `end` after the last, so that equal
 * records in two of them are two.
 */
export function readLines(feed: Feed, typeField: string, text: string, memory?: RecordMemory): ReadRecords {
  const typeOf = typeNamedIn(feed, typeField);
  const read = (line: string): DraftIncident =>
    readBounded(feed, typeOf, line) ?? unreadableRecord(feed, line);
  const incidents: Incident[] = [];
  const taking = memory ?? new RecordMemory();
  for (const { line } of linesOf(withoutMark(text))) {
    if (incidents.length >= RECORDS_MAX) return shapeChanged(tooMany(RECORDS_MAX));
    const incident = taking.take(line, read);
    if (incident !== undefined) incidents.push(incident);
  }
  return { kind: 'list', incidents };
}

interface Reading {
  readonly feed: Feed;
  readonly typeOf: TypeOf;
  readonly recordsMax: number;
  readonly memory?: RecordMemory | undefined;
}

/** Undefined for a text that is not one JSON value. */
function readJsonRecords(reading: Reading, text: string): ReadRecords | undefined {
  const scan = scanJson(text, { depthMax: DEPTH_MAX, itemsMax: reading.recordsMax });
  if (scan.kind === 'refused' && scan.reason === 'too_many_items')
    return shapeChanged(tooMany(reading.recordsMax));
  if (scan.kind === 'refused') return undefined;
  if (scan.kind === 'array') return readElements(reading, text, scan.elements);
  const parsed = parseUntrusted(text);
  if (!parsed.ok) return undefined;
  if (!isJsonObject(parsed.value)) return shapeChanged('an object or an array of objects is expected');
  return readElements(reading, `[${text}]`, [{ start: 1, end: text.length + 1 }]);
}

/** The elements of an array, one by one: parsed whole it could become many times its size. */
function readElements(reading: Reading, text: string, elements: readonly Span[]): ReadRecords | undefined {
  const start = skipBlanks(text, 0, text.length) + 1;
  const end = skipBlanks(text, elements.at(-1)?.end ?? start, text.length);
  if (text.charAt(end) !== ']' || skipBlanks(text, end + 1, text.length) < text.length) return undefined;
  const memory = reading.memory ?? new RecordMemory();
  const read = readerOf(reading);
  const incidents: Incident[] = [];
  for (const element of elements) {
    const incident = memory.take(text.slice(element.start, element.end), read);
    if (incident === undefined) return undefined;
    incidents.push(incident);
  }
  return { kind: 'list', incidents };
}

function readWholeLines(reading: Reading, text: string): ReadRecords {
  const memory = reading.memory ?? new RecordMemory();
  const read = readerOf(reading);
  const incidents: Incident[] = [];
  for (const { line, number } of linesOf(text)) {
    if (incidents.length >= reading.recordsMax) return shapeChanged(tooMany(reading.recordsMax));
    const incident = memory.take(line, read);
    if (incident === undefined)
      return notJson(`the body is not valid JSON, and line ${number} is no JSON of at most 32 levels`);
    incidents.push(incident);
  }
  return incidents.length === 0 ? notJson('the body is empty') : { kind: 'list', incidents };
}

const readerOf =
  ({ feed, typeOf }: Reading) =>
  (text: string): DraftIncident | undefined =>
    readBounded(feed, typeOf, text);

/** Undefined when it is no JSON, or nests too deep. */
function readBounded(feed: Feed, typeOf: TypeOf, text: string): DraftIncident | undefined {
  const scan = scanJson(text, { depthMax: DEPTH_MAX, itemsMax: RECORDS_MAX });
  return scan.kind === 'refused' ? undefined : readRecord(feed, typeOf, text);
}

/** The type that a record names in that member. */
export function typeNamedIn(feed: Feed, typeField: string): TypeOf {
  const types = new Map<unknown, FeedType>(feed.types.map((type) => [type.type, type]));
  return (value) => (isJsonObject(value) ? types.get(value[typeField]) : undefined);
}

/** A file may begin with a byte order mark, which is no part of what it says. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

export const tooMany = (recordsMax: number): string =>
  `there are more than ${recordsMax.toLocaleString('en')} records`;

/** One by one: a text of nothing but line feeds must not become millions of strings. */
function* linesOf(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).trim();
    if (line !== '') yield { line, number };
    start = end + 1;
  }
}
