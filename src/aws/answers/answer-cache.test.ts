import { expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import type { FailureKind } from '../inventory/reading.ts';
import type { Principal } from '../principal.ts';
import type { Answered } from '../thread/protocol.ts';
import type { Question } from '../views/question.ts';
import { AnswerCache, type AnswerOutcome } from './answer-cache.ts';

const MINUTE_MS = 60_000;
const principal: Principal = { kind: 'configured', id: 'a', source: 'default', region: 'us-west-2' };
const clusters: Question = { name: 'clusters', region: 'us-west-2' };

interface Asked {
  readonly owner: string;
  readonly question: Question;
  readonly isForced: boolean;
  answer(text: string, readAt?: number): Promise<void>;
  fail(kind: FailureKind): Promise<void>;
  refuse(status: 400 | 404): Promise<void>;
  reject(error: Error): Promise<void>;
}

/** A cache, and every question that reached AWS, to be answered by the test. */
function start() {
  const clock = new ManualClock();
  const asked: Asked[] = [];
  const refused: string[] = [];
  const cache = new AnswerCache({
    clock,
    freshForMs: MINUTE_MS,
    staleForMs: 15 * MINUTE_MS,
    refused: (owner) => void refused.push(owner),
    ask: (_principal, owner, question, isForced) =>
      new Promise<Answered>((resolve, reject) => {
        const come = async (answered: Answered): Promise<void> => {
          resolve(answered);
          await clock.advance(0);
        };
        asked.push({
          owner,
          question,
          isForced,
          answer: (text, readAt = clock.now()) =>
            come({ kind: 'answered', body: new TextEncoder().encode(text), tag: `"of ${text}"`, readAt }),
          fail: (kind) =>
            come({
              kind: 'failed',
              failure: { kind, action: 'ecs:ListClusters', region: 'us-west-2', code: 'Some' },
            }),
          refuse: (status) => come({ kind: 'refused', status, detail: 'no' }),
          async reject(error) {
            reject(error);
            await clock.advance(0);
          },
        });
      }),
  });
  const ask = (owner = 'a', question = clusters, isForced = false): Promise<AnswerOutcome> =>
    cache.answer({ owner, principal, question, isForced });
  const last = (): Asked => {
    const one = asked.at(-1);
    if (one === undefined) throw new TypeError('nothing was asked');
    return one;
  };
  /** Asks what nobody has asked before, and has it answered. */
  const fill = async (text: string, owner = 'a'): Promise<void> => {
    const pending = ask(owner, clusters, true);
    await last().answer(text);
    await pending;
  };
  return { clock, cache, asked, refused, ask, last, fill };
}

const textOf = (outcome: AnswerOutcome): string =>
  outcome.kind === 'answered' ? outcome.answer.body.toString() : outcome.kind;

test('what is fresh is given as it is, and AWS is not asked', async () => {
  const { clock, asked, ask, fill } = start();
  await fill('1');
  await clock.advance(MINUTE_MS - 1);
  expect(textOf(await ask())).toBe('1');
  expect(asked).toHaveLength(1);
});

test('what is stale is given at once, and one new answer is on its way behind it', async () => {
  const { clock, asked, ask, last, fill } = start();
  await fill('1');
  await clock.advance(MINUTE_MS);
  expect(await Promise.all([ask(), ask(), ask()].map(async (one) => textOf(await one)))).toEqual([
    '1',
    '1',
    '1',
  ]);
  expect(asked).toHaveLength(2);
  await last().answer('2');
  expect(textOf(await ask())).toBe('2');
  expect(asked).toHaveLength(2);
});

test('what is too old is waited for', async () => {
  const { clock, asked, ask, last, fill } = start();
  await fill('1');
  await clock.advance(15 * MINUTE_MS);
  const pending = ask();
  expect(asked).toHaveLength(2);
  await last().answer('2');
  expect(textOf(await pending)).toBe('2');
});

test('all who ask the same at once wait for one answer; other questions and owners have their own', async () => {
  const { asked, ask } = start();
  const same = [ask(), ask('a', { region: 'us-west-2', name: 'clusters' }), ask()];
  const others = [ask('b'), ask('a', { name: 'buckets' }), ask('a', { ...clusters, region: 'eu-west-1' })];
  expect(asked).toHaveLength(4);
  for (const [index, one] of asked.entries()) await one.answer(String(index));
  expect(await Promise.all(same.map(async (one) => textOf(await one)))).toEqual(['0', '0', '0']);
  expect(await Promise.all(others.map(async (one) => textOf(await one)))).toEqual(['1', '2', '3']);
});

test('a forced question asks anew though there is a fresh answer, and is not answered by one asked before', async () => {
  const { asked, ask, fill } = start();
  await fill('1');
  const forced = ask('a', clusters, true);
  await asked[1]?.answer('2');
  expect(textOf(await forced)).toBe('2');
  expect(textOf(await ask())).toBe('2');
  const { asked: other, ask: askOther } = start();
  const plain = askOther();
  const both = [askOther('a', clusters, true), askOther('a', clusters, true)];
  expect(other.map(({ isForced }) => isForced)).toEqual([false, true]);
  await other[1]?.answer('new');
  expect(await Promise.all(both.map(async (one) => textOf(await one)))).toEqual(['new', 'new']);
  // What was asked first comes last: it is answered, but not kept.
  await other[0]?.answer('old');
  expect(textOf(await plain)).toBe('old');
  expect(textOf(await askOther())).toBe('new');
});

test('a failed look keeps the stale answer, and is not repeated at every question', async () => {
  for (const kind of ['throttled', 'unreachable', 'failed'] as const) {
    const { clock, asked, ask, last, fill } = start();
    await fill('1');
    await clock.advance(2 * MINUTE_MS);
    await ask();
    await last().fail(kind);
    expect(textOf(await ask()), kind).toBe('1');
    expect(asked).toHaveLength(2);
    await clock.advance(5_000);
    expect(textOf(await ask())).toBe('1');
    expect(asked).toHaveLength(3);
  }
});

test('what is denied now, or not there any more, is not shown from a time when it was', async () => {
  for (const end of ['denied', 'missing', 404] as const) {
    const { clock, asked, ask, last, fill } = start();
    await fill('1');
    await clock.advance(2 * MINUTE_MS);
    await ask();
    await (end === 404 ? last().refuse(404) : last().fail(end));
    const pending = ask();
    expect(asked, String(end)).toHaveLength(3);
    await last().fail('denied');
    expect(textOf(await pending)).toBe('failed');
  }
});

test('keys that are not taken any more end all of their owner’s answers, and nobody else’s', async () => {
  const { clock, asked, refused, ask, last, fill } = start();
  await fill('a');
  await fill('b', 'b');
  const buckets = ask('a', { name: 'buckets' });
  await last().answer('buckets');
  await buckets;
  await clock.advance(2 * MINUTE_MS);
  await ask();
  await last().fail('refused');
  expect(refused).toEqual(['a']);
  const before = asked.length;
  void ask('a', { name: 'buckets' });
  expect(asked).toHaveLength(before + 1);
  expect(textOf(await ask('b'))).toBe('b');
});

test('an answer keeps the tag that it came with: nobody goes through all of its bytes again', async () => {
  const { ask, fill } = start();
  await fill('1');
  expect(await ask()).toMatchObject({ kind: 'answered', answer: { tag: '"of 1"' } });
});

test('a failure is told and never kept', async () => {
  const { asked, ask, last } = start();
  const first = ask();
  await last().fail('throttled');
  expect(await first).toMatchObject({ kind: 'failed', failure: { kind: 'throttled' } });
  const second = ask();
  expect(asked).toHaveLength(2);
  await last().answer('2');
  expect(textOf(await second)).toBe('2');
});

test('a forced question that fails tells the failure, and leaves what was kept', async () => {
  const { ask, last, fill } = start();
  await fill('1');
  const forced = ask('a', clusters, true);
  await last().fail('throttled');
  expect((await forced).kind).toBe('failed');
  expect(textOf(await ask())).toBe('1');
});

test('who is forgotten leaves nothing behind, nor what was under way then', async () => {
  const { cache, asked, ask, last, fill } = start();
  await fill('1');
  const pending = ask('a', { name: 'buckets' });
  cache.forget('a');
  expect(cache.size).toEqual({ bytes: 0, entries: 0 });
  await last().answer('late');
  expect(textOf(await pending)).toBe('late');
  expect(cache.size).toEqual({ bytes: 0, entries: 0 });
  void ask();
  void ask('a', { name: 'buckets' });
  expect(asked).toHaveLength(4);
});

test('a thread that ends is told, also of a look behind a stale answer, which stays', async () => {
  const { clock, ask, last, fill } = start();
  const first = ask();
  const failing = expect(first).rejects.toThrow('ended');
  await last().reject(new Error('ended'));
  await failing;
  await fill('1');
  await clock.advance(2 * MINUTE_MS);
  expect(textOf(await ask())).toBe('1');
  await last().reject(new Error('ended'));
  expect(textOf(await ask())).toBe('1');
});

test('an answer made of what was read long ago is not asked for at every question', async () => {
  const { clock, asked, ask, last } = start();
  const pending = ask();
  await last().answer('old', clock.now() - 2 * MINUTE_MS);
  await pending;
  await ask();
  await last().answer('old', clock.now() - 2 * MINUTE_MS);
  await ask();
  await ask();
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('equal bytes have equal tags, and others do not', async () => {
  const tagOf = async (text: string): Promise<string> => {
    const { ask, last } = start();
    const pending = ask();
    await last().answer(text);
    const outcome = await pending;
    return outcome.kind === 'answered' ? outcome.answer.tag : '';
  };
  expect(await tagOf('{"a":1}')).toBe(await tagOf('{"a":1}'));
  expect(await tagOf('{"a":1}')).not.toBe(await tagOf('{"a":2}'));
});
