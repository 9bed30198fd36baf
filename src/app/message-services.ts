import { RateLimit } from '../access/rate-limit.ts';
import type { Ingest } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { type MasterKeys, Sealer } from '../kernel/seal.ts';
import { ClaimGate } from '../messages/claim-gate.ts';
import { fixedIds } from '../messages/fixed-id.ts';
import { messageMetrics } from '../messages/message-metrics.ts';
import { type MessageLimits, Messages } from '../messages/messages.ts';
import { MessageReceipts } from '../messages/receipts.ts';
import { openMessageStore } from '../messages/store/open.ts';
import type { MessageStore } from '../messages/store/port.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import type { Journal } from '../storage/journal.ts';
import type { RedisScripts } from '../storage/redis/scripts.ts';
import type { Store } from '../storage/store.ts';
import type { Config } from './settings.ts';

export interface MessageParts {
  readonly config: Config;
  readonly masterKey: MasterKeys;
  readonly store: Store;
  readonly journal: Journal;
  readonly ingest: Ingest;
  readonly ephemeral: Ephemeral;
  readonly redis: RedisScripts | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: Meter;
  readonly publicUrl: () => string;
}

/** JSON may write a character of a text as six; of more than one byte it takes three times as many at most. */
const BODY_BYTES_PER_BYTE = 3;
const BODY_BYTES_BESIDE = 4_096;
const SWEEP_MS = 60_000;
const SWEEP_LIMIT = 100_000;

/** Messages by link. Nothing runs yet. */
export function createMessages(parts: MessageParts) {
  const { config, masterKey, journal, ephemeral, clock, meter, publicUrl } = parts;
  const { createdPerMinute, messagesMax, totalBytesMax, bytesMax } = config.messages;
  const receipts = new MessageReceipts(parts);
  const messageStore = openMessageStore({
    ...parts,
    kind: config.messages.store ?? (config.redis.url === undefined ? 'database' : 'redis'),
    sealer: new Sealer(masterKey, 'messages'),
    caps: { messagesMax, bytesMax: totalBytesMax },
    receipts,
  });
  const gate = new ClaimGate(clock, ephemeral);
  const metrics = messageMetrics(meter);
  const messages = new Messages({
    store: messageStore,
    gate,
    receipts,
    metrics,
    journal,
    clock,
    limits: limitsOf(config),
    idOf: fixedIds(masterKey[0]),
    publicUrl,
  });
  return {
    messages,
    messageStore,
    claimGate: gate,
    messageDoor: {
      messages,
      metrics,
      creations: createdPerMinute === 0 ? undefined : new RateLimit(createdPerMinute, clock),
      bodyBytesMax: BODY_BYTES_PER_BYTE * bytesMax + BODY_BYTES_BESIDE,
    },
  };
}

function limitsOf({ messages: { bytesMax, readsMax, create, expiresIn } }: Config): MessageLimits {
  return {
    bytesMax,
    readsMax,
    create,
    expiresInMs: {
      min: durationMs(expiresIn.min),
      default: durationMs(expiresIn.default),
      max: durationMs(expiresIn.max),
    },
  };
}

/**
 * Deletes what has expired in this process's memory, which no other sees to; the returned function ends that. Of the
 * other stores retention does it, in one process for all.
 */
export function sweepOwnMemory(store: MessageStore, clock: Clock, log: Logger): () => void {
  if (store.kind !== 'memory') return () => {};
  const sweep = (): void => {
    store
      .sweep(SWEEP_LIMIT)
      .catch((error: unknown) => log.warn({ reason: errorText(error) }, 'messages past their end stay'));
    cancel = clock.after(SWEEP_MS, sweep);
  };
  let cancel = clock.after(SWEEP_MS, sweep);
  return () => cancel();
}
