import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { ScanProgress } from '../findings/scan.ts';

export interface ProgressBeatOptions {
  /** Writes that the scan is alive and how far it is; false: it is not ours any more. */
  readonly beat: (progress: ScanProgress) => Promise<boolean>;
  /** It is not ours any more. Called once. */
  readonly lost: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Also while nothing moves: others take a scan that is silent for a minute as left behind. */
const BEAT_EVERY_MS = 1_000;

/** Writes how far a scan is, so that others see it, and hears when somebody ended it. */
export class ProgressBeat {
  readonly #options: ProgressBeatOptions;
  #progress: ScanProgress = { phase: 'waiting', steps: 0, done: 0, calls: 0, opened: 0, resolved: 0 };
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(options: ProgressBeatOptions) {
    this.#options = options;
  }

  note(progress: Partial<ScanProgress>): void {
    this.#progress = { ...this.#progress, ...progress };
  }

  start(): void {
    this.#cancel = this.#options.clock.after(BEAT_EVERY_MS, () => void this.#beat());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #beat(): Promise<void> {
    try {
      const isOurs = await this.#options.beat(this.#progress);
      if (this.#isStopped) return;
      if (!isOurs) return this.#lose();
    } catch (error) {
      this.#options.log.debug({ reason: errorText(error) }, 'how far a scan is cannot be written now');
    }
    if (!this.#isStopped) this.start();
  }

  #lose(): void {
    this.stop();
    this.#options.lost();
  }
}
