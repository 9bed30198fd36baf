import { randomUUID } from 'node:crypto';
import type { ManualClock } from '../../../tests/support/manual-clock.ts';
import type { Message } from '../message.ts';
import type { Caps, MessageStore } from './port.ts';
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

export const MINUTE = 60_000;
export const ROOMY: Caps = { messagesMax: 10_000, bytesMax: 100_000_000 };
export const HASH = 'a'.repeat(64);
export const OTHER_HASH = 'b'.repeat(64);

export type Current = () => Place;

export function message({ clock }: Pick<Place, 'clock'>, over: Partial<Message> = {}): Message {
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

export const maker = { id: 'tok_1', name: 'Ada "the maker" é' };
