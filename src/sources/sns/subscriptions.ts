import type { HttpClient } from '../../kernel/http-client.ts';

export type Confirmed =
  { readonly kind: 'confirmed' } | { readonly kind: 'unavailable'; readonly detail: string };

const TIMEOUT_MS = 5_000;
const KEPT_MAX = 64;

/** Confirms subscriptions, each once: the same request sent again asks Amazon nothing. */
export class Subscriptions {
  readonly #http: HttpClient;
  readonly #asked = new Map<string, Promise<Confirmed>>();

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** `url` is one of the topic's host, out of a message that was proved. */
  confirm(messageId: string, url: string): Promise<Confirmed> {
    const asked = this.#asked.get(messageId) ?? this.#confirm(messageId, url);
    this.#asked.set(messageId, asked);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > KEPT_MAX && oldest !== undefined) this.#asked.delete(oldest);
    return asked;
  }

  async #confirm(messageId: string, url: string): Promise<Confirmed> {
    const answer = await this.#http.request({ method: 'GET', url, headers: {}, timeoutMs: TIMEOUT_MS });
    if (answer.ok && answer.status === 200) return { kind: 'confirmed' };
    // SNS sends the confirmation again, and then it is tried again.
    this.#asked.delete(messageId);
    const why = answer.ok ? `it was answered with ${answer.status}` : answer.reason;
    return { kind: 'unavailable', detail: `the subscription could not be confirmed: ${why}` };
  }
}
