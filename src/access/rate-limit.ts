import { parseAddress } from '../kernel/address.ts';
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
    const wait = this.#waitOf(bucket);
    if (wait === 0) bucket.tokens -= 1;
    return wait;
  }

  /** 0 when there is one to take, else the whole seconds until there will be. */
  wait(client: string): number {
    return this.#waitOf(this.#bucket(clientKey(client)));
  }

  /** Takes one whether or not there is one: what was let in together is paid for afterwards, up to a minute's worth. */
  charge(client: string): void {
    const bucket = this.#bucket(clientKey(client));
    bucket.tokens = Math.max(-this.#perMinute, bucket.tokens - 1);
  }

  #waitOf({ tokens }: Bucket): number {
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 60) / this.#perMinute));
  }

  #bucket(key: string): Bucket {
    const now = this.#clock.now();
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      const grown = ((now - known.filledAt) / 60_000) * this.#perMinute;
      known.tokens = Math.min(this.#perMinute, known.tokens + Math.max(0, grown));
      known.filledAt = now;
      // The map's order is the order of use, so that the one who makes room is the one seen longest ago.
      this.#buckets.delete(key);
      this.#buckets.set(key, known);
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

/**
 * One client may hold a whole IPv6 /64, so that is what is counted. IPv4 is counted by the address, also where a
 * socket for both families shows it as `::ffff:192.0.2.1`: there all of IPv4 is one /64.
 */
export function clientKey(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return text;
  const { w0, w1, w2, w3 } = address;
  const isIpv4 = w0 === 0 && w1 === 0 && w2 === 0xffff;
  return isIpv4 ? `4:${w3}` : `6:${w0}:${w1}`;
}
