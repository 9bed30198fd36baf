import type { Feed, FeedType } from '../feeds/feed.ts';
import type { Incident } from '../incident.ts';
import { CsvFault, csvRows, type CsvRow } from './csv-rows.ts';
import { shapeChanged, type ReadRecords } from './reading.ts';
import { readRecord, unreadableRecord, type DraftIncident } from './read-record.ts';
import { RECORDS_MAX, tooMany, typeNamedIn, withoutMark } from './read-records.ts';
import { RecordMemory } from './record-memory.ts';

/**
 * The incidents of a CSV file (RFC 4180), whose first row names the members of all others. They become the JSON that
 * other feeds have: the timestamp and an employee's id are numbers, all else is text, and an empty field is no member.
 * A row with another number of fields is a record with a fault. `memory` as in `readLines`.
 */
export function readCsv(feed: Feed, typeField: string, text: string, memory?: RecordMemory): ReadRecords {
  const taking = memory ?? new RecordMemory();
  const types = new Map(feed.types.map((type) => [type.type, type]));
  const typeOf = typeNamedIn(feed, typeField);
  const read = (json: string): DraftIncident =>
    readRecord(feed, typeOf, json) ?? unreadableRecord(feed, json);
  const incidents: Incident[] = [];
  let names: readonly string[] | undefined;
  let typeAt = -1;
  for (const row of csvRows(withoutMark(text))) {
    if (row instanceof CsvFault) return shapeChanged(row.detail);
    if (names === undefined) {
      names = row.fields;
      typeAt = names.indexOf(typeField);
      if (new Set(names).size < names.length) return shapeChanged('the first row has a name twice');
      continue;
    }
    if (incidents.length >= RECORDS_MAX) return shapeChanged(tooMany(RECORDS_MAX));
    const type = types.get(row.fields[typeAt] ?? '');
    const incident = taking.take(jsonOf(names, row, type), read);
    if (incident !== undefined) incidents.push(incident);
  }
  return { kind: 'list', incidents };
}

/** A list of its fields, which is no record, where they are more or fewer than the names. */
function jsonOf(names: readonly string[], { fields }: CsvRow, type: FeedType | undefined): string {
  if (fields.length !== names.length) return JSON.stringify(fields);
  const members = names.flatMap((name, at) => {
    const field = fields[at] ?? '';
    return field === '' ? [] : [`${JSON.stringify(name)}:${valueOf(name, field, type)}`];
  });
  return `{${members.join(',')}}`;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^(?:0|[1-9]\d*)$/;

function valueOf(name: string, field: string, type: FeedType | undefined): string {
  const isEmployee = name === type?.employee || name === type?.either;
  const isNumber = name === 'timestamp' ? NUMBER.test(field) : isEmployee && INTEGER.test(field);
  return isNumber ? field : JSON.stringify(field);
}
