import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ManualClock } from '../../../tests/support/manual-clock.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import type { Message } from '../message.ts';
import type { Caps, Claimed, MessageStore } from './port.ts';
import type { TestReceipts } from './test-receipts.ts';

/** A place for messages, to be opened as often as processes would. */
export interface Place {
  readonly clock: ManualClock;
  readonly receipts: TestReceipts;
  /** By turns for two processes, where there can be two; else the same one. `masterKey`: not the usual one. */
  open(caps: Caps, masterKey?: string): MessageStore;
  /** Forgets everything, behind the back of who opened it. */
  empty(): Promise<void>;
  /** Makes it unreachable, or unable to change anything; undefined where that cannot be. */
  readonly outage: { begin(): Promise<void>; end(): Promise<void> } | undefined;
  dispose(): Promise<void>;
}

const MINUTE = 60_000;
const ROOMY: Caps = { messagesMax: 10_000, bytesMax: 100_000_000 };
const HASH = 'a'.repeat(64);
const OTHER_HASH = 'b'.repeat(64);

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

type Current = () => Place;

function message({ clock }: Place, over: Partial<Message> = {}): Message {
  const content = over.content ?? 'the text';
  return {
    id: randomUUID(),
    kind: 'plain',
    content,
    readsMax: undefined,
    readsLeft: over.readsMax,
    createdAt: clock.now(),
    expiresAt: clock.now() + MINUTE,
    bytes: Buffer.byteLength(content),
    maker: undefined,
    claimHash: undefined,
    deleteHash: undefined,
    ...over,
  };
}

const maker = { id: 'tok_1', name: 'Ada "the maker" é' };

function putContract(current: Current): void {
  test('what is known of a message comes back as it was, and nothing of its content with it', async () => {
    const store = current().open(ROOMY);
    const all = [
      message(current()),
      message(current(), { kind: 'sealed', readsMax: 7, claimHash: HASH, deleteHash: OTHER_HASH, maker }),
    ];
    for (const each of all) expect(await store.put(each)).toEqual({ kind: 'kept' });
    for (const { content, claimHash, deleteHash, ...facts } of all) {
      expect(await store.find(facts.id)).toEqual(facts);
    }
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

function endContract(current: Current): void {
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

function capContract(current: Current): void {
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

function receiptContract(current: Current): void {
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
    const { content, claimHash, deleteHash, ...facts } = one;
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

function failureContract(current: Current): void {
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
