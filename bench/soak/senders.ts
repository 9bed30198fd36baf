import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Draw } from './draw.ts';
import type { Ledger } from './ledger.ts';
import { makeShot, type Shot } from './shots.ts';

const TICK_MS = 10;
const TIMEOUT_MS = 10_000;
const CONNECTIONS = 128;
const RESEND_FIRST_MS = 100;
const RESEND_MS_MAX = 2_000;
/** Of a hundred requests that were taken, so many are sent again as if the answer had been lost. */
const REPEATED = 3;
/** Seconds of load that may wait for an answer; beyond it the clock of the open loop stands still, which is told. */
const WAITING_SECONDS_MAX = 20;

/** Senders as the contract describes them, in an open loop: so many events a second, whatever the answers do. */
export class Senders {
  readonly #port: number;
  readonly #ledger: Ledger;
  readonly #draw: Draw;
  readonly #perSecond: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #waiting = new Set<Promise<void>>();
  /** Answers by status; 0 for none. */
  readonly answers = new Map<number, number>();
  #heldBackMs = 0;
  requests = 0;
  repeats = 0;

  constructor(port: number, ledger: Ledger, draw: Draw, perSecond: number) {
    this.#port = port;
    this.#ledger = ledger;
    this.#draw = draw;
    this.#perSecond = perSecond;
  }

  get heldBackSeconds(): number {
    return this.#heldBackMs / 1e3;
  }

  /** Resolves once everything that was sent within that time was taken. */
  async run(seconds: number): Promise<void> {
    const startedAt = performance.now();
    let last = startedAt;
    for (;;) {
      await sleep(TICK_MS);
      const now = performance.now();
      if (this.#waiting.size > this.#perSecond * WAITING_SECONDS_MAX) this.#heldBackMs += now - last;
      last = now;
      const elapsedMs = Math.min(now - startedAt, seconds * 1e3) - this.#heldBackMs;
      this.#sendUpTo(Math.floor((elapsedMs / 1e3) * this.#perSecond));
      if (now - startedAt >= seconds * 1e3) break;
    }
    await this.settled();
  }

  async settled(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting);
  }

  close(): void {
    this.#agent.destroy();
  }

  #sendUpTo(due: number): void {
    while (this.#ledger.sent < Math.min(due, this.#ledger.capacity)) {
      const shot = makeShot(this.#ledger.sent, this.#ledger.capacity - this.#ledger.sent, this.#draw);
      this.#ledger.send(shot.count);
      const isRepeated = this.#draw(1, 100) <= REPEATED;
      const done: Promise<void> = this.#deliver(shot, isRepeated).finally(() => this.#waiting.delete(done));
      this.#waiting.add(done);
    }
  }

  async #deliver(shot: Shot, isRepeated: boolean): Promise<void> {
    await this.#untilTaken(shot);
    this.#ledger.acknowledge(shot.first, shot.count);
    if (!isRepeated) return;
    this.repeats += 1;
    await sleep(RESEND_FIRST_MS + (shot.first % 3_000));
    await this.#untilTaken(shot);
  }

  async #untilTaken(shot: Shot): Promise<void> {
    let delayMs = RESEND_FIRST_MS;
    while (!(await this.#isTaken(shot))) {
      await sleep(delayMs);
      delayMs = Math.min(RESEND_MS_MAX, delayMs * 2);
    }
  }

  async #isTaken({ path, headers, body }: Shot): Promise<boolean> {
    this.requests += 1;
    const status = await this.#post(path, headers, body);
    this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
    return status >= 200 && status < 300;
  }

  /** The status; 0 when none came. */
  #post(path: string, headers: Shot['headers'], body: string): Promise<number> {
    return new Promise((resolve) => {
      const asked = request({
        agent: this.#agent,
        host: '127.0.0.1',
        port: this.#port,
        method: 'POST',
        path,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
      });
      asked.on('response', (response) => {
        response.on('error', () => resolve(0));
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer')));
      asked.on('error', () => resolve(0));
      asked.on('close', () => resolve(0));
      asked.end(body);
    });
  }
}
