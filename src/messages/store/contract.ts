import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { factsOf } from '../message.ts';
import { capContract, endContract, failureContract, receiptContract } from './test-contract-ends.ts';
import type { Claimed } from './port.ts';
import { type Current, HASH, maker, message, MINUTE, OTHER_HASH, type Place, ROOMY } from './test-place.ts';

/** What every place for messages promises to who uses it. */
export function messagesContract(name: string, openPlace: () => Promise<Place>): void {
  describe(`messages in ${name}`, () => {
    let place: Place | undefined;
    const current = (): Place => {
      if (place === undefined) throw new TypeError('open inside tests only');
      return place;
    };
    beforeAll(async () => {
      place = await openPlace();
    });
    beforeEach(async () => {
      await place?.empty();
      place?.receipts.forget();
    });
    afterAll(() => place?.dispose());
    describe('put', () => putContract(current));
    describe('reads', () => readContract(current));
    describe('claims', () => claimContract(current));
    describe('ends', () => endContract(current));
    describe('caps', () => capContract(current));
    describe('receipts', () => receiptContract(current));
    describe('failures', () => failureContract(current));
  });
}

function putContract(current: Current): void {
  test('what is known of a message comes back as it was, and nothing of its content with it', async () => {
    const store = current().open(ROOMY);
    const all = [
      message(current()),
      message(current(), { kind: 'sealed', readsMax: 7, claimHash: HASH, deleteHash: OTHER_HASH, maker }),
    ];
    for (const each of all) expect(await store.put(each)).toEqual({ kind: 'kept' });
    for (const each of all) expect(await store.find(each.id)).toEqual(factsOf(each));
    expect(await store.find(randomUUID())).toBeUndefined();
  });

  test('one whose id is there is left as it is, also of many at once', async () => {
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const first = message(current());
    const puts = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).put({ ...first, content: `text ${n}` })),
    );
    expect(puts.filter(({ kind }) => kind === 'kept')).toHaveLength(1);
    expect(puts.filter(({ kind }) => kind === 'known')).toHaveLength(19);
    const kept = await store.read(first.id);
    expect(kept).toBe(`text ${puts.findIndex(({ kind }) => kind === 'kept')}`);
    expect(await other.put(message(current(), { id: first.id, content: 'late' }))).toEqual({ kind: 'known' });
    expect(await store.read(first.id)).toBe(kept);
    expect((await current().open(ROOMY).usage()).messages).toBe(1);
  });

  test('an id whose message has expired is free, and the old one is gone for good', async () => {
    const { clock } = current();
    const store = current().open(ROOMY);
    const old = message(current(), { content: 'old', maker });
    await store.put(old);
    await clock.advance(MINUTE);
    expect(await store.put(message(current(), { id: old.id, content: 'new' }))).toEqual({ kind: 'kept' });
    expect(await store.read(old.id)).toBe('new');
    expect(await store.usage()).toEqual({ messages: 1, bytes: 3 });
    await clock.advance(MINUTE);
    expect(await store.sweep(10)).toBe(1);
    expect(await store.usage()).toEqual({ messages: 0, bytes: 0 });
    expect(current().receipts.told('expired', old.id)).toHaveLength(1);
  });

  test.each([
    ['nothing', ''],
    ['NUL', 'a\0b\0'],
    ['every kind of line', ' \r\n\t\u2028\u2029 '],
    ['what is special on some way', `'";--\\{a,"b"}%_ $1 ?1 KEYS[1] \uFEFF`],
    ['characters of every length', 'é ü ß 漢字 🚀 \u{10FFFF}'],
    ['a mebibyte', '🚀'.repeat(262_144)],
    ['one byte less than pages', 'x'.repeat(4_091)],
  ])('a content of %s comes back as it was', async (_name, content) => {
    const store = current().open(ROOMY);
    const [shared, counted] = [message(current(), { content }), message(current(), { content, readsMax: 1 })];
    await store.put(shared);
    await store.put(counted);
    expect((await store.read(shared.id)) === content).toBe(true);
    const claimed = await store.claim(counted.id, undefined);
    expect(claimed.kind === 'released' && claimed.content === content).toBe(true);
  });

  test('half a character, which UTF-8 cannot hold, becomes U+FFFD and cuts nothing off', async () => {
    const store = current().open(ROOMY);
    const cut = message(current(), { content: 'a\uD800b\uDC00c' });
    await store.put(cut);
    expect(await store.read(cut.id)).toBe('a\uFFFDb\uFFFDc');
  });
}

