import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import type { Actor } from '../kernel/route.ts';
import { noMeter } from '../kernel/meter.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import type { Submission } from '../storage/statement.ts';
import { ClaimGate } from './claim-gate.ts';
import { fixedIds } from './fixed-id.ts';
import { messageMetrics } from './message-metrics.ts';
import type { MessageFacts } from './message.ts';
import { Messages } from './messages.ts';
import { openMessageStore } from './store/open.ts';
import type { Receipts } from './store/port.ts';

const HOUR_MS = 3_600_000;
const limits = {
  bytesMax: 100,
  expiresInMs: { min: 60_000, default: 7 * 24 * HOUR_MS, max: 12 * HOUR_MS * 60 },
  readsMax: 10,
  create: 'everyone',
} as const;
const claimant = { address: '192.0.2.1', isGone: () => false };
const operator: Actor = { id: 'tok_1', name: 'an operator', scope: 'operate' };

function start(caps = { messagesMax: 5, bytesMax: 400 }) {
  const clock = new ManualClock();
  const told: { readonly kind: string; readonly facts: MessageFacts }[] = [];
  const submitted: Submission[] = [];
  const receipts: Receipts = {
    draft: () => {
      throw new TypeError('not asked of a store in memory');
    },
    prepare: () => {
      throw new TypeError('not asked of a store in memory');
    },
    tell: async (kind, facts) => void told.push({ kind, facts }),
  };
  const journal = {
    submit: async (submission: Submission) => {
      submitted.push(submission);
      return [true];
    },
  };
  const never = (): never => {
    throw new TypeError('not asked in memory');
  };
  const store = openMessageStore({
    kind: 'memory',
    caps,
    receipts,
    clock,
    journal,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    // In memory nothing is sealed, and there is no database behind it.
    sealer: { seal: never, open: never },
    redis: undefined,
    get store(): never {
      return never();
    },
  });
  const messages = new Messages({
    store,
    gate: new ClaimGate(clock, openMemory(clock)),
    receipts,
    metrics: messageMetrics(noMeter),
    journal,
    clock,
    limits,
    idOf: fixedIds('a master key of some length'),
    publicUrl: () => 'https://tocsin.example',
  });
  return { clock, messages, store, told, submitted };
}

const problem = (code: string) => expect.objectContaining({ code });
const sealedBy = (token: Buffer) => ({
  kind: 'sealed' as const,
  content: 'AAAA',
  claimHash: createHash('sha256').update(token).digest('hex'),
});

describe('a message', () => {
  it('lives for seven days by default, and then it is as if it had never been', async () => {
    const { messages, clock } = start();
    const { id } = await messages.create({ kind: 'plain', content: 'text' });
    await clock.advance(7 * 24 * HOUR_MS - 1);
    expect(await messages.read(id)).toBe('text');
    await clock.advance(1);
    await expect(messages.read(id)).rejects.toEqual(problem('not_found'));
    await expect(messages.find(id)).rejects.toEqual(problem('not_found'));
    await expect(messages.claim(id, undefined, claimant)).rejects.toEqual(problem('not_found'));
  });

  it('with counted reads is not read by its link alone, and asking leaves it whole', async () => {
    const { messages } = start();
    const { id } = await messages.create({ kind: 'plain', content: 'text', readsMax: 2 });
    for (let n = 0; n < 5; n++) await expect(messages.read(id)).rejects.toEqual(problem('conflict'));
    expect((await messages.find(id)).readsLeft).toBe(2);
    expect((await messages.claim(id, undefined, claimant)).facts.readsLeft).toBe(1);
    expect(await messages.claim(id, undefined, claimant)).toMatchObject({
      content: 'text',
      facts: { readsLeft: 0 },
    });
    await expect(messages.claim(id, undefined, claimant)).rejects.toEqual(problem('not_found'));
  });

  it('is not burned for who has hung up, token or none', async () => {
    const { messages } = start();
    const gone = { ...claimant, isGone: () => true };
    const token = randomBytes(32);
    const plain = await messages.create({ kind: 'plain', content: 'text', readsMax: 1 });
    const sealed = await messages.create({ ...sealedBy(token), readsMax: 1 });
    await expect(messages.claim(plain.id, undefined, gone)).rejects.toEqual(problem('bad_request'));
    const claim = messages.claim(sealed.id, token.toString('base64url'), gone);
    await expect(claim).rejects.toEqual(problem('bad_request'));
    for (const { id } of [plain, sealed]) expect((await messages.find(id)).readsLeft).toBe(1);
  });

  it('of which the content was sealed under a key that is gone is as if it had never been', async () => {
    const { messages, store } = start();
    const { id } = await messages.create({ kind: 'plain', content: 'text' });
    // What a store answers that cannot open it.
    store.read = () => Promise.resolve(undefined);
    await expect(messages.read(id)).rejects.toEqual(problem('not_found'));
  });

  it('that is sealed is given to the token behind its hash alone; no wrong one burns it', async () => {
    const { messages, told } = start();
    const token = randomBytes(32);
    const { id } = await messages.create({ ...sealedBy(token), readsMax: 1, maker: operator });
    await expect(messages.read(id)).rejects.toEqual(problem('conflict'));
    const wrong = [
      undefined,
      '',
      'AAAA',
      randomBytes(32).toString('base64url'),
      'no base64url at all: äöü',
      token.toString('hex'),
    ];
    for (const one of wrong) {
      await expect(messages.claim(id, one, claimant)).rejects.toEqual(problem('wrong_key'));
    }
    const released = await messages.claim(id, token.toString('base64url'), claimant);
    expect(released.content).toBe('AAAA');
    // Without a token nothing was tried.
    expect(told.map(({ kind }) => kind)).toEqual([
      'created',
      ...Array.from({ length: 5 }, () => 'wrong_key'),
      'burned',
    ]);
  });

  it('over its own cap is refused, and so is one for which there is no room, each with its setting', async () => {
    const { messages } = start();
    const large = messages.create({ kind: 'plain', content: 'é'.repeat(51) });
    await expect(large).rejects.toEqual(problem('body_too_large'));
    for (let n = 0; n < 4; n++) await messages.create({ kind: 'plain', content: 'x'.repeat(100) });
    const full = messages.create({ kind: 'plain', content: 'x' });
    await expect(full).rejects.toEqual(problem('store_full'));
    await expect(full).rejects.toThrow(/messages\.totalBytesMax/);
    const { messages: counted } = start({ messagesMax: 1, bytesMax: 400 });
    await counted.create({ kind: 'plain', content: '' });
    await expect(counted.create({ kind: 'plain', content: '' })).rejects.toThrow(/messages\.messagesMax/);
  });
});

