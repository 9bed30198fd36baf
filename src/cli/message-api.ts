import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { isJsonObject } from '../kernel/json.ts';
import type { Static, TSchema } from '../kernel/schema.ts';
import { createdWire, limitsWire, messageWire } from '../messages/wire.ts';
import { problemText } from './api.ts';
import { exchange, type HttpCall } from './exchange.ts';
import type { HeaderMap } from './headers-option.ts';

/** Of a service that is newer than the command line the version may be another. */
const facts = Type.Object({ ...messageWire.properties, version: Type.Optional(Type.Integer()) });
const readsLeft = messageWire.properties.reads_left;
const releasedText = Type.Object({ message: Type.String(), reads_left: readsLeft });
const releasedEnvelope = Type.Object({
  sealed: Type.Object({ version: Type.Integer(), ciphertext: Type.String() }),
  reads_left: readsLeft,
});
const released = Type.Union([releasedText, releasedEnvelope]);
const nothing = Type.Unknown();

export type MessageLimits = Static<typeof limitsWire>;
export type CreatedMessage = Static<typeof createdWire>;
export type MessageFacts = Static<typeof facts>;
export type ReleasedMessage = Static<typeof released>;

/** What is asked for when a message is made. */
export interface NewMessage {
  readonly message?: string;
  readonly sealed?: { readonly version: 1; readonly ciphertext: string; readonly claim_hash: string };
  /** Seconds. */
  readonly expires_in?: number;
  readonly max_reads?: number;
}

/** `code` is the problem's; undefined when none came, so that it is not known what became of the request. */
export type Asked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: string; readonly code: string | undefined };

/** The routes of messages, which need no token; `id` is a UUID. */
export interface MessageApi {
  limits(): Promise<Asked<MessageLimits>>;
  create(message: NewMessage): Promise<Asked<CreatedMessage>>;
  /** Changes nothing. */
  find(id: string): Promise<Asked<MessageFacts>>;
  /** Counts as a read. */
  claim(id: string, token: string | undefined): Promise<Asked<ReleasedMessage>>;
  remove(id: string): Promise<Asked<unknown>>;
}

/** Long: the answer to a claim comes only once. */
const CLAIM_TIMEOUT_MS = 600_000;

/** `headers` go with every request: they hold what the place at `base` may know. */
export function messageApi(base: URL, headers: HeaderMap = {}): MessageApi {
  const at = (path: string): URL => new URL(`api/v1/messages${path}`, base);
  const get = { method: 'GET', headers: { accept: 'application/json', ...headers } } as const;
  const post = (body: object): HttpCall => ({
    method: 'POST',
    headers: { ...get.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    timeoutMs: CLAIM_TIMEOUT_MS,
  });
  return {
    limits: () => ask(at('/limits'), get, limitsWire),
    create: (message) => ask(at(''), post(message), createdWire),
    find: (id) => ask(at(`/${id}`), get, facts),
    claim: (id, token) =>
      ask(at(`/${id}/claim`), post(token === undefined ? {} : { claim_token: token }), released),
    remove: (id) => ask(at(`/${id}`), { ...get, method: 'DELETE' }, nothing),
  };
}

async function ask<Schema extends TSchema>(
  url: URL,
  call: HttpCall,
  schema: Schema,
): Promise<Asked<Static<Schema>>> {
  const answer = await exchange(url, call);
  if (!answer.ok) return { ...answer, code: undefined };
  const { status, body } = answer.value;
  if (status >= 200 && status <= 299 && Check(schema, body)) return { ok: true, value: body };
  const fault =
    problemText(answer.value) ??
    `${url.origin} answers (${status}), but not as Tocsin does. Is it the right place?`;
  const code = isJsonObject(body) && typeof body['code'] === 'string' ? body['code'] : undefined;
  return { ok: false, fault, code };
}
