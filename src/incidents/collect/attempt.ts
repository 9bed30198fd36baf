import type { Clock } from '../../kernel/clock.ts';
import type { HttpAnswer, HttpClient } from '../../kernel/http-client.ts';
import { retryAfterMs } from '../../kernel/retry-after.ts';
import { decodeUtf8 } from '../../kernel/utf8.ts';
import type { PolledFeed } from '../feeds/feed.ts';
import type { CollectFailure } from './collected.ts';
import { credentialHeaders } from './credential-headers.ts';
import { ACCEPT_ENCODING, decompress } from './decompress.ts';
import { follow } from './follow.ts';

/** One list of a feed, and where it is. */
export interface ListPlace {
  /** Undefined: the identities. */
  readonly type: string | undefined;
  readonly url: string;
}

/** What one attempt at a list came to. `bytes`: of the body as it came. */
export type Attempt =
  | {
      readonly kind: 'body';
      readonly status: number;
      readonly bytes: number;
      readonly content: Buffer;
      readonly text: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'not_modified'; readonly status: number; readonly bytes: number }
  | FailedAttempt;

export interface FailedAttempt {
  readonly kind: 'failed';
  readonly reason: CollectFailure;
  readonly detail: string;
  readonly status: number | undefined;
  readonly bytes: number;
  /** Another attempt soon may go better. */
  readonly mayPass: boolean;
  /** The feed asked not to be asked for so long. */
  readonly retryAfterMs: number | undefined;
}

type GoodAnswer = Extract<HttpAnswer, { ok: true }>;

/** What may be over in a moment, of what happens below HTTP. */
const PASSING: readonly CollectFailure[] = ['timeout', 'connection_reset', 'connection_refused'];

/** Asks a polled feed for one list, once. */
export class FeedAsker {
  readonly #feed: PolledFeed;
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(feed: PolledFeed, http: HttpClient, clock: Clock) {
    this.#feed = feed;
    this.#http = http;
    this.#clock = clock;
    this.#headers = {
      accept: 'application/json',
      'accept-encoding': ACCEPT_ENCODING,
      'user-agent': 'tocsin',
      ...credentialHeaders(feed.credentials),
    };
  }

  async ask(
    place: ListPlace,
    conditions: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { connectTimeoutMs, readTimeoutMs, bytesMax } = this.#feed;
    const followed = await follow(this.#http, {
      method: 'GET',
      url: place.url,
      headers: { ...this.#headers, ...conditions },
      // Names, addresses and TLS take their part before the request goes out.
      timeoutMs: connectTimeoutMs + readTimeoutMs,
      readTimeoutMs,
      answerBytesMax: bytesMax,
      asBytes: true,
      signal,
    });
    if (followed.kind === 'refused') return failed('redirect_refused', followed.detail, followed);
    const { answer } = followed;
    if (!answer.ok) return failed(answer.reason, answer.detail, {}, PASSING.includes(answer.reason));
    return this.#judge(answer);
  }

  async #judge(answer: GoodAnswer): Promise<Attempt> {
    const { status, headers, bytes: sent = Buffer.alloc(0) } = answer;
    const told = { status, bytes: sent.length };
    if (status === 304) return { kind: 'not_modified', ...told };
    if (status !== 200) return this.#refused(status, told.bytes, headers['retry-after']);
    const tooLarge = () => failed('too_large', `over ${this.#feed.bytesMax} bytes`, told);
    if (answer.isCut === true) return tooLarge();
    const plain = await decompress(sent, headers['content-encoding'], this.#feed.bytesMax);
    if (!plain.ok) return failed(plain.reason, plain.detail, told);
    const text = decodeUtf8(plain.bytes);
    if (text === undefined) return failed('not_json', 'is not UTF-8', told);
    // What stands before a feed says so when it is down, and some of it with a 200.
    if (/^\ufeff?\s*</.test(text)) return failed('not_json', 'is a page and not JSON', told);
    return { kind: 'body', ...told, content: plain.bytes, text, headers };
  }

  #refused(status: number, bytes: number, retryAfter: string | undefined): FailedAttempt {
    const mayPass = status === 408 || status === 429 || status >= 500;
    const wait = mayPass ? retryAfterMs(retryAfter, this.#clock.now()) : undefined;
    return {
      ...failed('status_refused', `status ${status}`, { status, bytes }, mayPass),
      retryAfterMs: wait,
    };
  }
}

function failed(
  reason: CollectFailure,
  detail: string,
  told: { readonly status?: number; readonly bytes?: number },
  mayPass = false,
): FailedAttempt {
  const { status, bytes = 0 } = told;
  return { kind: 'failed', reason, detail, status, bytes, mayPass, retryAfterMs: undefined };
}
