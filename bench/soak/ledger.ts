/** What became of one event, as bits. */
const ACKNOWLEDGED = 1;
const LOGGED = 2;
const STREAMED = 4;
const REFUSED = 8;

/** A delivery that a receiver had taken already. */
export interface Repeat {
  readonly target: string;
  /** The life of the service in which the receiver had taken it before, and in which it came again. */
  readonly before: number;
  readonly again: number;
}

/**
 * What the world outside saw of every event, by its number: a few bytes each, so that an hour at full rate fits. It
 * knows nothing of the service but what came out of it.
 */
export class Ledger {
  readonly #bits: Uint8Array;
  /** The target that took it, from 1; 0 for none yet. */
  readonly #takenBy: Uint8Array;
  readonly #takenIn: Uint16Array;
  readonly #loggedTimes: Uint8Array;
  readonly #targets: readonly string[];
  readonly repeats: Repeat[] = [];
  /** Events that two different targets took, of which the rules name one. */
  readonly astray = new Set<number>();
  /** What came in and is no event that was ever sent. */
  unknown = 0;
  #sent = 0;
  #acknowledged = 0;

  constructor(capacity: number, targets: readonly string[]) {
    this.#bits = new Uint8Array(capacity);
    this.#takenBy = new Uint8Array(capacity);
    this.#takenIn = new Uint16Array(capacity);
    this.#loggedTimes = new Uint8Array(capacity);
    this.#targets = targets;
  }

  get capacity(): number {
    return this.#bits.length;
  }

  get sent(): number {
    return this.#sent;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  send(count: number): void {
    this.#sent += count;
  }

  acknowledge(first: number, count: number): void {
    for (let n = first; n < first + count; n++) if (this.#mark(n, ACKNOWLEDGED)) this.#acknowledged += 1;
  }

  /** A receiver answered that it has it. */
  take(target: string, n: number | undefined, life: number): void {
    if (n === undefined || n >= this.#sent) return void (this.unknown += 1);
    const by = this.#targets.indexOf(target) + 1;
    const before = this.#takenBy[n] ?? 0;
    if (before === 0) {
      this.#takenBy[n] = by;
      this.#takenIn[n] = life;
    } else if (before !== by) this.astray.add(n);
    else this.repeats.push({ target, before: this.#takenIn[n] ?? 0, again: life });
  }

  refuse(n: number): void {
    this.#mark(n, REFUSED);
  }

  log(n: number | undefined): void {
    if (n === undefined || n >= this.#sent) return void (this.unknown += 1);
    this.#mark(n, LOGGED);
    this.#loggedTimes[n] = Math.min(255, (this.#loggedTimes[n] ?? 0) + 1);
  }

  stream(n: number | undefined): void {
    if (n !== undefined && n < this.#sent) this.#mark(n, STREAMED);
  }

  isAcknowledged = (n: number): boolean => this.#has(n, ACKNOWLEDGED);
  isRefused = (n: number): boolean => this.#has(n, REFUSED);
  isStreamed = (n: number): boolean => this.#has(n, STREAMED);
  isLogged = (n: number): boolean => this.#has(n, LOGGED);

  /** The name of the target that took it. */
  takenBy(n: number): string | undefined {
    return this.#targets[(this.#takenBy[n] ?? 0) - 1];
  }

  /** Lines of the log file beyond the first of each event. */
  get loggedAgain(): number {
    return this.#loggedTimes.reduce((sum, times) => sum + Math.max(0, times - 1), 0);
  }

  #has(n: number, bit: number): boolean {
    return ((this.#bits[n] ?? 0) & bit) !== 0;
  }

  /** Whether it was not marked so before. */
  #mark(n: number, bit: number): boolean {
    const bits = this.#bits[n] ?? 0;
    this.#bits[n] = bits | bit;
    return (bits & bit) === 0;
  }
}
