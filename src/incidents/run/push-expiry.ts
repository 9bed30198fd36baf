import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { AnyFeed, PushedFeed } from '../feeds/feed.ts';
import type { IncidentId } from '../incident.ts';
import type { IncidentReader } from '../store/port.ts';

export interface PushExpiryOptions {
  readonly feeds: readonly AnyFeed[];
  readonly reader: Pick<IncidentReader, 'listedBefore'>;
  /** Takes them off the list, and stores that. */
  readonly drop: (feed: PushedFeed, incidents: readonly IncidentId[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 60_000;
const DROP_MAX = 1_000;

/** Pushed incidents do not leave a list by themselves: they are taken off it when they were on it for long enough. */
export class PushExpiry {
  readonly #options: PushExpiryOptions;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: PushExpiryOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(LOOK_EVERY_MS, () => {
      void this.#look().then(() => this.start());
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { feeds, log } = this.#options;
    try {
      for (const feed of feeds) if (feed.kind === 'push') await this.#dropOld(feed);
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'pushed incidents stay listed for longer');
    }
  }

  async #dropOld(feed: PushedFeed): Promise<void> {
    const { reader, clock, drop } = this.#options;
    const before = clock.now() - feed.listedForMs;
    for (let found = DROP_MAX; found === DROP_MAX && !this.#stopped;) {
      const incidents = await reader.listedBefore(feed.id, before, DROP_MAX);
      found = incidents.length;
      if (found > 0) await drop(feed, incidents);
    }
  }
}
