import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentFixture, sampleFeed, typeOf } from '../../../tests/support/incident-lists.ts';
import type { Incident } from '../incident.ts';
import { readList } from './read-list.ts';
import { RecordMemory } from './record-memory.ts';

const feed = sampleFeed();

function read(type: string, body: string, memory?: RecordMemory): readonly Incident[] {
  const list = readList(feed, typeOf(feed, type), body, memory);
  if (list.kind !== 'list') throw new Error(list.detail);
  return list.incidents;
}

const bodyOf = (...records: readonly string[]): string => `{"results":[${records.join(',')}]}`;
const one = (type: string, record: string): Incident | undefined => read(type, bodyOf(record))[0];

describe('whom a record names', () => {
  test('an integer is an employee, and is not lost among addresses', () => {
    const incident = one('other', '{"priority":"low","timestamp":1,"identifier":727929}');
    expect(incident).toMatchObject({ stated: '727929', address: undefined, fault: undefined });
  });

  test('an address is not an employee, even when it looks like a number', () => {
    for (const text of ['17.24.153.5', '727929']) {
      const incident = one('other', `{"priority":"low","timestamp":1,"identifier":"${text}"}`);
      expect(incident).toMatchObject({ stated: undefined, address: text, fault: undefined });
    }
  });

  test('a text where an employee should be is nobody, and is looked up nowhere', () => {
    const incident = one('misuse', '{"priority":"low","timestamp":1,"employee_id":"727929"}');
    expect(incident).toMatchObject({ stated: undefined, address: undefined, fault: undefined });
  });

  test('a denial is about who reported it and never about its source address', () => {
    const incident = one(
      'denial',
      '{"priority":"low","timestamp":1,"reported_by":7,"source_ip":"17.24.153.5"}',
    );
    expect(incident).toMatchObject({ stated: '7', address: undefined, sourceAddress: '17.24.153.5' });
  });

  test.each(['-1', '1.5', '9007199254740993', '1e400', 'true', 'null', '[7]', '{"id":7}'])(
    'the employee %s is nobody',
    (value) => {
      const incident = one('misuse', `{"priority":"low","timestamp":1,"employee_id":${value}}`);
      expect(incident).toMatchObject({ stated: undefined, fault: undefined });
    },
  );

  test.each([JSON.stringify('x'.repeat(257)), '""', '"a\\u0000b"', '"\\ud800"', '7', 'null'])(
    'the address %s is none',
    (value) => {
      const incident = one('probing', `{"priority":"low","timestamp":1,"ip":${value}}`);
      expect(incident).toMatchObject({ address: undefined, stated: undefined, fault: undefined });
    },
  );
});

describe('a record that cannot be used', () => {
  test.each([
    ['7', 'not_an_object'],
    ['null', 'not_an_object'],
    ['["x"]', 'not_an_object'],
    ['{"timestamp":1}', 'priority_unknown'],
    ['{"priority":"Critical","timestamp":1}', 'priority_unknown'],
    ['{"priority":"toString","timestamp":1}', 'priority_unknown'],
    ['{"priority":"low"}', 'timestamp_invalid'],
    ['{"priority":"low","timestamp":"1"}', 'timestamp_invalid'],
    ['{"priority":"low","timestamp":-1}', 'timestamp_invalid'],
    ['{"priority":"low","timestamp":1e400}', 'timestamp_invalid'],
    ['{"priority":"low","timestamp":253402300800}', 'timestamp_invalid'],
    [`{"priority":"low","timestamp":1,"x":"${'x'.repeat(16_384)}"}`, 'too_long'],
    [`{"priority":"low","timestamp":1,"x":"${'ä'.repeat(8_192)}"}`, 'too_long'],
  ])('%.60s is listed as %s and loses no other', (record, fault) => {
    const good = '{"priority":"low","timestamp":1,"employee_id":1}';
    const incidents = read('misuse', bodyOf(good, record, good));
    expect(incidents.map((incident) => incident.fault)).toEqual([undefined, fault, undefined]);
    expect(incidents[1]?.stated).toBeUndefined();
  });

  test('of one that is too long only the beginning is kept', () => {
    const record = one('misuse', `{"x":"${'x'.repeat(1_000_000)}"}`)?.record ?? '';
    expect(record.startsWith('{"x":"xxx')).toBe(true);
    expect(record.length).toBeLessThanOrEqual(16_384);
  });

  test('what is beyond all bounds is listed without being parsed, and as nothing a store cannot hold', () => {
    const record = `{"x":\0${'[],'.repeat(1_000_000)}7}`;
    const incidents = read('misuse', bodyOf(record, '{"priority":"low","timestamp":1}'));
    expect(incidents.map(({ fault }) => fault)).toEqual(['too_long', undefined]);
    expect(incidents[0]?.record).not.toMatch(/\p{Cc}/u);
  });

  test('the last moment of the year 9999 is a time', () => {
    expect(one('misuse', '{"priority":"low","timestamp":253402300799}')?.fault).toBeUndefined();
  });
});

