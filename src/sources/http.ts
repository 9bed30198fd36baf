import { Type } from 'typebox';
import { RateLimit } from '../access/rate-limit.ts';
import type { Ingest } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { type Client, defineRoute, Reply, type Route, type RouteInput } from '../kernel/route.ts';
import { idText } from '../kernel/schema.ts';
import type { Source } from './source.ts';

/** The source behind the original's path. */
export const WEBHOOK_SOURCE = 'sqreen';

export interface SourceRoutesOptions {
  /** The source with this id, as configured now. */
  readonly source: (id: string) => Source | undefined;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly log: Logger;
  /** Bytes of one body. */
  readonly bodyBytesMax: number;
  /** Requests a minute and client whose signature does not verify. */
  readonly unverifiedPerMinute: number;
}

const acceptedSchema = Type.Object({ status: Type.Literal(true) });
const ACCEPTED = '{"status": true}';

type RawInput = Pick<
  RouteInput<unknown, unknown, Buffer>,
  'body' | 'headers' | 'client' | 'clientCertificate'
>;

/** The doors for signed webhooks: proved genuine, on disk with their deliveries, then answered. */
export function sourceRoutes(options: SourceRoutesOptions): Route[] {
  const limit = new RateLimit(options.unverifiedPerMinute, options.clock);
  const shared = {
    access: { kind: 'signed' },
    tag: 'Sources',
    body: 'raw',
    bodyBytesMax: options.bodyBytesMax,
    reply: { status: 200, schema: acceptedSchema },
    problems: [
      'signature_invalid',
      'body_invalid',
      'body_too_large',
      'too_many_requests',
      'store_unavailable',
    ],
  } as const;
  return [
    defineRoute({
      ...shared,
      method: 'POST',
      path: '/v1/webhook',
      summary: 'Sqreen notifications, signed by X-Sqreen-Integrity',
      problems: [...shared.problems, 'source_off'],
      admit: ({ client }) => {
        if (options.source(WEBHOOK_SOURCE) === undefined) throw sourceOff();
        turnAway(limit, client);
      },
      handle: (input) => receive(options, limit, WEBHOOK_SOURCE, input),
    }),
    defineRoute({
      ...shared,
      method: 'POST',
      path: '/api/v1/sources/{id}',
      summary: 'Notifications for a configured source, signed as its kind says',
      params: Type.Object({ id: idText('The id of the source.') }),
      problems: [...shared.problems, 'not_found'],
      admit: ({ client }) => turnAway(limit, client),
      handle: (input) => receive(options, limit, input.params.id, input),
    }),
  ];
}

const sourceOff = (): Problem =>
  new Problem(
    'source_off',
    'This source has no key. Set SIGNATURE_KEY, or a source "sqreen" in tocsin.yaml, and start again.',
  );

/** Who sent too many that did not verify. */
function turnAway(limit: RateLimit, client: Client): void {
  const wait = limit.wait(client.address);
  if (wait > 0) {
    throw new Problem('too_many_requests', 'Too many requests without a valid signature from this address.', {
      retryAfterSeconds: wait,
    });
  }
}

async function receive(
  { source: find, ingest, log }: SourceRoutesOptions,
  limit: RateLimit,
  id: string,
  { body, headers, client, clientCertificate }: RawInput,
): Promise<string | Reply> {
  const source = find(id);
  if (source === undefined) throw new Problem('not_found', 'There is no source with this id.');
  const proof = source.verify({ headers, body, clientCertificate });
  // Most schemes need no wait, and a wait costs a turn of the loop.
  const verification = proof instanceof Promise ? await proof : proof;
  if (verification.kind === 'refused') {
    // Only now: a busy sender's genuine requests in flight must not count against each other.
    limit.charge(client.address);
    log.warn(
      { 'tocsin.source.id': id, 'source.ip': client.address, reason: verification.reason },
      'a request was not proved genuine',
    );
    // One answer for all reasons: which part of a forgery was nearly right is nobody's business.
    throw new Problem('signature_invalid', 'The signature is missing or does not fit this body.');
  }
  if (verification.kind === 'handshake') {
    const { status, headers: named, body: text } = verification.answer;
    return new Reply(status, text, named);
  }
  const { messageId, content = body } = verification;
  const parsed = source.parse({ headers, body: content, messageId });
  if (parsed.kind === 'invalid') throw new Problem('body_invalid', parsed.detail);
  try {
    await ingest.accept(id, parsed.drafts);
  } catch (error) {
    log.error({ 'tocsin.source.id': id, reason: errorText(error) }, 'a verified request was not stored');
    throw error;
  }
  return ACCEPTED;
}
