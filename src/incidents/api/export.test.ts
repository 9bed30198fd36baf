import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell } from '../../kernel/csv-cell.ts';
import { csv, ndjson, openExport } from './export.ts';
import { storedIncident, TestReader } from './test-reader.ts';

async function textOf(reader: TestReader, format = ndjson, isGone = () => false): Promise<string> {
  const parts: string[] = [];
  for await (const part of await openExport({ reader, filter: {}, format, isGone })) parts.push(part);
  return parts.join('');
}

test('holds every incident once, however many pages it takes', async () => {
  const reader = new TestReader();
  reader.incidents = Array.from({ length: 450 }, (_, n) => storedIncident({ timestamp: 1_000 + n }));
  const lines = (await textOf(reader)).trimEnd().split('\n');
  expect(lines).toHaveLength(450);
  expect(new Set(lines).size).toBe(450);
  expect(reader.asked).toBe(3);
});

test('the record of a line is the feed’s own text, its numbers as they came', () => {
  const record = '{"priority":"low","n":12345678901234567890,"timestamp":1622505600.1234567}';
  const line = ndjson.line(storedIncident({ record }));
  expect(line).toContain(`"record":${record}}\n`);
  expect(JSON.parse(line)).toMatchObject({ employee: '7', record: { priority: 'low' } });
});

test('a table has a header, empty cells for what is null, and lines that end as RFC 4180 says', async () => {
  const reader = new TestReader();
  reader.incidents = [storedIncident({ record: '{"a":"b, \\"c\\""}', address: '=1+1' })];
  const [head, line, end] = (await textOf(reader, csv)).split('\r\n');
  expect(head).toBe(
    'id,feed,type,priority,timestamp,occurredAt,employee,identity,address,sourceAddress,firstSeenAt,lastSeenAt,listed,attributedAt,eventId,record',
  );
  expect(line).toMatch(
    /^inc_[0-9a-f]+,elevate,misuse,low,1767225600.25,2026-01-01T00:00:00.250Z,7,stated,'=1\+1,,[^,]+,,true,,,"\{""a"":""b, \\""c\\""""\}"$/,
  );
  expect(end).toBe('');
});

test('a table without an incident is its header alone', async () => {
  expect((await textOf(new TestReader(), csv)).split('\r\n')).toHaveLength(2);
});

test('a spreadsheet takes no cell for a formula, and reads every cell back as it was', () => {
  const text = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", 'a', '1'),
  });
  fc.assert(
    fc.property(text, (original) => {
      const cell = csvCell(original);
      const isQuoted = cell.startsWith('"');
      const read = isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      if (!isQuoted) expect(cell).not.toMatch(/[",\r\n]/);
      expect(read).not.toMatch(/^[=+\-@\t\r]/);
      expect([original, `'${original}`]).toContain(read);
    }),
  );
});

test('nothing further is asked of the store once nobody is there to read it', async () => {
  const reader = new TestReader();
  reader.incidents = Array.from({ length: 900 }, (_, n) => storedIncident({ timestamp: 1_000 + n }));
  await textOf(reader, ndjson, () => reader.asked >= 2);
  expect(reader.asked).toBe(2);
});

test('does not end as if it were whole when the incident it went on from is deleted meanwhile', async () => {
  const reader = new TestReader();
  reader.incidents = Array.from({ length: 450 }, (_, n) => storedIncident({ timestamp: 1_000 + n }));
  const text = await openExport({ reader, filter: {}, format: ndjson, isGone: () => false });
  const pages = text[Symbol.asyncIterator]();
  await pages.next();
  reader.incidents = reader.incidents.slice(0, 100);
  await expect(pages.next()).rejects.toThrow(/any more/);
});
