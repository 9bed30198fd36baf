import { setTimeout as sleep } from 'node:timers/promises';
import { ask, memberOf } from './ask.ts';
import type { Lives } from './lives.ts';

const EVERY_MS = 200;

const questions = [
  '/api/v1/events?limit=50',
  '/api/v1/events?severity=high&limit=20',
  '/api/v1/events?search=steady&limit=20',
  '/api/v1/deliveries?status=pending&limit=50',
  '/api/v1/deliveries?status=dead&limit=20',
  '/api/v1/matters?limit=20',
  '/api/v1/targets',
  '/api/v1/rules',
  '/api/v1/sources',
  '/api/v1/audit?limit=20',
];

/** People who look at everything all the time, and make and revoke tokens. */
export class Operators {
  readonly #lives: Lives;
  #isOver = false;
  asked = 0;
  /** What they were answered that they should not have been, while the service was up before and after. */
  readonly troubles: string[] = [];

  constructor(lives: Lives) {
    this.#lives = lives;
  }

  async run(): Promise<void> {
    for (let turn = 0; !this.#isOver; turn++) {
      const question = questions[turn % questions.length] ?? '';
      await this.#ask('GET', question);
      if (turn % questions.length === 0) await this.#makeAndRevoke(turn);
      await sleep(EVERY_MS);
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #makeAndRevoke(turn: number): Promise<void> {
    const name = `soak-${turn}-${Date.now()}`;
    const made = await this.#ask('POST', '/api/v1/tokens', { name, scope: 'read' });
    const id = memberOf(made, 'id');
    if (typeof id === 'string') await this.#ask('DELETE', `/api/v1/tokens/${id}`);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const { number, isUp } = this.#lives;
    const { status, json } = await ask(`${this.#lives.url}${path}`, method, body);
    const wasUp = isUp && this.#lives.isUp && number === this.#lives.number;
    if (wasUp && (status < 200 || status > 299)) this.troubles.push(`${method} ${path}: ${status}`);
    this.asked += 1;
    return json;
  }
}
