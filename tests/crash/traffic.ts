import { KEY, sign } from '../support/service.ts';
import { seeded } from './seeded.ts';

const SENDERS = 16;
const NOTIFICATIONS_MAX = 5;
/** Of the requests that were answered 200 this share is sent again, as if the answer had been lost; percent. */
const REPEATED = 10;
const PAUSE_MS = 10;

/**
 * A sender as the contract describes it: it repeats whatever was not answered 200 until it is, and now and
 * then something that was.
 */
export class Traffic {
  readonly #name: string;
  #url: () => string | undefined;
  readonly #draw: (min: number, max: number) => number;
  readonly #senders: Promise<void>[];
  readonly #acknowledged = new Set<string>();
  #allowed = 0;
  #begun = 0;
  #ended = false;
  #refused = 0;
  #sent = 0;

  /** `url` is asked before each request: undefined while the service is down. */
  constructor(seed: number, url: () => string | undefined) {
    this.#name = `n${seed}`;
    this.#url = url;
    this.#draw = seeded(seed);
    this.#senders = Array.from({ length: SENDERS }, () => this.#send());
  }

  /** The keys of all notifications in requests that were answered 200. */
  get acknowledged(): ReadonlySet<string> {
    return this.#acknowledged;
  }

  get figures(): string {
    return `${this.#acknowledged.size} notifications, ${this.#sent} requests, ${this.#refused} of them not answered 200`;
  }

  /** Requests that went out once, answered or not. */
  get begun(): number {
    return this.#begun;
  }

  /** From now on to another address. */
  moveTo(url: () => string | undefined): void {
    this.#url = url;
  }

  /** Lets so many more requests go out, repeats aside. */
  allow(requests: number): void {
    this.#allowed += requests;
  }

  /** Resolves once everything allowed was answered 200. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#senders);
  }

  async #send(): Promise<void> {
    for (;;) {
      if (this.#begun < this.#allowed) await this.#one(this.#begun++);
      else if (this.#ended) return;
      else await pause();
    }
  }

  async #one(number: number): Promise<void> {
    const count = this.#draw(1, NOTIFICATIONS_MAX);
    const again = this.#draw(1, 100) <= REPEATED;
    const keys = Array.from({ length: count }, (_, index) => `${this.#name}-${number}-${index}`);
    const body = JSON.stringify(keys.map(notification));
    await this.#untilTaken(body);
    for (const key of keys) this.#acknowledged.add(key);
    if (again) await this.#untilTaken(body);
  }

  async #untilTaken(body: string): Promise<void> {
    while (!(await this.#isTaken(body))) await pause();
  }

  async #isTaken(body: string): Promise<boolean> {
    const url = this.#url();
    if (url === undefined) return false;
    this.#sent += 1;
    try {
      const answer = await fetch(`${url}/v1/webhook`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'x-sqreen-integrity': sign(body, KEY) },
      });
      await answer.arrayBuffer();
      if (answer.status === 200) return true;
    } catch {
      // Refused, or cut off in the middle: no answer, so it is sent again.
    }
    this.#refused += 1;
    return false;
  }
}

const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, PAUSE_MS));

const notification = (key: string) => ({
  message_id: key,
  message_type: 'security_event',
  application_id: 'crash',
  application_name: 'Crash test',
  message: {
    id: key,
    event_category: 'crash',
    event_kind: 'kill',
    humanized_description: `Notification ${key}`,
  },
});

/** The key of the notification that an event's payload is. */
export function keyOf(payload: string): string {
  return /"message_id":"([^"]+)"/.exec(payload)?.[1] ?? payload;
}
