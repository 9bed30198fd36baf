import type { Clock } from '../../kernel/clock.ts';
import { REDIS_ANSWER_MS, type RedisScripts } from '../../storage/redis/scripts.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { factsOf, isForAll, type Message, type MessageFacts, mayClaim } from '../message.ts';
import type { Contents } from './contents.ts';
import type { Claimed, MessageStore, MessageStoreParts, Put, Usage } from './port.ts';
import { factsFrom, factsText } from './redis-facts.ts';
import { CLAIM, LOOK, PUT, READ, redisKeys, REMOVE, SWEEP, USAGE } from './redis-scripts.ts';

export interface RedisMessagesOptions extends MessageStoreParts {
  readonly redis: RedisScripts;
  readonly clock: Clock;
  readonly contents: Contents;
}

/** What ended unseen, while nothing of ours ran, is told for so long. */
const REMEMBERED_MS = 86_400_000;
/** A claim that Redis gets to later than this may find nobody waiting for its answer: it must not burn anything. */
const CLAIM_MS = 0.75 * REDIS_ANSWER_MS;
/** A script holds up everybody. */
const SWEEP_BATCH = 500;
const ROUNDS_MAX = 100;

/**
 * Messages in Redis, shared by all replicas; each step is one script. Times are this process's, as in the SQL store:
 * the end of a message was told by the same clock, so it is gone when its maker was told it would be. By its own clock
 * Redis only takes away, some life in ms later, what nobody swept. Where Redis pushes out keys for want of memory
 * messages go early.
 */
export class RedisMessages implements MessageStore {
  readonly kind = 'redis';
  readonly #options: RedisMessagesOptions;

  constructor(options: RedisMessagesOptions) {
    this.#options = options;
  }

  async put(message: Message): Promise<Put> {
    const { receipts } = this.#options;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const answer = await this.#put(message);
      if (answer === 'kept') {
        await receipts.tell('created', factsOf(message));
        return { kind: 'kept' };
      }
      if (answer === 'known') return { kind: 'known' };
      const swept = await this.sweep(SWEEP_BATCH);
      const isFull = answer === 'messagesMax' || answer === 'bytesMax';
      if (isFull && swept === 0) return { kind: 'full', limit: answer };
    }
    throw new StoreUnavailable('the room in Redis is taken and given up all the time');
  }

  async find(id: string): Promise<MessageFacts | undefined> {
    return (await this.#look(id))?.facts;
  }

  async read(id: string): Promise<string | undefined> {
    const sealed = await this.#run(READ, [id, this.#now]);
    return typeof sealed === 'string' ? this.#options.contents.open(id, sealed) : undefined;
  }

  /** Looks first: what this process could not open must not be used up. */
  async claim(id: string, claimHash: string | undefined, lastCheck?: () => void): Promise<Claimed> {
    const { contents, receipts } = this.#options;
    const found = await this.#look(id);
    if (found === undefined) return { kind: 'absent' };
    if (!mayClaim(found, claimHash)) return { kind: 'refused', facts: found.facts };
    if (contents.open(id, found.mark) === undefined) return { kind: 'absent' };
    lastCheck?.();
    const said = await this.#run(CLAIM, [id, this.#now, claimHash ?? '', found.lookedAt + CLAIM_MS]);
    if (said === 'late') throw new StoreUnavailable('Redis got to the claim too late');
    const answer = texts(said);
    if (answer === undefined) return { kind: 'absent' };
    const [left = '', sealed = ''] = answer;
    const facts = { ...found.facts, readsLeft: left === '' ? undefined : Number(left) };
    const content = contents.open(id, sealed);
    await receipts.tell(facts.readsLeft === 0 ? 'burned' : 'read', facts);
    return content === undefined ? { kind: 'absent' } : { kind: 'released', content, facts };
  }

  async remove(id: string, by: string | 'operator'): Promise<'removed' | 'refused' | 'absent'> {
    const answer = await this.#run(REMOVE, [id, this.#now, by, by === 'operator' ? 1 : 0]);
    return answer === 'removed' || answer === 'refused' ? answer : 'absent';
  }

  async sweep(limit: number): Promise<number> {
    let swept = 0;
    while (swept < limit) {
      const asked = Math.min(SWEEP_BATCH, limit - swept);
      const gone = parts(texts(await this.#run(SWEEP, [this.#now, asked])) ?? [], 3);
      await this.#tellExpired(gone);
      swept += gone.length;
      if (gone.length < asked) break;
    }
    return swept;
  }

  async usage(): Promise<Usage> {
    const [messages, bytes] = texts(await this.#run(USAGE, [])) ?? [];
    return { messages: Number(messages ?? 0), bytes: Number(bytes ?? 0) };
  }

  async close(): Promise<void> {}

  get #now(): number {
    return this.#options.clock.now();
  }

  #run(script: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.#options.redis.run(script, redisKeys, args);
  }

  #put(message: Message): Promise<unknown> {
    const { caps, contents } = this.#options;
    const { id, readsLeft, expiresAt, bytes } = message;
    const now = this.#now;
    const lifeMs = Math.max(1, expiresAt - now);
    const fields = {
      facts: factsText(message),
      left: readsLeft ?? '',
      claim: message.claimHash ?? '',
      delete: message.deleteHash ?? '',
      shared: isForAll(message) ? 1 : 0,
      mark: contents.seal(id, ''),
      content: contents.seal(id, message.content),
    };
    const bounds = [id, now, caps.messagesMax, caps.bytesMax, expiresAt, bytes];
    const lives = [lifeMs, lifeMs + REMEMBERED_MS];
    return this.#run(PUT, [...bounds, ...lives, fields.facts, ...Object.entries(fields).flat()]);
  }

  async #look(id: string): Promise<Look | undefined> {
    const answer = texts(await this.#run(LOOK, [id, this.#now]));
    if (answer === undefined) return undefined;
    const [, facts = '', left = '', claimHash = '', mark = '', lookedAt] = answer;
    return {
      facts: factsFrom(id, facts, left),
      claimHash: claimHash === '' ? undefined : claimHash,
      mark,
      lookedAt: Number(lookedAt),
    };
  }

  async #tellExpired(gone: readonly (readonly string[])[]): Promise<void> {
    const told = gone.map(async ([id = '', facts = '', left = '']) => {
      if (facts !== '') await this.#options.receipts.tell('expired', factsFrom(id, facts, left));
    });
    await Promise.all(told);
  }
}

interface Look {
  readonly facts: MessageFacts;
  readonly claimHash: string | undefined;
  /** Nothing, sealed: opens where the content would. */
  readonly mark: string;
  /** Unix ms by Redis' own clock. */
  readonly lookedAt: number;
}

/** An answer of several parts; undefined for any other. */
const texts = (answer: unknown): readonly string[] | undefined =>
  Array.isArray(answer) ? answer.map((part) => String(part ?? '')) : undefined;

const parts = (all: readonly string[], size: number): string[][] =>
  Array.from({ length: all.length / size }, (_, n) => all.slice(n * size, (n + 1) * size));
