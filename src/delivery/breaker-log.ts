import type { Logger } from '../kernel/log.ts';
import type { OpenTarget } from '../targets/open-target.ts';

/** Tells once that a target takes nothing, and once that it does again: who reads only the log must learn of it. */
export class BreakerLog {
  readonly #log: Logger;
  readonly #open = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** After each attempt; `openUntil` as the breaker has it, 0 while closed. */
  note({ id, kind }: OpenTarget, openUntil: number, reason: string | undefined): void {
    if (openUntil > 0 === this.#open.has(id)) return;
    const about = { 'tocsin.target.id': id, 'tocsin.target.kind': kind };
    if (this.#open.delete(id)) return this.#log.info(about, 'a target takes deliveries again');
    this.#open.add(id);
    this.#log.warn(
      { ...about, reason },
      'a target takes nothing: its deliveries wait, and one is tried now and then',
    );
  }
}
