import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aVolume, aVolumeStatus, REGION } from '../checks/test-inventory.ts';
import { listDocument, type ListShape } from './list.ts';
import type { ListQuery } from './question.ts';
import { TestDesk } from './test-desk.ts';

interface Thing {
  readonly name: string;
  readonly id: string;
  readonly kind?: string | null | boolean | number | readonly string[];
}

const shape: ListShape<Thing> = {
  member: 'things',
  name: ({ name }) => name,
  id: ({ id }) => id,
  words: ({ id }) => [`other ${id}`],
  wire: (thing) => ({ ...thing }),
};

function ask(things: readonly Thing[], query?: Partial<ListQuery>) {
  const answer = listDocument(things, shape, query && { where: {}, ...query });
  if (answer.kind !== 'document') return { ...answer, rows: [], next: null, total: 0 };
  const members = new Map<string, unknown>(Object.entries(answer.document));
  const rows = members.get('things');
  const next = members.get('next_cursor');
  return {
    kind: answer.kind,
    rows: Array.isArray(rows) ? rows : [],
    next: typeof next === 'string' ? next : null,
    total: members.get('total'),
  };
}

function allPages(pages: readonly (readonly Thing[])[], limit: number): readonly Thing[] {
  const rows: Thing[] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < 200; turn++) {
    const page = ask(pages[Math.min(turn, pages.length - 1)] ?? [], {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    rows.push(...page.rows);
    if (page.next === null) return rows;
    cursor = page.next;
  }
  throw new Error('the pages have no end');
}

const text = fc.string({ unit: fc.constantFrom('a', 'B', 'é', '😀', '"', '-', '/', '\u0000'), maxLength: 4 });
const things = fc.uniqueArray(fc.record({ name: fc.constantFrom('', 'a', 'a', 'same', '😀'), id: text }), {
  selector: ({ id }) => id,
  maxLength: 40,
});

describe('paging', () => {
  test('brings everything once, in one order, also of those with one name', () => {
    fc.assert(
      fc.property(things, fc.integer({ min: 1, max: 7 }), (all, limit) => {
        const whole = ask(all).rows;
        expect(allPages([all], limit)).toEqual(whole);
        expect(ask(all.toReversed()).rows).toEqual(whole);
      }),
    );
  });

  test('leaves nothing out and repeats nothing, though others come and go in between', () => {
    fc.assert(
      fc.property(things, things, fc.integer({ min: 1, max: 5 }), (stay, go, limit) => {
        const staying = stay.map((thing) => ({ ...thing, id: `stay ${thing.id}` }));
        const going = go.map((thing) => ({ ...thing, id: `go ${thing.id}` }));
        const rows = allPages([[...staying, ...going], staying], limit);
        const ids = rows.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => id.startsWith('stay')).sort()).toEqual(staying.map(({ id }) => id).sort());
      }),
    );
  });

  test('tells how many there are on all pages, and ends with null', () => {
    const all = [
      { name: 'a', id: '1' },
      { name: 'b', id: '2' },
      { name: 'c', id: '3' },
    ];
    const first = ask(all, { limit: 2 });
    expect(first).toMatchObject({ rows: [{ id: '1' }, { id: '2' }], total: 3 });
    expect(ask(all, { limit: 2, cursor: first.next ?? '' })).toMatchObject({
      rows: [{ id: '3' }],
      total: 3,
      next: null,
    });
    expect(ask(all, { limit: 3 }).next).toBeNull();
    expect(ask([], { limit: 3 })).toMatchObject({ rows: [], total: 0, next: null });
  });

  test.each([
    '',
    '!',
    'e30',
    'WyJhIl0',
    'WzEsMl0',
    'bnVsbA',
    'A'.repeat(5_000),
    '../..',
    'WyJhIiwiYiIsImMiXQ',
  ])('a cursor that no page ended with is refused: %j', (cursor) => {
    const answer = listDocument([], shape, { where: {}, cursor });
    expect(answer).toMatchObject({ kind: 'refused', status: 400 });
  });

  test('no cursor is beyond being answered', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (cursor) => {
        expect(['document', 'refused']).toContain(listDocument([], shape, { where: {}, cursor }).kind);
      }),
    );
  });
});

describe('filters', () => {
  const all = [
    { name: 'Web', id: '1', kind: 'x' },
    { name: 'db', id: 'web-2', kind: null },
    { name: 'cache', id: '3', kind: true },
    { name: 'queue', id: '4', kind: 0 },
    { name: 'lists', id: '5', kind: ['x'] },
    { name: 'bare', id: '6' },
  ];
  const ids = (query: Partial<ListQuery>) => ask(all, query).rows.map(({ id }) => id);

  test('a text is looked for in name, id and what else is said, whatever the case', () => {
    expect(ids({ text: 'WEB' })).toEqual(['1', 'web-2']);
    expect(ids({ text: 'other 3' })).toEqual(['3']);
    expect(ids({ text: '' })).toHaveLength(6);
    expect(ids({ text: 'none of them' })).toEqual([]);
  });

  test.each([
    ['x', ['1']],
    ['null', ['web-2']],
    ['true', ['3']],
    ['0', ['4']],
    ['X', []],
    ['', []],
    ['undefined', []],
    ['[object Object]', []],
  ])('a member must be what is asked for: %j', (value, expected) => {
    expect(ids({ where: { kind: value } })).toEqual(expected);
  });

  test('only a member of its own is one', () => {
    expect(ids({ where: { constructor: 'x' } })).toEqual([]);
    expect(ids({ where: { toString: 'x' } })).toEqual([]);
  });

  test('narrow the total, and the pages with it', () => {
    const page = ask(all, { where: {}, text: 'web', limit: 1 });
    expect(page).toMatchObject({ rows: [{ id: '1' }], total: 2 });
    expect(ask(all, { text: 'web', limit: 1, cursor: page.next ?? '' }).rows).toMatchObject([
      { id: 'web-2' },
    ]);
  });
});

test('a hundred thousand volumes cost a few seconds, a page of them less', { timeout: 60_000 }, async () => {
  const volumes = Array.from({ length: 100_000 }, (_, index) =>
    aVolume({ id: `vol-${index}`, tags: { Name: `data ${index}`, team: 'storage' } }),
  );
  const volumeStatuses = volumes.map(({ id }) => aVolumeStatus({ volumeId: id }));
  const desk = new TestDesk({ regions: { [REGION]: { volumes, volumeStatuses } } });
  const took = async (list?: ListQuery): Promise<number> => {
    // What else the machine does must not count.
    const before = process.cpuUsage();
    const answer = await desk.ask({ name: 'volumes', region: REGION, ...(list && { list }) });
    expect(answer.kind).toBe('answered');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const [whole, page, filtered] = [
    await took(),
    await took({ where: {}, limit: 100 }),
    await took({ where: { encrypted: 'true' }, text: 'data 9', limit: 100 }),
  ];
  expect(whole, `${Math.round(whole)} ms for all`).toBeLessThan(10_000);
  expect(page, `${Math.round(page)} ms for a page`).toBeLessThan(5_000);
  expect(filtered, `${Math.round(filtered)} ms for a filtered page`).toBeLessThan(5_000);
});