describe('the text of a record', () => {
  test('keeps numbers as they came and loses only blanks outside strings', () => {
    const incident = one(
      'misuse',
      '{ "priority" : "low",\r\n"timestamp": 1629254311.50,\t"n":[ 12345678901234567890 , -0.0, 1E2 ], "s": "a  b\\" c" }',
    );
    expect(incident?.record).toBe(
      '{"priority":"low","timestamp":1629254311.50,"n":[12345678901234567890,-0.0,1E2],"s":"a  b\\" c"}',
    );
  });

  test('has no key that could change a prototype, however it is spelled and however deep', () => {
    const incident = one(
      'misuse',
      '{"priority":"low","timestamp":1.50,"__proto__":{"x":1},"\\u005f_proto__":2,"a":[{"constructor":{"y":[1]},"b":2.0}]}',
    );
    expect(incident?.record).toBe('{"priority":"low","timestamp":1.50,"a":[{"b":2.0}]}');
  });

  test('`critical` stays `critical`', () => {
    expect(one('misuse', '{"priority":"critical","timestamp":1}')?.priority).toBe('critical');
  });
});

describe('ids', () => {
  const a = '{"priority":"low","timestamp":5,"employee_id":1}';

  test('two wholly equal records are two incidents', () => {
    const ids = read('misuse', bodyOf(a, a, a)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  test('two records with one timestamp do not collapse', () => {
    const b = '{"priority":"low","timestamp":5,"employee_id":2}';
    const ids = read('misuse', bodyOf(a, b)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  test('numbers that a double does not tell apart are told apart', () => {
    const ids = ['9007199254740993', '9007199254740992'].map(
      (number) => one('misuse', `{"priority":"low","timestamp":5,"n":${number}}`)?.id,
    );
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('the same record of another type or feed is another incident', () => {
    const others = readList({ ...feed, id: 'other' }, typeOf(feed, 'misuse'), bodyOf(a));
    const ids = [
      one('misuse', a)?.id,
      one('unauthorized', a)?.id,
      others.kind === 'list' && others.incidents[0]?.id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  test('neither the order of members nor the reading before decides', () => {
    const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 8 }),
        fc.array(record, { maxLength: 4 }),
        (records, others) => {
          const turned = records.map((one) => Object.fromEntries(Object.entries(one).toReversed()));
          const memory = new RecordMemory();
          read('misuse', JSON.stringify({ results: others }), memory);
          const ids = read('misuse', JSON.stringify({ results: records })).map(({ id }) => id);
          expect(read('misuse', JSON.stringify({ results: turned }), memory).map(({ id }) => id)).toEqual(
            ids,
          );
          expect(new Set(ids).size).toBe(records.length);
        },
      ),
    );
  });
});

describe('a body that is no list', () => {
  test.each([
    '',
    'x',
    '<html></html>',
    '{"results":[1,]}',
    '{"results":[{]}]}',
    '{"results":[1]}x',
    '{"results":[1}',
  ])('refuses %s as no JSON', (body) => {
    expect(readList(feed, typeOf(feed, 'misuse'), body)).toMatchObject({
      kind: 'refused',
      reason: 'not_json',
    });
  });

  test.each([
    '[]',
    '7',
    '{}',
    '{"results":{}}',
    '{"results":null}',
    '{"results":[],"results":7}',
    '{"a":{"results":[]}}',
  ])('refuses %s as another shape', (body) => {
    expect(readList(feed, typeOf(feed, 'misuse'), body)).toMatchObject({
      kind: 'refused',
      reason: 'shape_changed',
    });
  });

  test.each([
    `{"results":${'['.repeat(40)}${']'.repeat(40)}}`,
    `{"other":${'['.repeat(100_000)}${']'.repeat(100_000)},"results":[]}`,
  ])('refuses what nests too deep before it is parsed', (body) => {
    expect(readList(feed, typeOf(feed, 'misuse'), body)).toMatchObject({ reason: 'shape_changed' });
  });

  test.each(['{"more":[#],"results":[]}', '{"more":[#]}', '[#]'])(
    'refuses %s with a megabyte beside the list before it is parsed',
    (body) => {
      const text = body.replace('#', `${'[],'.repeat(500_000)}[]`);
      expect(readList(feed, typeOf(feed, 'misuse'), text)).toMatchObject({ reason: 'shape_changed' });
    },
  );

  test('refuses more than 100,000 records: all lists are held at once', () => {
    const list = (count: number) => `{"results":[${'{},'.repeat(count - 1)}{}]}`;
    expect(readList(feed, typeOf(feed, 'misuse'), list(100_000)).kind).toBe('list');
    expect(readList(feed, typeOf(feed, 'misuse'), list(100_001))).toMatchObject({
      reason: 'shape_changed',
      detail: 'the list holds more than 100,000 records',
    });
  });

  test('an empty list is a list', () => {
    expect(read('misuse', ' { "next" : null , "results" : [ ] } ')).toEqual([]);
  });

  test('is taken exactly when JSON.parse takes it', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"results"', '"a"', '1', ' ', '"\\"', 'null');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map((all) => all.join('')),
        (tail) => {
          for (const body of [`{"results":[${tail}`, `{"results":[${tail}]}`, `{${tail}}`, tail]) {
            expect(readList(feed, typeOf(feed, 'misuse'), body).kind).toBe(expectedKind(body));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function expectedKind(body: string): 'list' | 'refused' {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('results' in value)) return 'refused';
    return !Array.isArray(value) && Array.isArray(value.results) ? 'list' : 'refused';
  } catch {
    return 'refused';
  }
}

describe('reading again', () => {
  test('an equal list parses no record again and gives the same objects', () => {
    const memory = new RecordMemory();
    const body = incidentFixture('denial');
    const first = read('denial', body, memory);
    const { made } = memory;
    const second = read('denial', body, memory);
    expect(memory.made).toBe(made);
    expect(second.every((incident, at) => incident === first[at])).toBe(true);
  });

  test('the work is what is new', () => {
    const memory = new RecordMemory();
    const records = Array.from({ length: 1_000 }, (_, at) => `{"priority":"low","timestamp":${at}}`);
    read('misuse', bodyOf(...records), memory);
    const { made } = memory;
    read('misuse', bodyOf(...records.slice(3), '{"priority":"low","timestamp":5000}'), memory);
    expect(memory.made - made).toBe(1);
  });

  test('equal records stay told apart, however many there are from time to time', () => {
    const memory = new RecordMemory();
    const spelled = ['{"priority":"low","timestamp":1}', '{"timestamp":1.0,"priority":"low"}'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...spelled), { maxLength: 6 }), (records) => {
        const ids = read('misuse', bodyOf(...records), memory).map(({ id }) => id);
        expect(ids).toEqual(read('misuse', bodyOf(...records)).map(({ id }) => id));
      }),
    );
  });

  test('what is not listed any more is not kept', () => {
    const memory = new RecordMemory();
    for (let round = 0; round < 50; round++) {
      const records = Array.from({ length: 20 }, (_, at) => `{"priority":"low","timestamp":${round + at}}`);
      const spelledAnew = `{${' '.repeat(round)}"priority":"low","timestamp":100000}`;
      read('misuse', bodyOf(...records, spelledAnew, ...(round % 2 ? records : [])), memory);
      expect(memory.size).toBeLessThanOrEqual(42);
    }
  });

  test('a list that was refused half-way leaves nothing behind', () => {
    const memory = new RecordMemory();
    const good = '{"priority":"low","timestamp":1}';
    const ids = read('misuse', bodyOf(good, good), memory).map(({ id }) => id);
    expect(readList(feed, typeOf(feed, 'misuse'), bodyOf(good, '{x}'), memory).kind).toBe('refused');
    expect(read('misuse', bodyOf(good, good), memory).map(({ id }) => id)).toEqual(ids);
  });
});
