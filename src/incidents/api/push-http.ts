import { Type } from 'typebox';
import { RateLimit } from '../../access/rate-limit.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Reply, type Route } from '../../kernel/route.ts';
import { idText, type Static } from '../../kernel/schema.ts';
import type { Verify } from '../../sources/schemes/scheme.ts';
import { answerHandshake, refusal, type SignedInput, turnAway } from '../../sources/unproved.ts';
import type { PushResult } from '../thread/protocol.ts';

export interface PushRouteOptions {
  /** How requests to the pushed feed with this id are proved; undefined: there is none. */
  readonly feed: (id: string) => { readonly verify: Verify } | undefined;
  /** Resolves once what was taken is on disk. */
  readonly push: (id: string, body: Buffer) => Promise<PushResult>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Requests a minute and client whose signature does not verify. */
  readonly unverifiedPerMinute: number;
  /** Bytes of one body. */
  readonly bodyBytesMax: number;
}

const count = (description: string) => Type.Integer({ minimum: 0, description });
const takenWire = Type.Object(
  {
    taken: count('New ones.'),
    repeats: count('Those that are listed already.'),
    invalid: count('Records that are no incidents: kept, and listed in `/api/v1/incidents/invalid`.'),
  },
  { description: 'All of them are on disk.' },
);
const answerWire = Type.Union([
  takenWire,
  Type.Object({ challenge: Type.String() }, { description: 'To a vendor that asks for the right door.' }),
]);

interface Door extends PushRouteOptions {
  readonly limit: RateLimit;
}

/** The door of the feeds that are sent to us: proved genuine, on disk, then answered. */
export function pushRoute(options: PushRouteOptions): Route {
  const limit = new RateLimit(options.unverifiedPerMinute, options.clock);
  const door: Door = { ...options, limit };
  return defineRoute({
    method: 'POST',
    path: '/api/v1/incidents/feeds/{id}',
    access: { kind: 'signed' },
    tag: 'Incidents',
    summary: 'Incidents for a feed of the kind push, signed as it says',
    params: Type.Object({ id: idText('The id of the feed.') }),
    body: 'raw',
    bodyBytesMax: options.bodyBytesMax,
    reply: { status: 200, schema: answerWire },
    problems: [
      'signature_invalid',
      'body_invalid',
      'body_too_large',
      'too_many_requests',
      'proof_unavailable',
      'store_unavailable',
      'store_full',
      'not_found',
    ],
    admit: ({ client }) => turnAway(limit, client),
    handle: (input) => receive(door, input.params.id, input),
  });
}

async function receive(
  door: Door,
  id: string,
  { body, headers, client, clientCertificate }: SignedInput,
): Promise<Static<typeof takenWire> | Reply> {
  const feed = door.feed(id);
  if (feed === undefined) throw new Problem('not_found', 'There is no feed with this id that is sent to.');
  const subject = { 'tocsin.feed.id': id };
  const verification = await feed.verify({ headers, body, clientCertificate });
  if (verification.kind === 'refused') {
    // Only now: a busy sender's genuine requests in flight must not count against each other.
    door.limit.charge(client.address);
    throw refusal(door.log, subject, client, verification);
  }
  if (verification.kind === 'handshake') return answerHandshake(door.log, subject, verification);
  return take(door, id, verification.content ?? body);
}

async function take({ push, log }: Door, id: string, body: Buffer): Promise<Static<typeof takenWire>> {
  const result = await stored(() => push(id, body), id, log);
  if (result.kind === 'refused') throw new Problem('body_invalid', result.detail);
  if (result.kind === 'full') throw new Problem('store_full', result.detail);
  const { taken, repeats, invalid } = result;
  return { taken, repeats, invalid };
}

/** As for sources, the log tells apart what was proved and lost from what was never ours to keep. */
async function stored(push: () => Promise<PushResult>, id: string, log: Logger): Promise<PushResult> {
  try {
    return await push();
  } catch (error) {
    log.error({ 'tocsin.feed.id': id, reason: errorText(error) }, 'a verified request was not stored');
    throw error;
  }
}
