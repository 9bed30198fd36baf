import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import type { EventDraft } from '../events/event.ts';
import { silentLogger } from '../kernel/log.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import { StoreUnavailable } from '../storage/store.ts';
import { type MessageFacts, receiptKinds, referenceOf } from './message.ts';
import { MessageReceipts } from './receipts.ts';

const facts: MessageFacts = {
  id: '0b0e1c5e-6b3f-4a55-9d3a-0d2f6c1b7a10',
  kind: 'plain',
  readsMax: 2,
  readsLeft: 1,
  createdAt: Date.UTC(2026, 0, 1),
  expiresAt: Date.UTC(2026, 0, 8),
  bytes: 17,
  maker: { id: 'tok_1', name: 'an operator' },
};
const endless: MessageFacts = { ...facts, readsMax: undefined, readsLeft: undefined };

function start(accept: (drafts: readonly EventDraft[]) => void = () => {}) {
  const clock = new ManualClock();
  const told: { readonly source: string; readonly draft: EventDraft }[] = [];
  const warned: string[] = [];
  const receipts = new MessageReceipts({
    ingest: {
      prepareOwn: () => {
        throw new TypeError('not asked here');
      },
      async accept(source, drafts) {
        accept(drafts);
        for (const draft of drafts) told.push({ source, draft });
        return { accepted: [], duplicates: 0 };
      },
    },
    ephemeral: openMemory(clock),
    clock,
    log: { ...silentLogger, warn: (fields, message) => warned.push(JSON.stringify([fields, message])) },
  });
  return { clock, receipts, told, warned };
}

describe('a receipt', () => {
  it.each(receiptKinds)('of the kind %s names the message by its reference and never by its id', (kind) => {
    const draft = start().receipts.draft(kind, facts);
    expect(draft.type).toBe(`message.${kind}`);
    expect(draft.subject).toEqual({ kind: 'message', id: referenceOf(facts.id) });
    expect(draft.labels).toEqual({
      kind: 'plain',
      maker: 'an operator',
      maker_id: 'tok_1',
      reads_left: '1',
      expires_at: '2026-01-08T00:00:00.000Z',
    });
    expect(draft.severity).toBe(kind === 'wrong_key' ? 'medium' : 'informational');
    expect(JSON.stringify(draft)).not.toContain(facts.id);
    expect(JSON.parse(draft.payload)).toMatchObject({ type: `message.${kind}`, maker: 'an operator' });
  });

  it('shares its fingerprint with the others of its message alone', () => {
    const { receipts } = start();
    const fingerprints = receiptKinds.map((kind) => receipts.draft(kind, facts).fingerprint);
    expect(new Set(fingerprints).size).toBe(1);
    const other = receipts.draft('created', { ...facts, id: '1b0e1c5e-6b3f-4a55-9d3a-0d2f6c1b7a10' });
    expect(fingerprints).not.toContain(other.fingerprint);
  });

  it('is told of messages with a maker alone: anybody could flood the operators otherwise', async () => {
    const { receipts, told } = start();
    for (const kind of receiptKinds) await receipts.tell(kind, { ...facts, maker: undefined });
    expect(told).toEqual([]);
    for (const kind of receiptKinds) await receipts.tell(kind, facts);
    expect(told.map(({ draft }) => draft.type)).toEqual(receiptKinds.map((kind) => `message.${kind}`));
    expect(new Set(told.map(({ source }) => source))).toEqual(new Set(['tocsin']));
  });

  it('that two replicas tell of one end is one event', () => {
    const [one, other] = [start().receipts, start().receipts];
    for (const kind of ['created', 'read', 'burned', 'expired'] as const)
      expect(one.draft(kind, facts).dedupeKey).toBe(other.draft(kind, facts).dedupeKey);
    const next = { ...facts, readsLeft: 0 };
    expect(one.draft('read', facts).dedupeKey).not.toBe(one.draft('read', next).dedupeKey);
  });

  it.each([
    ['wrong_key', facts],
    ['read', endless],
  ] as const)(
    'of the kind %s is told ten times of one message at most, over its whole life',
    async (kind, of) => {
      const { receipts, told, clock } = start();
      for (let n = 0; n < 50; n++) {
        await receipts.tell(kind, of);
        await clock.advance(60_000);
      }
      expect(told).toHaveLength(10);
      expect(new Set(told.map(({ draft }) => draft.dedupeKey)).size).toBe(10);
      await receipts.tell(kind, { ...of, id: '1b0e1c5e-6b3f-4a55-9d3a-0d2f6c1b7a10' });
      expect(told).toHaveLength(11);
    },
  );

  it('that cannot be told is a line in the log, and no fault of what it tells of', async () => {
    const { receipts, warned } = start(() => {
      throw new StoreUnavailable('away');
    });
    await receipts.tell('burned', facts);
    expect(warned).toHaveLength(1);
    expect(warned[0]).not.toContain(facts.id);
  });
});
