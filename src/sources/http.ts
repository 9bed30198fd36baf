import { Type } from 'typebox';
import { RateLimit } from '../access/rate-limit.ts';
import type { Ingest } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { noMeter } from '../kernel/meter.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, Reply, type Route } from '../kernel/route.ts';
import { idText } from '../kernel/schema.ts';
import type { Telemetry } from '../kernel/telemetry.ts';
import { noTracer, type Tracer } from '../kernel/tracer.ts';
import { RequestTrace } from './request-trace.ts';
import { type SourceMetrics, sourceMetrics } from './source-metrics.ts';
import type { Source } from './source.ts';
import { answerHandshake, refusal, type SignedInput, turnAway } from './unproved.ts';

/** The source behind the original's path. */
export const WEBHOOK_SOURCE = 'sqreen';

export interface SourceRoutesOptions extends Telemetry {
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

const answerSchema = Type.Union([
  Type.Object({ status: Type.Literal(true) }, { description: 'On disk, or known already.' }),
  Type.Object({ challenge: Type.String() }, { description: 'To a vendor that asks for the right door.' }),
]);
const ACCEPTED = '{"status": true}';

/** The doors for signed webhooks: proved genuine, on disk with their deliveries, then answered. */
export function sourceRoutes(options: SourceRoutesOptions): Route[] {
  const limit = new RateLimit(options.unverifiedPerMinute, options.clock);
  const door: Door = {
    ...options,
    limit,
    metrics: sourceMetrics(options.meter ?? noMeter),
    tracer: options.tracer ?? noTracer,
  };
  const shared = {
    access: { kind: 'signed' },
    tag: 'Sources',
    body: 'raw',
    bodyBytesMax: options.bodyBytesMax,
    reply: { status: 200, schema: answerSchema },
    problems: [
      'signature_invalid',
      'body_invalid',
      'body_too_large',
      'too_many_requests',
      'proof_unavailable',
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
      handle: (input) => receive(door, WEBHOOK_SOURCE, '/v1/webhook', input),
    }),
    defineRoute({
      ...shared,
      method: 'POST',
      path: '/api/v1/sources/{id}',
      summary: 'Notifications for a configured source, signed as its kind says',
      params: Type.Object({ id: idText('The id of the source.') }),
      problems: [...shared.problems, 'not_found'],
      admit: ({ client }) => turnAway(limit, client),
      handle: (input) => receive(door, input.params.id, '/api/v1/sources/{id}', input),
    }),
    defineRoute({
      method: 'OPTIONS',
      path: '/api/v1/sources/{id}',
      access: { kind: 'public' },
      tag: 'Sources',
      summary: 'Whether a sender may send to this source, for formats whose senders ask (CloudEvents)',
      params: Type.Object({ id: idText('The id of the source.') }),
      reply: { status: 200 },
      problems: ['not_found'],
      handle: async ({ params, headers }) => answerPreflight(options.source(params.id), headers),
    }),
  ];
}

/** CloudEvents' HTTP 1.1 Web Hooks, section 4.2: what may be sent, and that it is sent by POST. */
function answerPreflight(source: Source | undefined, headers: SignedInput['headers']): Reply {
  const answer = source?.preflight?.(headers);
  if (answer === undefined) throw new Problem('not_found', 'There is no source with this id that is asked.');
  return new Reply(answer.status, undefined, { ...answer.headers, allow: 'OPTIONS, POST' });
}

const sourceOff = (): Problem =>
  new Problem(
    'source_off',
    'This source has no key. Set SIGNATURE_KEY, or a source "sqreen" in tocsin.yaml, and start again.',
  );

interface Door extends SourceRoutesOptions {
  readonly limit: RateLimit;
  readonly metrics: SourceMetrics;
  readonly tracer: Tracer;
}

async function receive(door: Door, id: string, route: string, input: SignedInput): Promise<string | Reply> {
  const source = door.source(id);
  if (source === undefined) throw new Problem('not_found', 'There is no source with this id.');
  if (!door.tracer.isOn) return take(door, id, source, input);
  const trace = new RequestTrace(door.tracer, id, route);
  try {
    const answer = await take(door, id, source, input, trace);
    trace.answered();
    return answer;
  } catch (error) {
    trace.failed(error);
    throw error;
  }
}

async function take(
  { ingest, log, limit, metrics }: Door,
  id: string,
  source: Source,
  { body, headers, client, clientCertificate }: SignedInput,
  trace?: RequestTrace,
): Promise<string | Reply> {
  const proof = source.verify({ headers, body, clientCertificate });
  // Most schemes need no wait, and a wait costs a turn of the loop.
  const verification = proof instanceof Promise ? await proof : proof;
  if (verification.kind === 'refused') {
    // Only now: a busy sender's genuine requests in flight must not count against each other.
    limit.charge(client.address);
    metrics.refused(id, verification.reason);
    throw refusal(log, { 'tocsin.source.id': id }, client, verification);
  }
  trace?.proved(headers);
  if (verification.kind === 'handshake') {
    metrics.handshake(id);
    return answerHandshake(log, { 'tocsin.source.id': id }, verification);
  }
  const { messageId, content = body } = verification;
  const parsed = source.parse({ headers, body: content, messageId });
  if (parsed.kind === 'invalid') {
    metrics.invalid(id);
    throw new Problem('body_invalid', parsed.detail);
  }
  try {
    const made = await ingest.accept(id, parsed.drafts, source.replayWindowMs, trace?.spanId);
    trace?.stored(made.accepted, made.duplicates);
  } catch (error) {
    metrics.notStored(id);
    log.error({ 'tocsin.source.id': id, reason: errorText(error) }, 'a verified request was not stored');
    throw error;
  }
  return ACCEPTED;
}
