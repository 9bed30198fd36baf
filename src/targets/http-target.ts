import type { HttpRequest } from '../kernel/http-client.ts';
import { answerText, hideSecrets, urlSecrets } from './answer-text.ts';
import { httpOutcome, laterOf } from './http-outcome.ts';
import type { Job, Outcome, Preview, Target, TargetContext } from './target.ts';

/** One request to a receiver's API. */
export interface ApiRequest {
  readonly url: string;
  readonly method?: HttpRequest['method'];
  /** Lower-case names; the content-type is added where it is not among them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON when absent. */
  readonly mediaType?: string;
  readonly body: string;
}

/** What a kind knows of its receiver's API; the rest is the same for all that speak HTTP. */
export interface Api {
  /** The request of a delivery, or why there can be none: an operator's to mend, so it is tried again. */
  request(job: Job): ApiRequest | { readonly fault: string };
  /** The same to be sent, where that does what a preview must not; `request` when absent. Never rejects. */
  requestToSend?(job: Job, signal: AbortSignal): Promise<ApiRequest | { readonly fault: string }>;
  /** Whether a status below 500, with what was said, means that this message will never be taken. */
  refuses?(status: number, body: string): boolean;
  /** How long the receiver asks to be left alone, in the body of a 429; ms. The Retry-After header is read besides. */
  waitMs?(body: string): number | undefined;
  /** What must not be seen in what the receiver says, nor in a preview. */
  readonly secrets?: readonly string[];
  /** URLs that are secret as a whole, or whose parts are. */
  readonly secretUrls?: readonly string[];
}

const JSON_TYPE = 'application/json';
const NONE: readonly number[] = [];

/** A target that makes one request for each attempt. */
export function httpTarget(context: TargetContext, api: Api): Target {
  const { secrets = [], secretUrls = [] } = api;
  const text = answerText([...secrets, ...secretUrls.flatMap(urlSecrets)]);
  const hide = hideSecrets([...secrets, ...secretUrls]);
  return {
    async send(job, signal): Promise<Outcome> {
      const request = await (api.requestToSend?.(job, signal) ?? api.request(job));
      if ('fault' in request) return { kind: 'retry', reason: 'fault', answer: text(request.fault) };
      const { url, method = 'POST', headers, mediaType = JSON_TYPE, body } = request;
      const answer = await context.http.request({
        url,
        method,
        headers:
          headers?.['content-type'] === undefined ? { ...headers, 'content-type': mediaType } : headers,
        body,
        timeoutMs: context.timeoutMs,
        signal,
      });
      const isRefused =
        answer.ok && answer.status < 500 && api.refuses?.(answer.status, answer.body) === true;
      const rejects = isRefused ? [answer.status] : NONE;
      const outcome = httpOutcome(answer, { nowMs: context.clock.now(), text, rejects });
      return answer.ok && answer.status === 429 ? laterOf(outcome, api.waitMs?.(answer.body)) : outcome;
    },
    preview(job): Preview {
      const request = api.request(job);
      if ('fault' in request) return { mediaType: 'text/plain', text: '', fault: request.fault };
      return { mediaType: request.mediaType ?? JSON_TYPE, text: hide(request.body) };
    },
    close: () => Promise.resolve(),
  };
}

/** A number that an answer names, wherever in it: answers may be cut, and then are no JSON any more. */
export function numberIn(body: string, name: string): number | undefined {
  const found = new RegExp(`"${name}"\\s*:\\s*([0-9]{1,15}(?:\\.[0-9]{1,9})?)\\b`).exec(body)?.[1];
  return found === undefined ? undefined : Number(found);
}
