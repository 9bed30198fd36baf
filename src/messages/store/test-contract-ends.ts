import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../storage/store.ts';
import { factsOf } from '../message.ts';
import { type Current, HASH, maker, message, MINUTE, OTHER_HASH, ROOMY } from './test-place.ts';

export function endContract(current: Current): void {
  test('from its end on it is as if it had never been, though nobody has swept', async () => {
    const { clock } = current();
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const one = message(current(), { deleteHash: HASH });
    const counted = message(current(), { readsMax: 2 });
    for (const each of [one, counted]) await store.put(each);
    await clock.advance(MINUTE - 1);
    expect(await store.read(one.id)).toBe('the text');
    await clock.advance(1);
    for (const each of [store, other]) {
      expect(await each.find(one.id)).toBeUndefined();
      expect(await each.read(one.id)).toBeUndefined();
      expect(await each.claim(counted.id, undefined)).toEqual({ kind: 'absent' });
      expect(await each.claim(counted.id, HASH)).toEqual({ kind: 'absent' });
      expect(await each.remove(one.id, HASH)).toBe('absent');
      expect(await each.remove(one.id, 'operator')).toBe('absent');
    }
  });

  test('a sweep deletes what is past its end, no more than it is told to, and nothing else', async () => {
    const { clock } = current();
    const store = current().open(ROOMY);
    const stays = message(current(), { expiresAt: clock.now() + 10 * MINUTE });
    await store.put(stays);
    for (let n = 0; n < 5; n++) await store.put(message(current(), { content: 'x'.repeat(10) }));
    expect(await store.sweep(100)).toBe(0);
    await clock.advance(MINUTE);
    expect(await store.usage()).toEqual({ messages: 6, bytes: 58 });
    expect(await store.sweep(2)).toBe(2);
    expect(await store.sweep(100)).toBe(3);
    expect(await store.sweep(100)).toBe(0);
    expect(await store.usage()).toEqual({ messages: 1, bytes: 8 });
    expect(await store.read(stays.id)).toBe('the text');
  });

  test('it is removed by the hash of its deletion, or by an operator, and by nobody else', async () => {
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const [own, bare] = [message(current(), { deleteHash: HASH }), message(current())];
    for (const each of [own, bare]) await store.put(each);
    for (const wrong of [OTHER_HASH, '', 'null', 'undefined', HASH.toUpperCase()]) {
      expect(await store.remove(own.id, wrong)).toBe('refused');
      expect(await store.remove(bare.id, wrong)).toBe('refused');
    }
    const removed = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).remove(own.id, HASH)),
    );
    expect(removed.filter((answer) => answer === 'removed')).toHaveLength(1);
    expect(removed.filter((answer) => answer === 'absent')).toHaveLength(9);
    expect(await store.remove(bare.id, 'operator')).toBe('removed');
    expect(await store.read(bare.id)).toBeUndefined();
    expect(await current().open(ROOMY).usage()).toEqual({ messages: 0, bytes: 0 });
  });
}

export function capContract(current: Current): void {
  test('what would go beyond a cap is refused by its name, also of many at once', async () => {
    const few = current().open({ messagesMax: 5, bytesMax: 1_000 });
    const puts = await Promise.all(
      Array.from({ length: 20 }, () => few.put(message(current(), { content: 'x'.repeat(10) }))),
    );
    expect(puts.filter(({ kind }) => kind === 'kept')).toHaveLength(5);
    expect(puts.filter(({ kind }) => kind === 'full')).toEqual(
      Array.from({ length: 15 }, () => ({ kind: 'full', limit: 'messagesMax' })),
    );
  });

  test('bytes are those of UTF-8, to the last one', async () => {
    const store = current().open({ messagesMax: 100, bytesMax: 10 });
    expect(await store.put(message(current(), { content: '🚀🚀' }))).toEqual({ kind: 'kept' });
    expect(await store.put(message(current(), { content: 'abc' }))).toEqual({
      kind: 'full',
      limit: 'bytesMax',
    });
    expect(await store.put(message(current(), { content: 'ab' }))).toEqual({ kind: 'kept' });
    expect(await store.usage()).toEqual({ messages: 2, bytes: 10 });
  });

  test('one that is known is known, also where there is no room', async () => {
    const store = current().open({ messagesMax: 1, bytesMax: 100 });
    const one = message(current());
    await store.put(one);
    expect(await store.put(one)).toEqual({ kind: 'known' });
  });

  test('there is room again after a removal, a last read and an end', async () => {
    const { clock } = current();
    const store = current().open({ messagesMax: 3, bytesMax: 100 });
    const all = [
      message(current(), { deleteHash: HASH }),
      message(current(), { readsMax: 1 }),
      message(current(), { maker }),
    ];
    for (const each of all) await store.put(each);
    const put = () => store.put(message(current(), { expiresAt: clock.now() + 10 * MINUTE }));
    expect((await put()).kind).toBe('full');
    await store.remove(all[0]?.id ?? '', HASH);
    expect((await put()).kind).toBe('kept');
    expect((await put()).kind).toBe('full');
    await store.claim(all[1]?.id ?? '', undefined);
    expect((await put()).kind).toBe('kept');
    expect((await put()).kind).toBe('full');
    await clock.advance(MINUTE);
    expect((await put()).kind).toBe('kept');
    expect((await put()).kind).toBe('full');
    expect(current().receipts.told('expired', all[2]?.id ?? '')).toHaveLength(1);
  });
}

