import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, itemsIn, memberOf } from './ask.ts';
import type { Ledger } from './ledger.ts';
import { type Lives, TOKEN } from './lives.ts';
import { numberIn } from './shots.ts';

const COME_BACK_MS = 200;
const PAGE = 200;

/**
 * Follows the stream of events as a browser does: comes back with the id of the last message, and when it is told of
 * a gap it loads from the list what the gap may have swallowed.
 */
export class Follower {
  readonly #lives: Lives;
  readonly #ledger: Ledger;
  #isOver = false;
  #cut: () => void = () => {};
  #lastId = '';
  /** The newest it had before the gap, for each gap that is not filled yet. */
  readonly #gaps: string[] = [];
  gaps = 0;
  connections = 0;

  constructor(lives: Lives, ledger: Ledger) {
    this.#lives = lives;
    this.#ledger = ledger;
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      if (this.#lives.isUp) await this.#follow();
      await sleep(COME_BACK_MS);
    }
  }

  /** Loses its connection. */
  cut(): void {
    this.#cut();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    this.#cut();
    for (const gap of this.#gaps) await this.#fill(gap);
  }

  /** Resolves when the connection is over. */
  #follow(): Promise<void> {
    return new Promise((resolve) => {
      const asked = request(`${this.#lives.url}/api/v1/events/stream`, {
        agent: false,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(this.#lastId === '' ? {} : { 'last-event-id': this.#lastId }),
        },
      });
      this.#cut = () => asked.destroy();
      asked.on('response', (response) => {
        this.connections += 1;
        let rest = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) this.#hear(block);
        });
        response.on('error', () => {});
      });
      asked.on('error', () => {});
      asked.on('close', () => resolve());
      asked.end();
    });
  }

  #hear(block: string): void {
    const name = /^event: (.*)$/m.exec(block)?.[1];
    if (name === 'gap') {
      this.gaps += 1;
      this.#gaps.push(this.#lastId);
    }
    if (name !== undefined) return;
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data !== undefined) this.#ledger.stream(numberIn(data));
    this.#lastId = /^id: (.*)$/m.exec(block)?.[1] ?? this.#lastId;
  }

  /** Reads the list, newest first, down to what it had: what was told meanwhile is told twice, which hurts nobody. */
  async #fill(before: string): Promise<void> {
    let cursor = '';
    for (;;) {
      const query = `limit=${PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { json, status } = await ask(`${this.#lives.url}/api/v1/events?${query}`);
      if (status !== 200) throw new Error(`the list of events answered ${status} to the follower`);
      for (const event of itemsIn(json)) {
        if (String(memberOf(event, 'id')) <= before) return;
        this.#ledger.stream(numberIn(String(memberOf(event, 'title'))));
      }
      const next = memberOf(json, 'nextCursor');
      if (typeof next !== 'string') return;
      cursor = next;
    }
  }
}
