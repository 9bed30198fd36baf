/** Fields of one row at most. */
const FIELDS_MAX = 1_000;
/** UTF-16 units of one field at most: a quote that nobody closes must not swallow a file. */
const FIELD_LENGTH_MAX = 65_536;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;

export interface CsvRow {
  readonly fields: readonly string[];
  /** In the text, from 1; where the row begins. */
  readonly line: number;
}

/** What is wrong with a text that is no CSV. */
export class CsvFault {
  readonly detail: string;

  constructor(detail: string) {
    this.detail = detail;
  }
}

/**
 * The rows of a CSV text (RFC 4180): fields in quotes hold commas, line ends and doubled quotes; rows end in CRLF or
 * LF; empty lines are passed over. The last thing is a fault where the text cannot be read on.
 */
export function* csvRows(text: string): Generator<CsvRow | CsvFault> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = rowAt(text, at);
    if (typeof row === 'string') {
      yield new CsvFault(`the row at line ${line} ${row}`);
      return;
    }
    if (row.fields.length > 1 || row.fields[0] !== '') yield { fields: row.fields, line };
    line += lineFeeds(text, at, row.end);
    at = row.end;
  }
}

interface ReadRow {
  readonly fields: readonly string[];
  /** The index behind its line end. */
  readonly end: number;
}

function rowAt(text: string, start: number): ReadRow | string {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text.charCodeAt(at) === QUOTE ? quotedAt(text, at) : plainAt(text, at);
    if (typeof field === 'string') return field;
    if (field.value.length > FIELD_LENGTH_MAX) return 'has a field that is too long';
    fields.push(field.value);
    if (fields.length > FIELDS_MAX) return `has more than ${FIELDS_MAX} fields`;
    if (text.charCodeAt(field.end) !== COMMA) return endOf(text, field.end, fields);
    at = field.end + 1;
  }
}

function endOf(text: string, at: number, fields: readonly string[]): ReadRow | string {
  const lineFeed = text.charCodeAt(at) === CR ? at + 1 : at;
  if (lineFeed >= text.length) return { fields, end: text.length };
  return text.charCodeAt(lineFeed) === LF
    ? { fields, end: lineFeed + 1 }
    : 'has something between a quote and the next comma';
}

interface Field {
  readonly value: string;
  /** The index of what ends it. */
  readonly end: number;
}

function plainAt(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text.charCodeAt(end) !== COMMA && text.charCodeAt(end) !== LF) end += 1;
  if (text.charCodeAt(end - 1) === CR && end > start && text.charCodeAt(end) !== COMMA) end -= 1;
  return { value: text.slice(start, end), end };
}

function quotedAt(text: string, start: number): Field | string {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && text.charCodeAt(end + 1) === QUOTE) end = text.indexOf('"', end + 2);
  if (end === -1) return 'has a quote that is never closed';
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

function lineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