function readContract(current: Current): void {
  test('looking and reading change nothing, however often', async () => {
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const shared = message(current());
    const counted = message(current(), { readsMax: 1 });
    for (const each of [shared, counted]) await store.put(each);
    for (let n = 0; n < 5; n++) {
      for (const each of [store, other]) {
        expect(await each.read(shared.id)).toBe('the text');
        expect(await each.read(counted.id)).toBeUndefined();
        expect(await each.find(counted.id)).toMatchObject({ readsLeft: 1 });
      }
    }
    expect((await store.claim(counted.id, undefined)).kind).toBe('released');
  });

  test('only a plain message that is not counted is read without a claim', async () => {
    const store = current().open(ROOMY);
    for (const over of [
      { kind: 'sealed', claimHash: HASH },
      { kind: 'sealed', readsMax: 2, claimHash: HASH },
      { readsMax: 2 },
    ] as const) {
      const each = message(current(), over);
      await store.put(each);
      expect(await store.read(each.id)).toBeUndefined();
    }
    expect(await store.read(randomUUID())).toBeUndefined();
  });
}

const released = (claims: readonly Claimed[]) => claims.filter(({ kind }) => kind === 'released');

function claimContract(current: Current): void {
  test('the last check is asked of a right claim alone; what it throws leaves the message as it was', async () => {
    const store = current().open(ROOMY);
    const one = message(current(), { readsMax: 1, claimHash: HASH, maker });
    await store.put(one);
    const lastCheck = (): never => {
      throw new TypeError('hung up');
    };
    expect((await store.claim(one.id, OTHER_HASH, lastCheck)).kind).toBe('refused');
    await expect(store.claim(one.id, HASH, lastCheck)).rejects.toThrow('hung up');
    expect(await store.find(one.id)).toMatchObject({ readsLeft: 1 });
    expect((await store.claim(one.id, HASH, () => {})).kind).toBe('released');
  });

  test.each([1, 2, 7])(
    'of 64 at once over two processes as many get it as %i reads are left, and no one after',
    async (readsMax) => {
      const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
      const one = message(current(), { readsMax, claimHash: HASH, maker });
      await store.put(one);
      const claims = await Promise.all(
        Array.from({ length: 64 }, (_, n) => (n % 2 ? store : other).claim(one.id, HASH)),
      );
      const left = released(claims).map((claimed) => claimed.kind === 'released' && claimed.facts.readsLeft);
      expect(left.sort()).toEqual(Array.from({ length: readsMax }, (_, n) => n));
      expect(claims.filter(({ kind }) => kind === 'absent')).toHaveLength(64 - readsMax);
      expect(await store.find(one.id)).toBeUndefined();
      expect(await other.claim(one.id, HASH)).toEqual({ kind: 'absent' });
      expect(await current().open(ROOMY).usage()).toEqual({ messages: 0, bytes: 0 });
      expect(current().receipts.told('burned', one.id)).toHaveLength(1);
      expect(current().receipts.told('read', one.id)).toHaveLength(readsMax - 1);
    },
  );

  test('a wrong hash changes nothing, whatever is brought, and keeps nobody from the right one', async () => {
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const one = message(current(), { kind: 'sealed', readsMax: 1, claimHash: HASH, maker });
    await store.put(one);
    const before = await store.find(one.id);
    const wrong = [
      OTHER_HASH,
      undefined,
      '',
      HASH.toUpperCase(),
      `${HASH}a`,
      HASH.slice(1),
      `' OR 1=1 --`,
      'a\0',
    ];
    for (const hash of wrong) {
      expect(await store.claim(one.id, hash)).toEqual({ kind: 'refused', facts: before });
    }
    const claims = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        (n % 2 ? store : other).claim(one.id, n === 15 ? HASH : OTHER_HASH),
      ),
    );
    expect(claims[15]?.kind).toBe('released');
    expect(released(claims)).toHaveLength(1);
    expect(current().receipts.all.filter(({ kind }) => kind === 'burned')).toHaveLength(1);
  });

  test('a message without a hash is released to whoever claims it, also with one', async () => {
    const store = current().open(ROOMY);
    const one = message(current(), { readsMax: 2 });
    await store.put(one);
    expect((await store.claim(one.id, HASH)).kind).toBe('released');
    expect((await store.claim(one.id, undefined)).kind).toBe('released');
    expect((await store.claim(one.id, undefined)).kind).toBe('absent');
  });

  test('one that is not counted is released any number of times', async () => {
    const [store, other] = [current().open(ROOMY), current().open(ROOMY)];
    const one = message(current(), { kind: 'sealed', claimHash: HASH });
    await store.put(one);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).claim(one.id, HASH)),
    );
    expect(released(claims)).toHaveLength(20);
    expect((await store.find(one.id))?.readsLeft).toBeUndefined();
  });

  test('sealed under another master key it counts as absent, and is not used up', async () => {
    const foreign = current().open(ROOMY, 'another-master-key');
    const store = current().open(ROOMY);
    if (store.kind === 'memory') return;
    const [one, shared] = [message(current(), { readsMax: 1 }), message(current())];
    for (const each of [one, shared]) await store.put(each);
    expect(await foreign.claim(one.id, undefined)).toEqual({ kind: 'absent' });
    expect(await foreign.read(shared.id)).toBeUndefined();
    expect((await store.claim(one.id, undefined)).kind).toBe('released');
    expect(await store.read(shared.id)).toBe('the text');
  });
}