export function receiptContract(current: Current): void {
  test('each that becomes of a message with a maker is told once, as it was then', async () => {
    const { clock, receipts } = current();
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const one = message(current(), { kind: 'sealed', readsMax: 2, claimHash: HASH, maker });
    const shared = message(current(), { kind: 'sealed', claimHash: HASH, maker });
    for (const each of [one, shared]) await store.put(each);
    await store.put(one);
    await other.claim(one.id, OTHER_HASH);
    await store.find(one.id);
    await store.claim(one.id, HASH);
    await other.claim(one.id, HASH);
    await store.claim(shared.id, HASH);
    await clock.advance(MINUTE);
    while ((await store.sweep(10)) > 0);
    const told = (id: string) => receipts.of(id).map(({ kind, facts }) => [kind, facts.readsLeft]);
    expect(told(one.id)).toEqual([
      ['created', 2],
      ['read', 1],
      ['burned', 0],
    ]);
    expect(told(shared.id)).toEqual([
      ['created', undefined],
      ['read', undefined],
      ['expired', undefined],
    ]);
    const facts = factsOf(one);
    expect(receipts.of(one.id).map((receipt) => receipt.facts)).toEqual([
      facts,
      { ...facts, readsLeft: 1 },
      { ...facts, readsLeft: 0 },
    ]);
    expect(receipts.open).toBe(0);
  });

  test('an end is told once, over two processes that sweep at once', async () => {
    const { clock, receipts } = current();
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const ids: string[] = [];
    for (let n = 0; n < 40; n++) {
      const each = message(current(), { maker, readsMax: 5 });
      ids.push(each.id);
      await store.put(each);
    }
    await clock.advance(MINUTE);
    const swept = await Promise.all([store.sweep(100), other.sweep(100), store.sweep(100), other.sweep(100)]);
    expect(swept.reduce((sum, count) => sum + count, 0)).toBe(40);
    const told = receipts.all.filter(({ kind }) => kind === 'expired').map(({ facts }) => facts.id);
    expect(told.sort()).toEqual(ids.sort());
    expect(receipts.all.at(-1)?.facts).toMatchObject({ maker, readsMax: 5, readsLeft: 5 });
    expect(receipts.open).toBe(0);
  });

  test('nothing is told of a message without a maker', async () => {
    const { clock, receipts } = current();
    const store = current().open(ROOMY);
    for (const readsMax of [1, 2, 2]) {
      const each = message(current(), { readsMax });
      await store.put(each);
      await store.claim(each.id, undefined);
    }
    await clock.advance(MINUTE);
    await store.sweep(10);
    expect(receipts.all.filter(({ facts }) => facts.maker !== undefined)).toEqual([]);
    expect(receipts.prepared).toBe(0);
  });
}

export function failureContract(current: Current): void {
  test('while it is away everything is refused, and afterwards nothing has changed', async () => {
    const { outage, receipts } = current();
    if (outage === undefined) return;
    const store = current().open(ROOMY);
    const one = message(current(), { readsMax: 2, deleteHash: HASH, maker });
    await store.put(one);
    const before = await store.usage();
    const toldBefore = receipts.all.length;
    await outage.begin();
    try {
      const asked = [
        () => store.put(message(current(), { maker })),
        () => store.claim(one.id, undefined),
        () => store.remove(one.id, HASH),
        () => store.remove(one.id, 'operator'),
      ];
      for (const ask of asked) await expect(ask()).rejects.toBeInstanceOf(StoreUnavailable);
    } finally {
      await outage.end();
    }
    expect(await store.find(one.id)).toMatchObject({ readsLeft: 2 });
    expect(await store.usage()).toEqual(before);
    expect(receipts.all).toHaveLength(toldBefore);
    expect(receipts.open).toBe(0);
    expect((await store.claim(one.id, undefined)).kind).toBe('released');
  });
}
