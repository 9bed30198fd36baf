import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Batch, type BatchOptions } from './batch.ts';
import type { Outcome } from './target.ts';

const delivered: Outcome = { kind: 'delivered' };

function start(options: Partial<BatchOptions<string>> = {}) {
  const clock = new ManualClock();
  const written: (readonly string[])[] = [];
  const ends: ((outcome: Outcome) => void)[] = [];
  const signals: AbortSignal[] = [];
  const batch = new Batch<string>({
    recordsMax: 4,
    bytesMax: 100,
    waitMs: 1_000,
    clock,
    write(records, signal) {
      written.push(records);
      signals.push(signal);
      return new Promise((resolve) => ends.push(resolve));
    },
    ...options,
  });
  const add = (record: string, signal = new AbortController().signal) =>
    batch.add(record, record.length, signal);
  return { clock, written, ends, signals, add };
}
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
};

describe('a batch', () => {
  it('writes together what came within its wait, and tells each once it is written', async () => {
    const { clock, written, ends, add } = start();
    const sent = [add('a'), add('b')];
    await clock.advance(999);
    expect(written).toEqual([]);
    await clock.advance(1);
    expect(written).toEqual([['a', 'b']]);
    expect(await isSettled(Promise.race(sent))).toBe(false);
    ends[0]?.(delivered);
    expect(await Promise.all(sent)).toEqual([delivered, delivered]);
  });

  it('waits for nobody when all who may come are here or being written', async () => {
    const { clock, written, add } = start();
    void add('a');
    await clock.advance(1_000);
    for (const record of ['b', 'c', 'd']) void add(record);
    expect(written).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('holds no more bytes than it may, a single large record aside', async () => {
    const { written, add } = start();
    void add('x'.repeat(60));
    void add('y'.repeat(60));
    expect(written.map((records) => records.length)).toEqual([1]);
    void add('z'.repeat(200));
    expect(written.map((records) => records.length)).toEqual([1, 1, 1]);
  });

  it('leaves out whoever gave up before the write', async () => {
    const { clock, written, ends, add } = start();
    const abort = new AbortController();
    const left = add('a', abort.signal);
    const stayed = add('b');
    abort.abort();
    expect(await left).toEqual({ kind: 'retry', reason: 'timeout' });
    await clock.advance(1_000);
    expect(written).toEqual([['b']]);
    ends[0]?.(delivered);
    expect(await stayed).toEqual(delivered);
  });

  it('goes on with a write for the others when one gives up, and ends it when nobody is left', async () => {
    const { clock, ends, signals, add } = start();
    const [one, other] = [new AbortController(), new AbortController()];
    const sent = [add('a', one.signal), add('b', other.signal)];
    await clock.advance(1_000);
    one.abort();
    expect(await sent[0]).toMatchObject({ reason: 'timeout' });
    expect(signals[0]?.aborted).toBe(false);
    other.abort();
    expect(await sent[1]).toMatchObject({ reason: 'timeout' });
    expect(signals[0]?.aborted).toBe(true);
    ends[0]?.(delivered);
  });

  it('writes nothing for whoever comes too late to wait', async () => {
    const { clock, written, add } = start();
    expect(await add('a', AbortSignal.abort())).toMatchObject({ reason: 'timeout' });
    await clock.advance(5_000);
    expect(written).toEqual([]);
  });

  it('tells a bug of the writer to all who wait', async () => {
    const { clock, add } = start({ write: () => Promise.reject(new TypeError('bug')) });
    const sent = [add('a'), add('b')].map((one) => one.catch((error: unknown) => String(error)));
    await clock.advance(1_000);
    expect(await Promise.all(sent)).toEqual(['TypeError: bug', 'TypeError: bug']);
  });
});