describe('deleting', () => {
  it('takes the token, which is not kept, and is slowed after many wrong ones', async () => {
    const { messages, store, clock } = start();
    const { id } = await messages.create({ kind: 'plain', content: 'text', deleteToken: 'the token' });
    for (const wrong of [undefined, '', 'another', 'operator']) {
      await expect(messages.remove(id, wrong, '192.0.2.1')).rejects.toEqual(problem('wrong_key'));
    }
    for (let n = 0; n < 40; n++) await messages.remove(id, `wrong ${n}`, '192.0.2.2').catch(() => {});
    await expect(messages.remove(id, 'the token', '192.0.2.2')).rejects.toEqual(problem('too_many_requests'));
    expect(await store.find(id)).toBeDefined();
    await messages.remove(id, 'the token', '192.0.2.1');
    await expect(messages.remove(id, 'the token', '192.0.2.1')).rejects.toEqual(problem('not_found'));
    await clock.advance(60_000);
    await expect(messages.remove(id, 'the token', '192.0.2.2')).rejects.toEqual(problem('not_found'));
  });

  it('without a token of its own is an operator’s alone', async () => {
    const { messages } = start();
    const { id } = await messages.create({ kind: 'plain', content: 'text' });
    for (const wrong of [undefined, '', 'undefined', 'operator']) {
      await expect(messages.remove(id, wrong, '192.0.2.1')).rejects.toEqual(problem('wrong_key'));
    }
    await messages.removeAs(operator, id);
    await expect(messages.find(id)).rejects.toEqual(problem('not_found'));
  });

  it('by an operator stands in the audit log, without the id', async () => {
    const { messages, submitted } = start();
    const { id } = await messages.create({ kind: 'plain', content: 'text' });
    await messages.removeAs(operator, id);
    await expect(messages.removeAs(operator, id)).rejects.toEqual(problem('not_found'));
    expect(submitted).toHaveLength(1);
    expect(JSON.stringify(submitted)).toContain('message.delete');
    expect(JSON.stringify(submitted)).not.toContain(id);
  });
});

describe('a link that is made once per key', () => {
  it('is the same however often it is asked for, and at once', async () => {
    const { messages, store } = start();
    const links = await Promise.all(
      Array.from({ length: 20 }, () => messages.shareOnce('dlv_1', 'the rest', 24 * HOUR_MS)),
    );
    expect(new Set(links).size).toBe(1);
    expect(links[0]).toMatch(/^https:\/\/tocsin\.example\/m\/[0-9a-f-]{36}$/);
    expect(await store.usage()).toMatchObject({ messages: 1 });
    expect(await messages.read(links[0]?.slice(-36) ?? '')).toBe('the rest');
    expect(await messages.shareOnce('dlv_2', 'the rest', 24 * HOUR_MS)).not.toBe(links[0]);
  });

  it('lives as long as asked, though not longer than the settings allow, and tells no receipts', async () => {
    const { messages, store, told, clock } = start();
    const one = (await messages.shareOnce('a', 'text', 24 * HOUR_MS)).slice(-36);
    const other = (await messages.shareOnce('b', 'text', 9_999 * HOUR_MS)).slice(-36);
    expect((await store.find(one))?.expiresAt).toBe(clock.now() + 24 * HOUR_MS);
    expect((await store.find(other))?.expiresAt).toBe(clock.now() + limits.expiresInMs.max);
    expect(told.filter(({ facts }) => facts.maker !== undefined)).toEqual([]);
  });

  it('is refused where there is no room: whoever asked goes on without', async () => {
    const { messages } = start({ messagesMax: 0, bytesMax: 400 });
    await expect(messages.shareOnce('a', 'text', HOUR_MS)).rejects.toEqual(problem('store_full'));
    await expect(messages.shareOnce('a', 'x'.repeat(101), HOUR_MS)).rejects.toEqual(
      problem('body_too_large'),
    );
  });
});
