import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { HttpClient } from '../../kernel/http-client.ts';
import { checkCertificate } from './certificate.ts';
import type { Topic } from './topic.ts';

/** The key of a certificate. `refused`: it may not sign. `unavailable`: the host did not tell; later it may. */
export type FoundKey =
  | { readonly kind: 'good'; readonly key: KeyObject }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string };

const KEPT_MS = 86_400_000;
/** So long a failure stands for further requests, that a flood of them is not one towards Amazon. */
const FAILURE_KEPT_MS = 10_000;
const KEYS_MAX = 16;
const FAILURES_MAX = 64;
const FETCHES_MAX = 4;
const TIMEOUT_MS = 5_000;
const ANSWER_BYTES_MAX = 16_384;

interface Kept {
  readonly found: FoundKey;
  readonly until: number;
}

/**
 * The signing keys of SNS by the URL of their certificate: each fetched once, however many ask at once, and kept for
 * a day at most. Keys and failures are apart, so that no flood of invented URLs pushes a key out.
 */
export class Certificates {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #keys = new Map<string, Kept>();
  readonly #failures = new Map<string, Kept>();
  readonly #fetches = new Map<string, Promise<FoundKey>>();

  constructor(http: HttpClient, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /** `url` is one of the topic's host. */
  async keyAt(url: string, topic: Topic): Promise<FoundKey> {
    const known = this.#keys.get(url) ?? this.#failures.get(url);
    if (known !== undefined && this.#clock.now() < known.until) return known.found;
    const underWay = this.#fetches.get(url);
    if (underWay !== undefined) return underWay;
    if (this.#fetches.size >= FETCHES_MAX) {
      return { kind: 'unavailable', detail: 'too many certificates are being fetched' };
    }
    const fetched = this.#fetch(url, topic).finally(() => this.#fetches.delete(url));
    this.#fetches.set(url, fetched);
    return fetched;
  }

  async #fetch(url: string, topic: Topic): Promise<FoundKey> {
    const answer = await this.#http.request({
      method: 'GET',
      url,
      headers: {},
      timeoutMs: TIMEOUT_MS,
      answerBytesMax: ANSWER_BYTES_MAX,
    });
    const now = this.#clock.now();
    if (!answer.ok) return this.#keepFailure(url, 'unavailable', `no certificate: ${answer.reason}`);
    if (answer.status !== 200) {
      // There is none at an invented URL; anything else is the host's trouble.
      const kind = answer.status === 403 || answer.status === 404 ? 'refused' : 'unavailable';
      return this.#keepFailure(url, kind, `the certificate was answered with ${answer.status}`);
    }
    const check = checkCertificate(answer.body, topic, now);
    if (check.kind === 'refused') return this.#keepFailure(url, 'refused', check.detail);
    const found = { kind: 'good', key: check.key } as const;
    keep(this.#keys, KEYS_MAX, url, { found, until: Math.min(now + KEPT_MS, check.validToMs) });
    return found;
  }

  #keepFailure(url: string, kind: 'refused' | 'unavailable', detail: string): FoundKey {
    const found = { kind, detail };
    this.#keys.delete(url);
    keep(this.#failures, FAILURES_MAX, url, { found, until: this.#clock.now() + FAILURE_KEPT_MS });
    return found;
  }
}

/** What was kept first makes room. */
function keep(map: Map<string, Kept>, max: number, url: string, kept: Kept): void {
  map.delete(url);
  const oldest = map.size >= max ? map.keys().next() : undefined;
  if (oldest?.done === false) map.delete(oldest.value);
  map.set(url, kept);
}
