/** Why a request got no answer. A closed set: also a metric label and an API value. */
export const httpFailureReasons = [
  'timeout',
  'connection_refused',
  'connection_reset',
  'dns',
  'tls',
  'egress_denied',
  'proxy',
  'answer_invalid',
] as const;
export type HttpFailureReason = (typeof httpFailureReasons)[number];

export interface HttpRequest {
  readonly method?: 'POST' | 'PUT' | 'GET';
  /** Absolute, http or https, no credentials in it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes as UTF-8. */
  readonly body?: string | Uint8Array;
  /** For the whole exchange: connect, send, and the answer read to its end. */
  readonly timeoutMs: number;
  /** Of the answer's body, where it is more or less than the client keeps. */
  readonly answerBytesMax?: number;
  /** Counted anew from the moment a connection is there and the request goes out on it, in place of `timeoutMs`. */
  readonly readTimeoutMs?: number;
  /** The answer's body is wanted as it came, for what is not text. */
  readonly asBytes?: boolean;
  readonly signal?: AbortSignal;
}

/** An answer of any status (a redirect is one; it is not followed), or the reason why there was none. */
export type HttpAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      /** Lower-case names; a repeated header is joined with ", ". */
      readonly headers: Readonly<Record<string, string>>;
      /** The first bytes as UTF-8, as many as are kept; the rest was read and dropped, or the connection closed. */
      readonly body: string;
      /** In place of `body`, which is then empty, where the request asked for them. */
      readonly bytes?: Buffer;
      /** More came than is kept. */
      readonly isCut?: boolean;
    }
  | { readonly ok: false; readonly reason: HttpFailureReason; readonly detail: string };

/** Sends one request; never throws for what the network does. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
}
