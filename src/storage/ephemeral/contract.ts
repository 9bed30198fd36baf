import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KEY_CHARS_MAX, type Ephemeral, VALUE_CHARS_MAX } from './port.ts';

/** Short-lived values to be tested, with a way to let time pass. */
export interface Subject {
  readonly values: Ephemeral;
  /** Another process's hand on the same values; undefined where there is none. */
  readonly other: Ephemeral | undefined;
  /** Lets so many ms pass, on the clock that the values go by. */
  pass(ms: number): Promise<void>;
  dispose(): Promise<void>;
}

const SHORT_MS = 400;
const LONG_MS = 60_000;

/** What every place for short-lived values promises to who uses it. */
export function ephemeralContract(name: string, open: () => Promise<Subject>): void {
  describe(`short-lived values in ${name}`, () => {
    let subject: Subject;
    let key: string;
    let runs = 0;
    beforeAll(async () => {
      subject = await open();
    });
    beforeEach(() => {
      key = `contract/${process.pid}/${++runs}`;
    });
    afterAll(async () => {
      await subject.values.close();
      await subject.dispose();
    });

    test('a value is there until its end, and another takes its place', async () => {
      const { values } = subject;
      expect(await values.get(key)).toBeUndefined();
      await values.put(key, 'first', LONG_MS);
      await values.put(key, 'ünï "\'\n🚀', SHORT_MS);
      expect(await values.get(key)).toBe('ünï "\'\n🚀');
      await subject.pass(SHORT_MS + 50);
      expect(await values.get(key)).toBeUndefined();
      expect(await values.take(key)).toBeUndefined();
    });

    test('a claim has one winner, and after its end the next', async () => {
      const { values, other = values } = subject;
      const asked = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? values : other).claim(key, `${n}`, SHORT_MS),
      );
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
      const winner = await values.get(key);
      expect(winner).toBeDefined();
      expect(await other.claim(key, 'late', LONG_MS)).toBe(false);
      expect(await values.get(key)).toBe(winner);
      await subject.pass(SHORT_MS + 50);
      expect(await other.claim(key, 'next', LONG_MS)).toBe(true);
      expect(await values.get(key)).toBe('next');
    });

    test('what is taken is gone, and exactly one gets it', async () => {
      const { values, other = values } = subject;
      await values.put(key, 'once', LONG_MS);
      const asked = Array.from({ length: 20 }, (_, n) => (n % 2 ? values : other).take(key));
      expect((await Promise.all(asked)).filter((value) => value !== undefined)).toEqual(['once']);
      expect(await values.get(key)).toBeUndefined();
    });

    test('a counter loses no addition, and every sum is given out once', async () => {
      const { values, other = values } = subject;
      const asked = Array.from({ length: 50 }, (_, n) => (n % 2 ? values : other).increment(key, 3, LONG_MS));
      const sums = (await Promise.all(asked)).sort((a, b) => a - b);
      expect(sums).toEqual(Array.from({ length: 50 }, (_, n) => 3 * (n + 1)));
    });

    test("a counter's time runs from its first addition; then it begins anew", async () => {
      const { values } = subject;
      expect(await values.increment(key, 1, SHORT_MS)).toBe(1);
      await subject.pass(SHORT_MS - 150);
      expect(await values.increment(key, 1, LONG_MS)).toBe(2);
      await subject.pass(200);
      expect(await values.increment(key, 5, LONG_MS)).toBe(5);
    });

    test('what is past its end is swept away, and nothing else', async () => {
      const { values } = subject;
      await values.put(key, 'stays', LONG_MS);
      for (let n = 0; n < 5; n++) await values.put(`${key}/${n}`, 'goes', SHORT_MS);
      await subject.pass(SHORT_MS + 50);
      while ((await values.sweep(2)) > 0);
      expect(await values.get(key)).toBe('stays');
      expect(await values.sweep(100)).toBe(0);
    });

    test.each([
      ['no key', '', 'v', 1],
      ['a long key', 'k'.repeat(KEY_CHARS_MAX + 1), 'v', 1],
      ['a long value', 'k', 'v'.repeat(VALUE_CHARS_MAX + 1), 1],
      ['no end', 'k', 'v', 0],
      ['half a millisecond', 'k', 'v', 0.5],
    ])('%s is refused as a fault of the program', async (_name, badKey, value, ttlMs) => {
      const { values } = subject;
      await expect((async () => values.put(badKey, value, ttlMs))()).rejects.toBeInstanceOf(TypeError);
      await expect((async () => values.claim(badKey, value, ttlMs))()).rejects.toBeInstanceOf(TypeError);
    });
  });
}
