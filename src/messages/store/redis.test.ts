import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { describeWith, redisUrl } from '../../../tests/support/needs.ts';
import { until } from '../../../tests/support/until.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Sealer } from '../../kernel/seal.ts';
import { connectRedis, type RedisConnection } from '../../storage/redis/connection.ts';
import type { Message } from '../message.ts';
import { sealedContents } from './contents.ts';
import { RedisMessages } from './redis.ts';
import { message as anyMessage, MINUTE } from './test-place.ts';
import { TestReceipts } from './test-receipts.ts';

await describeWith('redis', 'messages in a Redis', () => {
  let prefix: string;
  let connection: RedisConnection;
  let clock: ManualClock;
  let receipts: TestReceipts;
  let messages: RedisMessages;
  beforeEach(async () => {
    prefix = `tocsin-test-${randomUUID()}:`;
    connection = await connectRedis(redisUrl, silentLogger, prefix);
    clock = new ManualClock();
    receipts = new TestReceipts();
    messages = new RedisMessages({
      redis: connection,
      clock,
      contents: sealedContents(new Sealer('a-master-key-for-tests', 'messages'), silentLogger),
      caps: { messagesMax: 100, bytesMax: 10_000 },
      receipts,
    });
  });
  afterEach(async () => {
    for (const key of await keys()) await connection.ask((redis) => redis.del(key));
    connection.close();
  });

  const keys = (): Promise<string[]> =>
    connection.ask(async (redis) => (await redis.keys(`${prefix}*`)).map((key) => key.slice(prefix.length)));

  const valueOf = (key: string): Promise<unknown> =>
    connection.ask(async (redis) => {
      const type = await redis.type(key);
      if (type === 'hash') return [key, await redis.hgetall(key)];
      return [key, type === 'zset' ? await redis.zrange(key, '0', '-1') : await redis.get(key)];
    });

  /** Of a maker who is known, so that there are receipts. */
  const message = (over: Partial<Message> = {}): Message =>
    anyMessage({ clock }, { maker: { id: 'tok_1', name: 'Ada' }, ...over });

  test('every key has an end: that of the message, or a day past the last of them', async () => {
    await messages.put(message({ expiresAt: clock.now() + 10 * MINUTE }));
    await messages.put(message({ readsMax: 2 }));
    const lives = await Promise.all(
      (await keys()).map((key) => connection.ask(async (redis) => [key, await redis.pttl(key)] as const)),
    );
    expect(lives).toHaveLength(5);
    for (const [key, life] of lives) {
      const most = key.includes(':m:') ? 10 * MINUTE : 10 * MINUTE + 86_400_000;
      expect(life, key).toBeGreaterThan(0);
      expect(life, key).toBeLessThanOrEqual(most);
      if (!key.includes(':m:')) expect(life, key).toBeGreaterThan(86_400_000);
    }
  });

  test('nothing is left of one that is gone, and no text or token was ever written', async () => {
    const content = 'an unmistakable text';
    const [burned, removed, expired] = [
      message({ content, readsMax: 1 }),
      message({ content }),
      message({ content }),
    ];
    for (const each of [burned, removed, expired]) await messages.put(each);
    const everything = async (): Promise<string> =>
      JSON.stringify(await Promise.all((await keys()).map(valueOf)));
    expect(await everything()).toContain(burned.id);
    expect(await everything()).not.toContain(content);
    await messages.claim(burned.id, undefined);
    await messages.remove(removed.id, 'operator');
    await clock.advance(MINUTE);
    await messages.sweep(10);
    expect(await keys()).toEqual([]);
  });

  test('one that Redis has taken away by itself is absent, and its end is told all the same', async () => {
    const short = message({ expiresAt: clock.now() + 50, readsMax: 3 });
    await messages.put(short);
    await until('its own key is gone', async () => (await keys()).every((key) => !key.includes(':m:')));
    expect(await messages.find(short.id)).toBeUndefined();
    expect(await messages.claim(short.id, undefined)).toEqual({ kind: 'absent' });
    await clock.advance(50);
    expect(await messages.sweep(10)).toBe(1);
    expect(receipts.told('expired', short.id)).toHaveLength(1);
    expect(await messages.usage()).toEqual({ messages: 0, bytes: 0 });
  });

  test('what is brought goes into no script: it is a value, whatever it says', async () => {
    const one = message({ claimHash: 'a'.repeat(64), deleteHash: 'b'.repeat(64), readsMax: 1 });
    await messages.put(one);
    for (const text of ["' or true --", "x') redis.call('FLUSHALL') --", '\0', '*', '\r\nFLUSHALL\r\n']) {
      expect((await messages.claim(one.id, text)).kind).toBe('refused');
      expect(await messages.remove(one.id, text)).toBe('refused');
      expect(await messages.claim(text, 'a'.repeat(64))).toEqual({ kind: 'absent' });
      expect(await messages.find(text)).toBeUndefined();
    }
    expect(await messages.find(one.id)).toBeDefined();
  });
});
