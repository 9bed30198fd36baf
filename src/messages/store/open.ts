import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Sealer } from '../../kernel/seal.ts';
import type { Journal } from '../../storage/journal.ts';
import type { RedisScripts } from '../../storage/redis/scripts.ts';
import type { Store } from '../../storage/store.ts';
import { sealedContents } from './contents.ts';
import { MemoryMessages } from './memory.ts';
import type { MessageStore, MessageStoreParts } from './port.ts';
import { RedisMessages } from './redis.ts';
import { SqlMessages } from './sql.ts';

export interface MessageStoreOptions extends MessageStoreParts {
  readonly kind: MessageStore['kind'];
  readonly store: Store;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** With the purpose `messages`; the context is the message's id. */
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
  /** Needed for the kind `redis`; stays with who opened it. */
  readonly redis: RedisScripts | undefined;
}

/** The store of messages that the settings name. */
export function openMessageStore(options: MessageStoreOptions): MessageStore {
  const { kind, clock, redis, sealer, log } = options;
  if (kind === 'memory') return new MemoryMessages(clock, options);
  const contents = sealedContents(sealer, log);
  if (kind === 'database') return new SqlMessages({ ...options, contents });
  if (redis === undefined) throw new TypeError('messages are to be kept in Redis, and there is none');
  return new RedisMessages({ ...options, redis, contents });
}
