import { Type } from 'typebox';
import { setting } from '../config/definition.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import { duration, oneOf } from '../kernel/schema.ts';

const MEBIBYTE = 1_048_576;
/** Past that a link is no longer something that is passed on and forgotten. */
const EXPIRES_IN_MS_MAX = 366 * 86_400_000;

export const messageStores = ['database', 'memory', 'redis'] as const;

/** Messages by link: the same bounds in the API, on the page and on the command line. */
export const messageSettings = {
  'messages.store': setting(
    Type.Optional(
      oneOf(messageStores, {
        description:
          'Where messages are kept: `database`, the SQL store; `memory`, of this one process, never on a disk; `redis`, which needs redis.url. Absent: in Redis when it is configured, else in the database.',
      }),
    ),
    { env: ['TOCSIN_MESSAGES_STORE'] },
  ),
  'messages.create': setting(
    oneOf(['everyone', 'operators'], {
      default: 'everyone',
      description: 'Who may make messages. Reading needs only the link, whoever made it.',
    }),
    { env: ['TOCSIN_MESSAGES_CREATE'] },
  ),
  'messages.bytesMax': setting(
    Type.Integer({
      minimum: 1_024,
      maximum: 16 * MEBIBYTE,
      default: MEBIBYTE,
      description:
        "Bytes of one message's content, with all that is attached; more answers 413. What is sealed takes a third more than it was.",
    }),
  ),
  'messages.messagesMax': setting(
    Type.Integer({
      minimum: 1,
      maximum: 10_000_000,
      default: 100_000,
      description: 'Messages kept at once; one more answers 507.',
    }),
  ),
  'messages.totalBytesMax': setting(
    Type.Integer({
      minimum: 1_024,
      maximum: 1_048_576 * MEBIBYTE,
      default: 256 * MEBIBYTE,
      description: 'Bytes of all contents that are kept at once; beyond it 507.',
    }),
  ),
  'messages.expiresIn.min': setting(
    duration({ default: '1m', description: 'The shortest life of a message.' }),
  ),
  'messages.expiresIn.default': setting(
    duration({ default: '7d', description: 'The life of a message for which none is asked.' }),
  ),
  'messages.expiresIn.max': setting(
    duration({ default: '30d', description: 'The longest life of a message.' }),
  ),
  'messages.readsMax': setting(
    Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 100,
      description: 'The most that `max_reads` of a message may be.',
    }),
  ),
  'messages.createdPerMinute': setting(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 300,
      description:
        'Messages a minute and client; then 429. 0: no limit but http.requestsPerMinute. Counted by each process for itself.',
    }),
  ),
};

interface MessageConfig {
  readonly messages: {
    readonly store?: (typeof messageStores)[number];
    readonly expiresIn: { readonly min: string; readonly default: string; readonly max: string };
    readonly bytesMax: number;
    readonly totalBytesMax: number;
  };
  readonly redis: { readonly url?: string };
}

/** What does not fit together. */
export function messageFaults({ messages, redis }: MessageConfig): readonly Fault[] {
  const { min, default: usual, max } = messages.expiresIn;
  const faults: Fault[] = [];
  if (messages.store === 'redis' && redis.url === undefined) {
    faults.push({ path: 'messages.store', message: 'needs redis.url (REDIS_URL)' });
  }
  if (durationMs(min) < 1_000) {
    faults.push({ path: 'messages.expiresIn.min', message: 'must be at least 1s' });
  }
  if (durationMs(max) > EXPIRES_IN_MS_MAX) {
    faults.push({ path: 'messages.expiresIn.max', message: 'must be at most 366d' });
  }
  if (durationMs(usual) < durationMs(min) || durationMs(usual) > durationMs(max)) {
    faults.push({
      path: 'messages.expiresIn.default',
      message: 'must lie between messages.expiresIn.min and messages.expiresIn.max',
    });
  }
  if (messages.totalBytesMax < messages.bytesMax) {
    faults.push({ path: 'messages.totalBytesMax', message: 'must be at least messages.bytesMax' });
  }
  return faults;
}
