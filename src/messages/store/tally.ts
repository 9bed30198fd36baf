import type { Clock } from '../../kernel/clock.ts';
import type { Caps, Usage } from './port.ts';

/** As the table tells it. `firstEnd`: of what ends first; Infinity when there is nothing. */
export interface Counted extends Usage {
  readonly firstEnd: number;
}

/** A count in the table costs what there is in it: however long one takes, the next is as far off as this many. */
const PAUSES = 50;

/**
 * How much is kept, counted along in this process: a put that is refused costs no look at the table. Where others write
 * to the same table it is counted anew now and then.
 */
export class Tally {
  readonly #caps: Caps;
  readonly #count: () => Promise<Counted>;
  readonly #clock: Clock;
  /** Undefined where nobody else writes. */
  readonly #refreshMs: number | undefined;
  #messages = 0;
  #bytes = 0;
  /** Of puts whose commit is under way: taken up, and perhaps not in the table yet. */
  #coming = { messages: 0, bytes: 0 };
  #firstEnd = Infinity;
  #counted: Promise<void> | undefined;
  #nextAt = Infinity;

  constructor(
    caps: Caps,
    count: () => Promise<Counted>,
    clock: Clock,
    refreshMs: number | undefined = undefined,
  ) {
    this.#caps = caps;
    this.#count = count;
    this.#clock = clock;
    this.#refreshMs = refreshMs;
  }

  /** To be awaited before anything is changed. Rejects with StoreUnavailable, and is to be asked again. */
  ready(): Promise<void> {
    if (this.#counted === undefined) {
      this.#counted = this.#countAnew();
      this.#counted.catch(() => (this.#counted = undefined));
    } else if (this.#clock.now() >= this.#nextAt) {
      this.#nextAt = Infinity;
      void this.#countAnew().catch(() => (this.#nextAt = this.#clock.now() + (this.#refreshMs ?? 0)));
    }
    return this.#counted;
  }

  get usage(): Usage {
    return {
      messages: this.#messages + this.#coming.messages,
      bytes: this.#bytes + this.#coming.bytes,
    };
  }

  /** The end of what ends first; nothing is to be had by sweeping before. */
  get firstEnd(): number {
    return this.#firstEnd;
  }

  /** Which cap one more of so many bytes would break. Takes up the room when there is some. */
  take(bytes: number): keyof Caps | undefined {
    const { messages, bytes: taken } = this.usage;
    if (messages >= this.#caps.messagesMax) return 'messagesMax';
    if (taken + bytes > this.#caps.bytesMax) return 'bytesMax';
    this.#coming.messages += 1;
    this.#coming.bytes += bytes;
    return undefined;
  }

  /** What became of room that was taken up: `end` of the message that is kept now, or undefined. */
  taken(bytes: number, end: number | undefined): void {
    this.#coming.messages -= 1;
    this.#coming.bytes -= bytes;
    if (end === undefined) return;
    this.#messages += 1;
    this.#bytes += bytes;
    this.#firstEnd = Math.min(this.#firstEnd, end);
  }

  gone(bytes: number): void {
    this.#messages = Math.max(0, this.#messages - 1);
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }

  /** After a sweep. */
  endsFirst(firstEnd: number): void {
    this.#firstEnd = firstEnd;
  }

  async #countAnew(): Promise<void> {
    const startedAt = this.#clock.now();
    const { messages, bytes, firstEnd } = await this.#count();
    this.#messages = messages;
    this.#bytes = bytes;
    this.#firstEnd = firstEnd;
    if (this.#refreshMs === undefined) return;
    const now = this.#clock.now();
    this.#nextAt = now + Math.max(this.#refreshMs, PAUSES * (now - startedAt));
  }
}
