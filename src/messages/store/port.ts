import type { EventDraft } from '../../events/event.ts';
import type { OwnEvent } from '../../events/ingest.ts';
import type { Write } from '../../storage/statement.ts';
import type { Message, MessageFacts, ReceiptKind } from '../message.ts';

/**
 * Where messages are kept until they expire, are read for the last time, or are deleted. Adapters: this process's
 * memory, the SQL store, Redis; one contract suite (contract.ts) over all of them. What is kept outside of memory is
 * sealed under the master key.
 *
 * Every call rejects with StoreUnavailable while what is behind it cannot be reached: then nothing was changed, but for
 * what an outage cut off between the change and its answer.
 */
export interface MessageStore {
  readonly kind: 'memory' | 'database' | 'redis';
  /**
   * Keeps a message, durably where the adapter is durable. One whose id is there already is left as it is. What UTF-8
   * cannot hold of a content, half a character, becomes U+FFFD.
   */
  put(message: Message): Promise<Put>;
  /** Undefined when there is none, or none any more. Changes nothing. */
  find(id: string): Promise<MessageFacts | undefined>;
  /** The content of a message that anybody may read any number of times; undefined for all others. Changes nothing. */
  read(id: string): Promise<string | undefined>;
  /**
   * Compares the hash of the claim's token, then counts the read and releases the content, in one atomic step: of any
   * number who ask at once, over all processes, exactly as many get it as there are reads left. With the last read the
   * message is gone. A wrong hash changes nothing. `lastCheck` is called right before that, when the hash is right; what
   * it throws is thrown on, and nothing was changed.
   */
  claim(id: string, claimHash: string | undefined, lastCheck?: () => void): Promise<Claimed>;
  /** Deletes it, when the hash is that of its deletion's token, or `'operator'` asks. */
  remove(id: string, by: string | 'operator'): Promise<'removed' | 'refused' | 'absent'>;
  /** Deletes for good up to `limit` messages past their end; returns how many. */
  sweep(limit: number): Promise<number>;
  /** What is kept now, expired ones not yet swept included; exact up to a few seconds where replicas share a store. */
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

export interface Usage {
  readonly messages: number;
  /** Of contents, as UTF-8. */
  readonly bytes: number;
}

/** The most that is kept at once; what would go beyond is refused. */
export interface Caps {
  readonly messagesMax: number;
  readonly bytesMax: number;
}

export type Put =
  | { readonly kind: 'kept' }
  /** There is one with this id. */
  | { readonly kind: 'known' }
  | { readonly kind: 'full'; readonly limit: keyof Caps };

export type Claimed =
  | { readonly kind: 'released'; readonly content: string; readonly facts: MessageFacts }
  /** The hash is not that of the claim's token. */
  | { readonly kind: 'refused'; readonly facts: MessageFacts }
  | { readonly kind: 'absent' };

/** What every adapter needs beside its backend. */
export interface MessageStoreParts {
  readonly caps: Caps;
  readonly receipts: Receipts;
}

/**
 * Turns what became of a message into an event, for those messages that have a maker. An adapter whose messages are in
 * the journal's own database puts it into the same commit; the others tell it right after.
 */
export interface Receipts {
  draft(kind: ReceiptKind, facts: MessageFacts): EventDraft;
  /** The event behind a guard of the caller's, with the caller's writes (`Ingest.prepareOwn`). */
  prepare(kind: ReceiptKind, facts: MessageFacts, guard: Write, also: readonly Write[]): OwnEvent;
  /** By itself. Never rejects: what cannot be told is logged. Nothing for a message without a maker. */
  tell(kind: ReceiptKind, facts: MessageFacts): Promise<void>;
}
