import { decodeUtf8 } from '../../kernel/utf8.ts';
import { ImportRefused } from './format.ts';

const NEWLINE = 0x0a;
/** A payload of 64 MiB, the most that can be configured, twice as long when every character is escaped. */
const LINE_BYTES_MAX = 160 * 1_048_576;

export interface Line {
  readonly text: string;
  /** With its line break. */
  readonly bytes: Buffer;
}

/** The lines of a text in UTF-8, each ended by a line break; only one is in memory. Rejects with ImportRefused. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  bytesMax = LINE_BYTES_MAX,
): AsyncGenerator<Line> {
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const last = chunk.subarray(from, end + 1);
      if (length + last.length > bytesMax) throw tooLong();
      yield toLine(begun.length === 0 ? last : Buffer.concat([...begun, last]));
      begun = [];
      length = 0;
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > bytesMax) throw tooLong();
  }
  if (length > 0) throw new ImportRefused('the file ends in the middle of a line: it was cut short');
}

const tooLong = (): ImportRefused => new ImportRefused('a line is longer than any row can be');

function toLine(bytes: Buffer): Line {
  const text = decodeUtf8(bytes.subarray(0, -1));
  if (text === undefined) throw new ImportRefused('it is not UTF-8');
  return { text, bytes };
}
