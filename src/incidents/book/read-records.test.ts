import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleFeed } from '../../../tests/support/incident-lists.ts';
import type { Incident } from '../incident.ts';
import { readCsv } from './read-csv.ts';
import { readJsonFile, readLines, readPushed } from './read-records.ts';
import type { ReadRecords } from './reading.ts';
import { RecordMemory } from './record-memory.ts';

const feed = sampleFeed({ kind: 'push' });
const A = '{"type":"misuse","priority":"low","timestamp":1.50,"employee_id":7}';
const B = '{"type":"probing","priority":"high","timestamp":2,"ip":"17.1.2.3"}';

const push = (text: string): ReadRecords => readPushed(feed, 'type', Buffer.from(text));

function incidentsOf(read: ReadRecords): readonly Incident[] {
  if (read.kind !== 'list') throw new Error(read.detail);
  return read.incidents;
}

describe('a body that is sent', () => {
  test.each([`[${A}, ${B}]`, ` [\n${A}\n,${B}] `, `${A}\n${B}`, `${A}\r\n\r\n${B}\r\n`])(
    'is read as an array and as lines: %.20s',
    (body) => {
      expect(incidentsOf(push(body))).toMatchObject([
        { type: 'misuse', stated: '7', record: A, fault: undefined },
        { type: 'probing', address: '17.1.2.3', record: B, fault: undefined },
      ]);
    },
  );

  test('is read as one object', () => {
    expect(incidentsOf(push(` ${A}\n`))).toMatchObject([{ type: 'misuse', record: A }]);
  });

  test('the same incident has the same id in whatever form it is sent', () => {
    const ids = [`[${A}]`, A, `${A}\n${B}`].map((body) => incidentsOf(push(body))[0]?.id);
    expect(new Set(ids).size).toBe(1);
  });

  test('what is of no known type is kept, with that fault', () => {
    const incidents = incidentsOf(push(`[{"priority":"low","timestamp":1},{"type":"toString"},${A}]`));
    expect(incidents.map(({ type, fault }) => [type, fault])).toEqual([
      ['unknown', 'type_unknown'],
      ['unknown', 'type_unknown'],
      ['misuse', undefined],
    ]);
  });

  test('what is no object is kept, with that fault', () => {
    expect(incidentsOf(push(`[7,${A}]`)).map(({ fault }) => fault)).toEqual(['not_an_object', undefined]);
  });

  test('equal records in one body are two', () => {
    const ids = incidentsOf(push(`[${A},${A}]`)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  test('that is no JSON is refused whole, with the line and without its words', () => {
    const read = push(`${A}\n{"secret": x}\n${B}`);
    expect(read).toMatchObject({ kind: 'refused', reason: 'not_json' });
    if (read.kind === 'refused') expect(read.detail).toMatch(/line 2\b/);
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  test.each(['', '\n\n', 'x', '[', `[${A}]x`, `[${A},]`, `${'['.repeat(100)}${']'.repeat(100)}`])(
    'that is no JSON is refused: %.20s',
    (body) => {
      expect(push(body).kind).toBe('refused');
    },
  );

  test('that is no UTF-8 is refused', () => {
    expect(readPushed(feed, 'type', Buffer.from('"\xff"', 'latin1')).kind).toBe('refused');
  });

  test('with more than 100,000 records is refused, in either form', () => {
    expect(push(`[${'1,'.repeat(100_000)}1]`)).toMatchObject({ reason: 'shape_changed' });
    expect(push('1\n'.repeat(100_001))).toMatchObject({ reason: 'shape_changed' });
  });

  test('whatever it is, it is read or refused and never thrown over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(['list', 'refused']).toContain(readPushed(feed, 'type', bytes).kind);
      }),
    );
    const text = fc
      .array(fc.constantFrom('{', '}', '[', ']', ',', '"a"', ':', '\n', '1', '"'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (body) => {
        expect(['list', 'refused']).toContain(push(body).kind);
      }),
    );
  });
});

describe('a file of lines', () => {
  test('a line that is no JSON loses no other', () => {
    const incidents = incidentsOf(readLines(feed, 'type', `\uFEFF${A}\n{"half":\n\n[1]\n${B}`));
    expect(incidents.map(({ fault }) => fault)).toEqual([
      undefined,
      'not_an_object',
      'not_an_object',
      undefined,
    ]);
    expect(incidents[1]?.record).toBe(JSON.stringify('{"half":'));
  });

  test('a line that nests too deep is one that is no JSON', () => {
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(incidentsOf(readLines(feed, 'type', `${deep}\n${A}`)).map(({ fault }) => fault)).toEqual([
      'not_an_object',
      undefined,
    ]);
  });

  test('equal records in two files of one list are two, and the same ones the next time', () => {
    const memory = new RecordMemory();
    const both = () => {
      memory.begin();
      const ids = [A, A].flatMap((file) => incidentsOf(readLines(feed, 'type', file, memory)));
      memory.end();
      return ids.map(({ id }) => id);
    };
    const first = both();
    expect(new Set(first).size).toBe(2);
    expect(both()).toEqual(first);
  });
});

test('a JSON file has the incidents of the same lines', () => {
  const lines = incidentsOf(readLines(feed, 'type', `${A}\n${B}`));
  expect(incidentsOf(readJsonFile(feed, 'type', `\uFEFF[${A},${B}]`))).toEqual(lines);
  expect(readJsonFile(feed, 'type', `[${A},`)).toMatchObject({ reason: 'not_json' });
});

test.each(['[', '[]x', '[1}', `[${A}]]`, `[${A}${B}]`, `[${A},,${B}]`, `[${A}] [${B}]`, `${A}\n${B}`])(
  'a JSON file that is none is refused: %.20s',
  (text) => {
    expect(readJsonFile(feed, 'type', text)).toMatchObject({ reason: 'not_json' });
  },
);

test('what is far too long for a record is never parsed, so that it cannot become many times its size', () => {
  const monster = `{"a":[${'{},'.repeat(400_000)}no JSON]}`;
  expect(incidentsOf(readJsonFile(feed, 'type', ` [${monster}, ${A} ] \n`))).toMatchObject([
    { fault: 'too_long' },
    { record: A },
  ]);
  expect(readJsonFile(feed, 'type', monster)).toMatchObject({ reason: 'shape_changed' });
});

test('a file with more than 250,000 records is refused', () => {
  const many = '{},'.repeat(250_000);
  expect(readJsonFile(feed, 'type', `[${many}{}]`)).toMatchObject({ reason: 'shape_changed' });
  expect(readLines(feed, 'type', many.replaceAll(',', '\n') + A)).toMatchObject({ reason: 'shape_changed' });
});

describe('a CSV file', () => {
  const csv = (text: string) => readCsv(feed, 'type', text);

  test('has the incidents that the same records have as JSON', () => {
    const text = '\uFEFFtype,priority,timestamp,employee_id\r\nmisuse,low,1.50,7\r\n';
    expect(incidentsOf(csv(text))).toEqual(incidentsOf(readLines(feed, 'type', A)));
  });

  test('only the timestamp and the id of an employee become numbers', () => {
    const text =
      'type,priority,timestamp,identifier,note\nother,low,1,17.1.2.3,5\nother,low,1,42,x\nother,low,x,042,\n';
    expect(incidentsOf(csv(text)).map(({ record }) => record)).toEqual([
      '{"type":"other","priority":"low","timestamp":1,"identifier":"17.1.2.3","note":"5"}',
      '{"type":"other","priority":"low","timestamp":1,"identifier":42,"note":"x"}',
      '{"type":"other","priority":"low","timestamp":"x","identifier":"042"}',
    ]);
  });

  test('fields in quotes hold commas, line ends and quotes', () => {
    const [incident] = incidentsOf(csv('type,note\nmisuse,"a, ""b""\r\nc"'));
    expect(incident?.record).toBe('{"type":"misuse","note":"a, \\"b\\"\\r\\nc"}');
  });

  test('a row with another number of fields is a record with a fault', () => {
    const text = 'type,priority,timestamp\nmisuse,low\nmisuse,low,1\nmisuse,low,1,2\n\n';
    expect(incidentsOf(csv(text)).map(({ fault }) => fault)).toEqual([
      'not_an_object',
      undefined,
      'not_an_object',
    ]);
  });

  test.each([
    ['a,a\n1,2', 'twice'],
    ['type\n"x', 'line 2'],
    ['type\n\n"x"y', 'line 3'],
    [`type\n${'x'.repeat(70_000)}`, 'too long'],
    [`${'a,'.repeat(2_000)}b`, 'fields'],
  ])('refuses %.12s', (text, detail) => {
    const read = csv(text);
    expect(read.kind === 'refused' && read.detail).toContain(detail);
  });

  test('whatever fields hold is what they held', () => {
    const field = fc
      .string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') })
      .filter((text) => text !== '');
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field)), (rows) => {
        const text = ['x,y', ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
        const records = incidentsOf(csv(text)).map(({ record }) => JSON.parse(record) as unknown);
        expect(records).toEqual(rows.map(([x, y]) => ({ x, y })));
      }),
    );
  });
});
