import { createHash, randomUUID } from 'node:crypto';
import { Check } from 'typebox/value';
import type { ReceivedRequest } from '../../tests/support/http-receiver.ts';
import type { Static } from '../kernel/schema.ts';
import { claimWire, newMessageWire } from '../messages/wire.ts';
import { type Answered, answered, bodyOf, refused, type TestApi, testApi } from './test-api.ts';

type NewMessage = Static<typeof newMessageWire>;

export interface TestMessages extends TestApi {
  /** What is kept, by id; a test may change it. */
  readonly kept: Map<string, NewMessage & { readsLeft: number | undefined }>;
  /** The members of the limits' answer that are other than usual. */
  limits: object;
  /** Answers in place of the usual, where it gives one. */
  instead: (request: ReceivedRequest) => Answered | undefined;
}

export const DELETE_TOKEN = 'a-delete-token-for-tests';
const EXPIRES = '2026-01-31T13:00:00.000Z';

/** The messages API over HTTP with just its promises, so that a test can have it lie and break. */
export async function testMessages(): Promise<TestMessages> {
  const api = await testApi((request) => messages.instead(request) ?? answerTo(messages, request));
  const messages: TestMessages = { ...api, kept: new Map(), limits: {}, instead: () => undefined };
  return messages;
}

function answerTo(messages: TestMessages, request: ReceivedRequest): Answered {
  const { method, path } = request;
  if (path === '/api/v1/messages/limits') {
    const usual = {
      bytes_max: 100_000,
      expires_in: { min: 60, default: 3_600, max: 86_400 },
      reads_max: 100,
    };
    return answered({ ...usual, create: 'everyone', ...messages.limits });
  }
  if (method === 'POST' && path === '/api/v1/messages') return create(messages, request);
  const [, id = '', step] = /^\/api\/v1\/messages\/([^/]+)(\/claim)?$/.exec(path) ?? [];
  const message = messages.kept.get(id);
  if (message === undefined) return refused(404, 'not_found', 'There is no message for this id');
  if (step !== undefined) return claim(messages, id, message, request);
  if (method === 'DELETE') return remove(messages, id, request);
  return answered({
    ...factsOf(id, message),
    sealed: message.sealed !== undefined,
    version: message.sealed?.version,
  });
}

const factsOf = (
  id: string,
  { max_reads: max, readsLeft }: { max_reads?: number; readsLeft: number | undefined },
) => ({
  message_id: id,
  reference: 'msg_1',
  max_reads: max ?? null,
  reads_left: readsLeft ?? null,
  created_at: EXPIRES,
  expires_at: EXPIRES,
  bytes: 1,
});

function create({ kept, url }: TestMessages, request: ReceivedRequest): Answered {
  const body = bodyOf(request);
  if (!Check(newMessageWire, body)) return refused(400, 'bad_request', 'Not as it must be.');
  const id = randomUUID();
  kept.set(id, { ...body, readsLeft: body.max_reads });
  const facts = factsOf(id, { ...body, readsLeft: undefined });
  return answered({ ...facts, url: `${url}/m/${id}`, delete_token: DELETE_TOKEN }, 201);
}

function claim(
  { kept }: TestMessages,
  id: string,
  { message, sealed, readsLeft: left }: NewMessage & { readsLeft: number | undefined },
  request: ReceivedRequest,
): Answered {
  const body = bodyOf(request);
  if (!Check(claimWire, body)) return refused(400, 'bad_request', 'Not as it must be.');
  const token = Buffer.from(body.claim_token ?? '', 'base64url');
  const hash = createHash('sha256').update(token).digest('base64url');
  if (sealed !== undefined && sealed.claim_hash !== hash)
    return refused(403, 'wrong_key', 'Not the right one.');
  const readsLeft = left === undefined ? undefined : left - 1;
  const now = kept.get(id);
  if (readsLeft === 0) kept.delete(id);
  else if (now !== undefined) now.readsLeft = readsLeft;
  const content =
    sealed === undefined
      ? { message }
      : { sealed: { version: sealed.version, ciphertext: sealed.ciphertext } };
  return answered({ message_id: id, ...content, reads_left: readsLeft ?? null });
}

function remove({ kept }: TestMessages, id: string, { headers }: ReceivedRequest): Answered {
  const isAllowed = headers['tocsin-delete-token'] === DELETE_TOKEN || headers['authorization'] !== undefined;
  if (!isAllowed) return refused(403, 'wrong_key', 'Deleting takes the token.');
  kept.delete(id);
  return { status: 204, body: '' };
}
