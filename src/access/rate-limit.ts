import { isIPv6 } from 'node:net';
import type { Clock } from '../kernel/clock.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Clients remembered at once; the one seen longest ago makes room, so that memory stays bounded. */
const CLIENTS_MAX = 20_000;

/** Token buckets by client: `perMinute` on average, as many at once. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes one; 0 when there was one, else the whole seconds until there will be. */
  take(client: string): number {
    const bucket = this.#bucket(clientKey(client));
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / this.#perMinute));
  }

  /** Gives one back: the request turned out to be one that is not limited. */
  refund(client: string): void {
    const bucket = this.#bucket(clientKey(client));
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + 1);
  }

  #bucket(key: string): Bucket {
    const now = this.#clock.now();
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      const grown = ((now - known.filledAt) / 60_000) * this.#perMinute;
      known.tokens = Math.min(this.#perMinute, known.tokens + Math.max(0, grown));
      known.filledAt = now;
      return known;
    }
    if (this.#buckets.size >= CLIENTS_MAX) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    const bucket = { tokens: this.#perMinute, filledAt: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/** One client may hold a whole IPv6 /64, so that is what is counted. */
function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return [...front, ...(address.includes('::') ? zeros : []), ...back].slice(0, 4).join(':');
}
