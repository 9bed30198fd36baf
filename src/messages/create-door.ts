import type { RateLimit } from '../access/rate-limit.ts';
import { Problem } from '../kernel/problem.ts';
import type { Admission } from '../kernel/route.ts';
import type { MessageMetrics } from './message-metrics.ts';
import type { Messages } from './messages.ts';

/** What the routes of messages share. */
export interface MessageDoor {
  readonly messages: Messages;
  /** Of messages made, a client; undefined: no limit. */
  readonly creations: RateLimit | undefined;
  readonly metrics: MessageMetrics;
  /** Of a request that makes a message: JSON may write a character as six. */
  readonly bodyBytesMax: number;
}

/** Asked before the body is read. Problems: unauthorized, too_many_requests. */
export function mayCreate(
  { messages, creations, metrics }: MessageDoor,
  { actor, client }: Pick<Admission, 'actor' | 'client'>,
): void {
  if (messages.limits.create === 'operators' && actor === undefined) {
    metrics.refused('not_an_operator');
    throw new Problem(
      'unauthorized',
      'Here operators make messages: send a token as "Authorization: Bearer <token>".',
      {
        headers: { 'www-authenticate': 'Bearer realm="tocsin"' },
      },
    );
  }
  const wait = creations?.take(client.address) ?? 0;
  if (wait === 0) return;
  metrics.refused('too_many_requests');
  throw new Problem('too_many_requests', 'Too many messages from this address. Wait and try again.', {
    retryAfterSeconds: wait,
  });
}

/** UTF-8 has no half of a pair of surrogates: the text could not be given back as it came. */
export const notUnicode = (): Problem =>
  new Problem('bad_request', 'Bad request - The text holds half a character (a lone surrogate).');
