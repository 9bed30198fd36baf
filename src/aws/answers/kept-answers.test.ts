import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeptAnswers, type ReadyAnswer } from './kept-answers.ts';

const OVERHEAD = 512;
const answer = (bytes: number): ReadyAnswer => ({ body: Buffer.alloc(bytes), tag: '"t"', readAt: 0 });
const bounds = { bytesMax: 10_000, entriesMax: 10, ownerBytesMax: 5_000, ownerEntriesMax: 4 };

test('each owner has its own, and forgetting one leaves the others', () => {
  const kept = new KeptAnswers(bounds);
  const [a, b] = [answer(1), answer(2)];
  kept.put('a', 'question', a);
  kept.put('b', 'question', b);
  expect([kept.get('a', 'question'), kept.get('b', 'question')]).toEqual([a, b]);
  kept.forget('a');
  expect([kept.get('a', 'question'), kept.get('b', 'question')]).toEqual([undefined, b]);
  expect(kept.size).toEqual({ bytes: 2 + OVERHEAD, entries: 1 });
});

test('what was used longest ago makes room, of the same owner first', () => {
  const kept = new KeptAnswers(bounds);
  kept.put('other', 'old', answer(10));
  for (const key of ['1', '2', '3', '4']) kept.put('a', key, answer(10));
  kept.get('a', '1');
  kept.put('a', '5', answer(10));
  expect(['1', '2', '3', '4', '5'].filter((key) => kept.get('a', key) !== undefined)).toEqual([
    '1',
    '3',
    '4',
    '5',
  ]);
  expect(kept.get('other', 'old')).toBeDefined();
});

test('one owner cannot push out what the others have but for its share', () => {
  const kept = new KeptAnswers({ ...bounds, entriesMax: 1_000, ownerEntriesMax: 1_000 });
  kept.put('quiet', 'one', answer(1_000));
  for (let n = 0; n < 100; n++) kept.put('greedy', String(n), answer(1_000));
  expect(kept.get('quiet', 'one')).toBeDefined();
  expect(kept.size.bytes).toBeLessThanOrEqual(5_000 + 1_512);
});

test('what is more than an owner may have is not kept, and drops what it was to replace', () => {
  const kept = new KeptAnswers(bounds);
  kept.put('a', 'question', answer(10));
  kept.put('a', 'question', answer(5_000));
  expect(kept.get('a', 'question')).toBeUndefined();
  expect(kept.size).toEqual({ bytes: 0, entries: 0 });
});

test('never holds more than its bounds, and counts what it holds, whatever is done', () => {
  const owner = fc.constantFrom('a', 'b', 'c');
  const key = fc.constantFrom('1', '2', '3', '4', '5', '6');
  const step = fc.oneof(
    fc.record({ what: fc.constant('put'), owner, key, bytes: fc.nat(6_000) }),
    fc.record({ what: fc.constantFrom('get', 'drop', 'forget'), owner, key, bytes: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const kept = new KeptAnswers(bounds);
      for (const { what, owner: who, key: which, bytes } of steps) {
        if (what === 'put') kept.put(who, which, answer(bytes));
        else if (what === 'get') kept.get(who, which);
        else if (what === 'drop') kept.drop(who, which);
        else kept.forget(who);
      }
      const found = ['a', 'b', 'c'].map((who) =>
        ['1', '2', '3', '4', '5', '6'].flatMap((which) => kept.get(who, which) ?? []),
      );
      const sizes = found.map((own) => own.reduce((sum, { body }) => sum + body.byteLength + OVERHEAD, 0));
      for (const [index, own] of found.entries()) {
        expect(own.length).toBeLessThanOrEqual(bounds.ownerEntriesMax);
        expect(sizes[index]).toBeLessThanOrEqual(bounds.ownerBytesMax);
      }
      expect(kept.size).toEqual({
        bytes: sizes.reduce((sum, size) => sum + size, 0),
        entries: found.flat().length,
      });
      expect(kept.size.bytes).toBeLessThanOrEqual(bounds.bytesMax);
      expect(kept.size.entries).toBeLessThanOrEqual(bounds.entriesMax);
    }),
  );
});
