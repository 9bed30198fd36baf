import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ends } from './ends.ts';

test('ids come out in the order of their ends, without those that were taken back, whatever was done in between', () => {
  const step = fc.record({ id: fc.integer({ min: 0, max: 30 }), at: fc.integer({ min: 0, max: 100 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ends = new Ends();
      const model = new Map<string, number>();
      for (const { id, at } of steps) {
        const name = `id ${id}`;
        if (model.has(name)) {
          ends.takeBack(name);
          model.delete(name);
        } else {
          ends.add(name, at);
          model.set(name, at);
        }
      }
      for (let now = 0; now <= 100; now++) {
        for (let id = ends.ended(now); id !== undefined; id = ends.ended(now)) {
          expect(model.get(id)).toBeLessThanOrEqual(now);
          expect(Math.min(...model.values())).toBe(model.get(id));
          ends.takeBack(id);
          model.delete(id);
        }
        expect([...model.values()].every((at) => at > now)).toBe(true);
      }
    }),
  );
});

test('a hundred thousand that come and go, far from their ends, leave those that stay in order', () => {
  const ends = new Ends();
  ends.add('stays', 5);
  for (let n = 0; n < 100_000; n++) {
    ends.add(`id ${n}`, 1_000_000 - n);
    ends.takeBack(`id ${n}`);
  }
  ends.add('stays too', 4);
  expect(ends.ended(5)).toBe('stays too');
  ends.takeBack('stays too');
  expect(ends.ended(5)).toBe('stays');
});
