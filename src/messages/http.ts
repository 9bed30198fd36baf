import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, includesScope, type Route } from '../kernel/route.ts';
import { toInstant, type Static } from '../kernel/schema.ts';
import { contractRoutes } from './contract-http.ts';
import { mayCreate, type MessageDoor, notUnicode } from './create-door.ts';
import { referenceOf } from './message.ts';
import { type MessageDraft, type MessageLimits, NO_MESSAGE } from './messages.ts';
import {
  claimWire,
  createdWire,
  limitsWire,
  MESSAGE_ID_PATTERN,
  messageWire,
  newMessageWire,
  releasedWire,
  secondsOf,
  toLimitsWire,
  toMessageWire,
  toReleasedWire,
} from './wire.ts';

const DELETE_TOKEN_BYTES = 32;
const TOKEN_HEADER = 'tocsin-delete-token';

const ONE = {
  path: '/api/v1/messages/{id}',
  access: { kind: 'public' },
  tag: 'Messages',
  params: Type.Object({ id: Type.String({ pattern: MESSAGE_ID_PATTERN }) }),
  missing: NO_MESSAGE,
  problems: ['not_found', 'store_unavailable'],
} as const;

/** Messages by link: the original's two routes, and the API of those that expire, burn or are sealed. */
export const messageRoutes = (door: MessageDoor): Route[] => [
  ...contractRoutes(door),
  createRoute(door),
  limitsRoute(door),
  findRoute(door),
  claimRoute(door),
  removeRoute(door),
];

const createRoute = (door: MessageDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/messages',
    access: { kind: 'public', knows: 'operator' },
    tag: 'Messages',
    summary: 'Make a message that is read by its link',
    body: newMessageWire,
    bodyBytesMax: door.bodyBytesMax,
    reply: { status: 201, schema: createdWire },
    problems: ['store_unavailable', 'store_full'],
    admit: (request) => mayCreate(door, request),
    async handle({ body, actor }) {
      const { messages } = door;
      const deleteToken = randomBytes(DELETE_TOKEN_BYTES).toString('base64url');
      const facts = await messages.create({
        ...contentOf(body),
        ...boundsOf(body, messages.limits),
        maker: actor,
        deleteToken,
      });
      return {
        message_id: facts.id,
        reference: referenceOf(facts.id),
        url: messages.linkTo(facts.id),
        expires_at: toInstant(facts.expiresAt),
        max_reads: facts.readsMax ?? null,
        delete_token: deleteToken,
      };
    },
  });

const limitsRoute = ({ messages }: MessageDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/messages/limits',
    access: { kind: 'public' },
    tag: 'Messages',
    summary: 'What messages may be like here',
    reply: { status: 200, schema: limitsWire },
    problems: [],
    handle: async () => toLimitsWire(messages.limits),
  });

const findRoute = ({ messages }: MessageDoor): Route =>
  defineRoute({
    ...ONE,
    method: 'GET',
    summary: 'What is known of a message, without its content; changes nothing',
    reply: { status: 200, schema: messageWire },
    handle: async ({ params }) => toMessageWire(await messages.find(params.id.toLowerCase())),
  });

const claimRoute = ({ messages }: MessageDoor): Route =>
  defineRoute({
    ...ONE,
    method: 'POST',
    path: '/api/v1/messages/{id}/claim',
    summary: 'Read a message, which counts; the last read that is left burns it',
    body: claimWire,
    reply: { status: 200, schema: releasedWire },
    problems: [...ONE.problems, 'wrong_key', 'stopping'],
    async handle({ params, body, client: { address }, isGone }) {
      const id = params.id.toLowerCase();
      return toReleasedWire(await messages.claim(id, body.claim_token, { address, isGone }));
    },
  });

const removeRoute = ({ messages }: MessageDoor): Route =>
  defineRoute({
    ...ONE,
    method: 'DELETE',
    access: { kind: 'public', knows: 'operator' },
    summary: 'Delete a message: with its deletion token, or as an operator of the scope operate',
    reply: { status: 204 },
    problems: [...ONE.problems, 'wrong_key'],
    async handle({ params, headers, client, actor }) {
      const id = params.id.toLowerCase();
      if (actor !== undefined && includesScope(actor.scope, 'operate')) return messages.removeAs(actor, id);
      return messages.remove(id, headers[TOKEN_HEADER]?.toString(), client.address);
    },
  });

type NewMessage = Static<typeof newMessageWire>;

function contentOf({ message, sealed }: NewMessage): Pick<MessageDraft, 'kind' | 'content' | 'claimHash'> {
  if ((message === undefined) === (sealed === undefined)) {
    throw new Problem('bad_request', 'Send either "message", the text, or "sealed".');
  }
  if (sealed !== undefined) {
    const claimHash = Buffer.from(sealed.claim_hash, 'base64url').toString('hex');
    return { kind: 'sealed', content: sealed.ciphertext, claimHash };
  }
  if (message?.isWellFormed() !== true) throw notUnicode();
  return { kind: 'plain', content: message };
}

function boundsOf(
  { expires_in: seconds, max_reads: readsMax }: NewMessage,
  limits: MessageLimits,
): Pick<MessageDraft, 'expiresInMs' | 'readsMax'> {
  const { min, max } = secondsOf(limits);
  if (seconds !== undefined && (seconds < min || seconds > max)) {
    throw new Problem('bad_request', `"expires_in" is ${min} to ${max} seconds here.`);
  }
  if (readsMax !== undefined && readsMax > limits.readsMax) {
    throw new Problem('bad_request', `"max_reads" is 1 to ${limits.readsMax} here.`);
  }
  return { expiresInMs: seconds === undefined ? undefined : seconds * 1_000, readsMax };
}
