import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { describeWith, redisUrl } from '../../../tests/support/needs.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Sealer } from '../../kernel/seal.ts';
import { connectRedis } from '../../storage/redis/connection.ts';
import { REDIS_ANSWER_MS, type RedisScripts } from '../../storage/redis/scripts.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { sealedContents } from './contents.ts';
import { RedisMessages } from './redis.ts';
import { LOOK } from './redis-scripts.ts';
import { message, ROOMY } from './test-place.ts';
import { TestReceipts } from './test-receipts.ts';

await describeWith('redis', 'a claim that Redis gets to late', () => {
  test('burns nothing: by then nobody waits for its answer', async () => {
    const connection = await connectRedis(redisUrl, silentLogger, `tocsin-test-${randomUUID()}:`);
    const parts = { clock: new ManualClock(), receipts: new TestReceipts() };
    let lateMs = REDIS_ANSWER_MS;
    /** What was seen of the message, as long ago as if Redis had stood still in between. */
    const redis: RedisScripts = {
      async run(script, keys, args) {
        const answer = await connection.run(script, keys, args);
        if (script !== LOOK || !Array.isArray(answer)) return answer;
        return [...answer.slice(0, -1), String(Number(answer.at(-1)) - lateMs)];
      },
    };
    const contents = sealedContents(new Sealer('a-master-key-for-tests', 'messages'), silentLogger);
    const messages = new RedisMessages({ ...parts, redis, contents, caps: ROOMY });
    const one = message(parts, { readsMax: 1 });
    await messages.put(one);
    await expect(messages.claim(one.id, undefined)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await messages.find(one.id)).toMatchObject({ readsLeft: 1 });
    lateMs = 0;
    expect(await messages.claim(one.id, undefined)).toMatchObject({ kind: 'released', content: 'the text' });
    connection.close();
  });
});
