import type { Clock } from '../../kernel/clock.ts';
import { factsOf, type Message, mayClaim } from '../message.ts';
import type { MessageStore, MessageStoreParts } from './port.ts';

/** Messages in this process's memory: never on a disk, gone with the process, seen by no other. */
export function openMemoryMessages(clock: Clock, { caps, receipts }: MessageStoreParts): MessageStore {
  const messages = new Map<string, Message>();
  let bytes = 0;
  const find = (id: string): Message | undefined => {
    const message = messages.get(id);
    return message !== undefined && message.expiresAt > clock.now() ? message : undefined;
  };
  const drop = (message: Message): void => {
    if (messages.delete(message.id)) bytes -= message.bytes;
  };
  /** Their makers are told; nobody waits for that. */
  const sweep = (limit: number): number => {
    const now = clock.now();
    let swept = 0;
    for (const message of messages.values()) {
      if (swept >= limit) break;
      if (message.expiresAt > now) continue;
      drop(message);
      swept += 1;
      void receipts.tell('expired', factsOf(message));
    }
    return swept;
  };
  return {
    kind: 'memory',
    async put(message) {
      if (find(message.id) !== undefined) return { kind: 'known' };
      const limit = (): 'messagesMax' | 'bytesMax' | undefined => {
        if (messages.size >= caps.messagesMax) return 'messagesMax';
        return bytes + message.bytes > caps.bytesMax ? 'bytesMax' : undefined;
      };
      if (limit() !== undefined) sweep(messages.size);
      const reached = limit();
      if (reached !== undefined) return { kind: 'full', limit: reached };
      messages.set(message.id, message);
      bytes += message.bytes;
      await receipts.tell('created', factsOf(message));
      return { kind: 'kept' };
    },
    async find(id) {
      const message = find(id);
      return message && factsOf(message);
    },
    async read(id) {
      const message = find(id);
      return message?.kind === 'plain' && message.readsMax === undefined ? message.content : undefined;
    },
    async claim(id, claimHash) {
      const message = find(id);
      if (message === undefined) return { kind: 'absent' };
      if (!mayClaim(message, claimHash)) return { kind: 'refused', facts: factsOf(message) };
      const readsLeft = message.readsLeft === undefined ? undefined : message.readsLeft - 1;
      const read = { ...message, readsLeft };
      if (readsLeft === 0) drop(message);
      else messages.set(id, read);
      const facts = factsOf(read);
      await receipts.tell(readsLeft === 0 ? 'burned' : 'read', facts);
      return { kind: 'released', content: message.content, facts };
    },
    async remove(id, by) {
      const message = find(id);
      if (message === undefined) return 'absent';
      if (by !== 'operator' && by !== message.deleteHash) return 'refused';
      drop(message);
      return 'removed';
    },
    sweep: async (limit) => sweep(limit),
    usage: async () => ({ messages: messages.size, bytes }),
    close: async () => messages.clear(),
  };
}
