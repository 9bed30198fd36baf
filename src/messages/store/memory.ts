import type { Clock } from '../../kernel/clock.ts';
import { factsOf, isForAll, type Message, mayClaim } from '../message.ts';
import { Ends } from './ends.ts';
import type { Caps, Claimed, MessageStore, MessageStoreParts, Put, Usage } from './port.ts';

/** Messages in this process's memory: never on a disk, gone with the process, seen by no other. */
export class MemoryMessages implements MessageStore {
  readonly kind = 'memory';
  readonly #clock: Clock;
  readonly #parts: MessageStoreParts;
  readonly #messages = new Map<string, Message>();
  readonly #ends = new Ends();
  #bytes = 0;

  constructor(clock: Clock, parts: MessageStoreParts) {
    this.#clock = clock;
    this.#parts = parts;
  }

  async put(message: Message): Promise<Put> {
    if (this.#live(message.id) !== undefined) return { kind: 'known' };
    const limit = this.#limit(message);
    if (limit !== undefined) return { kind: 'full', limit };
    const ended = this.#messages.get(message.id);
    if (ended !== undefined) this.#expire(ended);
    // As it would come back from the other stores, which keep UTF-8.
    this.#messages.set(message.id, { ...message, content: message.content.toWellFormed() });
    this.#ends.add(message.id, message.expiresAt);
    this.#bytes += message.bytes;
    await this.#parts.receipts.tell('created', factsOf(message));
    return { kind: 'kept' };
  }

  async find(id: string) {
    const message = this.#live(id);
    return message && factsOf(message);
  }

  async read(id: string): Promise<string | undefined> {
    const message = this.#live(id);
    return message !== undefined && isForAll(message) ? message.content : undefined;
  }

  async claim(id: string, claimHash: string | undefined, lastCheck?: () => void): Promise<Claimed> {
    const message = this.#live(id);
    if (message === undefined) return { kind: 'absent' };
    if (!mayClaim(message, claimHash)) return { kind: 'refused', facts: factsOf(message) };
    lastCheck?.();
    const readsLeft = message.readsLeft === undefined ? undefined : message.readsLeft - 1;
    const read = { ...message, readsLeft };
    if (readsLeft === 0) this.#drop(message);
    else this.#messages.set(id, read);
    const facts = factsOf(read);
    await this.#parts.receipts.tell(readsLeft === 0 ? 'burned' : 'read', facts);
    return { kind: 'released', content: message.content, facts };
  }

  async remove(id: string, by: string | 'operator'): Promise<'removed' | 'refused' | 'absent'> {
    const message = this.#live(id);
    if (message === undefined) return 'absent';
    if (by !== 'operator' && by !== message.deleteHash) return 'refused';
    this.#drop(message);
    return 'removed';
  }

  async sweep(limit: number): Promise<number> {
    let swept = 0;
    while (swept < limit && this.#expireFirst()) swept += 1;
    return swept;
  }

  async usage(): Promise<Usage> {
    return { messages: this.#messages.size, bytes: this.#bytes };
  }

  async close(): Promise<void> {
    this.#messages.clear();
  }

  #live(id: string): Message | undefined {
    const message = this.#messages.get(id);
    return message !== undefined && message.expiresAt > this.#clock.now() ? message : undefined;
  }

  /** The cap in the way of one more, when what has expired makes no room. */
  #limit({ bytes }: Message): keyof Caps | undefined {
    const { messagesMax, bytesMax } = this.#parts.caps;
    for (;;) {
      const isFull = this.#messages.size >= messagesMax;
      if (!isFull && this.#bytes + bytes <= bytesMax) return undefined;
      if (!this.#expireFirst()) return isFull ? 'messagesMax' : 'bytesMax';
    }
  }

  /** False when there is none to be expired. */
  #expireFirst(): boolean {
    const id = this.#ends.ended(this.#clock.now());
    const message = id === undefined ? undefined : this.#messages.get(id);
    if (message === undefined) return false;
    this.#expire(message);
    return true;
  }

  /** Its maker is told; nobody waits for that. */
  #expire(message: Message): void {
    this.#drop(message);
    void this.#parts.receipts.tell('expired', factsOf(message));
  }

  #drop(message: Message): void {
    if (!this.#messages.delete(message.id)) return;
    this.#ends.takeBack(message.id);
    this.#bytes -= message.bytes;
  }
}
