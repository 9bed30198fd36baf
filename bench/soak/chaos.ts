import { existsSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.ts';
import type { Draw } from './draw.ts';
import type { Follower } from './follower.ts';
import { configText, type Places } from './lanes.ts';
import type { Lives } from './lives.ts';
import type { Receivers } from './receivers.ts';

export interface ChaosOptions {
  readonly lives: Lives;
  readonly receivers: Receivers;
  readonly follower: Follower;
  readonly places: Places;
  readonly draw: Draw;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

const acts = ['reload', 'pause', 'disable', 'enable', 'rotate', 'cut'] as const;
type Act = (typeof acts)[number];

const ACT_EVERY_MS = 3_000;
/** Restarts come in the first part only: the rest is one long life, in which growth would show. */
const RESTARTS_SHARE = 0.5;
const RESTARTS_MAX = 12;
const RESTART_EVERY_SECONDS_MIN = 10;
const DOWN_SECONDS_MAX = 20;
const SWITCHED = 'switched';

/** Everything that befalls the service while it works; in which order, the seed decides. */
export class Chaos {
  readonly #options: ChaosOptions;
  readonly counts: Record<Act | 'kill' | 'stop' | 'down', number> = {
    reload: 0,
    pause: 0,
    disable: 0,
    enable: 0,
    rotate: 0,
    cut: 0,
    kill: 0,
    stop: 0,
    down: 0,
  };
  /** The log file's names after it was rotated. */
  readonly rotated: string[] = [];
  #movingTo: 'steady' | 'other' = 'steady';
  readonly #over = new AbortController();

  constructor(options: ChaosOptions) {
    this.#options = options;
  }

  /** Resolves once `end` was called and what was begun is done. */
  async run(): Promise<void> {
    await Promise.all([this.#act(), this.#restart(), this.#takeDown()]);
  }

  end(): void {
    this.#over.abort();
  }

  async #act(): Promise<void> {
    let bag: Act[] = [];
    while (await this.#pause(ACT_EVERY_MS)) {
      if (bag.length === 0) bag = this.#shuffled([...acts]);
      const act = bag.pop() ?? 'reload';
      this.counts[act] += 1;
      await this.#do(act);
    }
  }

  async #do(act: Act): Promise<void> {
    if (act === 'reload') this.#reload();
    else if (act === 'rotate') this.#rotate();
    else if (act === 'cut') this.#options.follower.cut();
    else await this.#tell(act, act === 'pause' ? { for: '3s' } : act === 'disable' ? {} : undefined);
  }

  #reload(): void {
    this.#movingTo = this.#movingTo === 'steady' ? 'other' : 'steady';
    this.#options.lives.reload(configText(this.#options.places, this.#movingTo));
  }

  #rotate(): void {
    const { logFile } = this.#options.places;
    if (!existsSync(logFile)) return;
    const rotated = `${logFile}.${this.rotated.length + 1}`;
    renameSync(logFile, rotated);
    this.rotated.push(rotated);
  }

  /** Whether it stood otherwise is the service's to say (409): the next state is known in any case. */
  async #tell(action: string, body?: object): Promise<void> {
    const { lives } = this.#options;
    if (lives.isUp) await ask(`${lives.url}/api/v1/targets/${SWITCHED}/${action}`, 'POST', body);
  }

  /** By turns with `kill -9` and in order. */
  async #restart(): Promise<void> {
    const { lives, seconds, draw, say } = this.#options;
    const startedAt = performance.now();
    const until = seconds * RESTARTS_SHARE;
    const elapsed = (): number => (performance.now() - startedAt) / 1e3;
    const everySeconds = Math.max(RESTART_EVERY_SECONDS_MIN, until / RESTARTS_MAX);
    for (let restart = 1; elapsed() + everySeconds <= until; restart++) {
      if (!(await this.#pause(everySeconds * 900 + draw(0, everySeconds * 100)))) return;
      const isKill = restart % 2 === 1;
      this.counts[isKill ? 'kill' : 'stop'] += 1;
      await lives.end(isKill ? 'SIGKILL' : 'SIGTERM');
      await lives.start();
      say(`${isKill ? 'killed' : 'stopped'} and started again, life ${lives.number}`);
    }
  }

  async #takeDown(): Promise<void> {
    const { receivers, seconds } = this.#options;
    const downMs = Math.min(DOWN_SECONDS_MAX, seconds / 6) * 1e3;
    while (await this.#pause(downMs * 2)) {
      this.counts.down += 1;
      await receivers.goDown();
      await this.#pause(downMs);
      await receivers.comeUp();
    }
  }

  /** False when it is over. */
  async #pause(ms: number): Promise<boolean> {
    try {
      await sleep(ms, undefined, { signal: this.#over.signal });
      return true;
    } catch {
      // Ended in the middle of it.
      return false;
    }
  }

  #shuffled(rest: Act[]): Act[] {
    const mixed: Act[] = [];
    while (rest.length > 0) mixed.push(...rest.splice(this.#options.draw(0, rest.length - 1), 1));
    return mixed;
  }
}
