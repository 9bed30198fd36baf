import { Type } from 'typebox';
import { isJsonMediaType, isJsonObject, parseUntrusted } from '../kernel/json.ts';
import { scanJson } from '../kernel/json-scan.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route } from '../kernel/route.ts';
import { decodeUtf8 } from '../kernel/utf8.ts';
import { mayCreate, type MessageDoor, notUnicode } from './create-door.ts';
import { NO_MESSAGE } from './messages.ts';
import { MESSAGE_ID_PATTERN } from './wire.ts';

const JSON_LIMITS = { depthMax: 32, itemsMax: 10_000 };
const NO_JSON = 'Bad request - Your request is missing a JSON payload.';
const NO_KEY = 'Bad request - The JSON payload is missing a "message" key.';
const NO_TEXT = 'Bad request - The "message" of the JSON payload is not a string.';
/** What the original passed over: taken so, a text meant to be read once would stay for a week. */
const NEWER_KEYS = ['expires_in', 'max_reads', 'sealed'];

const status = Type.Literal(200);

/** The original service's routes, whose clients keep working: a plain text, read by whoever has its id. */
export const contractRoutes = (door: MessageDoor): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/',
    access: { kind: 'public', knows: 'operator' },
    tag: 'Messages',
    summary: 'Make a message of `{"message": "<text>"}`',
    body: 'raw',
    bodyBytesMax: door.bodyBytesMax,
    reply: { status: 200, schema: Type.Object({ message_id: Type.String(), status }) },
    problems: ['bad_request', 'store_unavailable', 'store_full'],
    admit: (request) => mayCreate(door, request),
    async handle({ body, headers, actor }) {
      const content = textOf(headers['content-type']?.toString(), body);
      const { id } = await door.messages.create({ kind: 'plain', content, maker: actor });
      return { message_id: id, status: 200 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/msg/{id}',
    access: { kind: 'public' },
    tag: 'Messages',
    summary: 'The text of a message that any number may read; changes nothing',
    params: Type.Object({ id: Type.String({ pattern: MESSAGE_ID_PATTERN }) }),
    missing: NO_MESSAGE,
    reply: { status: 200, schema: Type.Object({ message: Type.String(), status }) },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    handle: async ({ params }) => ({
      message: await door.messages.read(params.id.toLowerCase()),
      status: 200,
    }),
  }),
];

/** The text of the contract's payload; refused in the original's words. */
function textOf(contentType: string | undefined, body: Buffer): string {
  const text = isJsonMediaType(contentType) ? decodeUtf8(body) : undefined;
  if (text === undefined || scanJson(text, JSON_LIMITS).kind === 'refused') throw refused(NO_JSON);
  const parsed = parseUntrusted(text);
  if (!parsed.ok) throw refused(NO_JSON);
  const payload = parsed.value;
  if (!isJsonObject(payload) || !Object.hasOwn(payload, 'message')) throw refused(NO_KEY);
  const newer = NEWER_KEYS.find((key) => Object.hasOwn(payload, key));
  if (newer !== undefined) {
    throw refused(`Bad request - "${newer}" belongs to POST /api/v1/messages; here it would be passed over.`);
  }
  const { message } = payload;
  if (typeof message !== 'string') throw refused(NO_TEXT);
  if (!message.isWellFormed()) throw notUnicode();
  return message;
}

const refused = (detail: string): Problem => new Problem('bad_request', detail);
