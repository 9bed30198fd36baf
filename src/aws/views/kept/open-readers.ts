import type { AccountReader } from '../../collect/port.ts';
import type { Principal } from '../../principal.ts';

interface OpenReader {
  readonly reader: AccountReader;
  readonly isConfigured: boolean;
  /** Answers that are being made with it. */
  users: number;
  /** Unix ms of its last use. */
  usedAt: number;
}

/** A reader of a configured account that nobody asks of for so long is closed: what it holds is credentials too. */
export const READER_IDLE_MS = 300_000;
/** Readers of configured accounts that are kept beside those in use. */
export const IDLE_READERS_MAX = 16;

/**
 * One reader an owner, shared by the answers that are being made at once. That of a session's keys is closed with the
 * last of them, so that its keys rest nowhere; that of a configured account waits for the next question.
 */
export class OpenReaders {
  readonly #open: (principal: Principal) => AccountReader;
  /** By owner. */
  readonly #readers = new Map<string, OpenReader>();

  constructor(open: (principal: Principal) => AccountReader) {
    this.#open = open;
  }

  get isEmpty(): boolean {
    return this.#readers.size === 0;
  }

  /** Hands the reader to `use` until that settles. */
  async with<T>(
    principal: Principal,
    owner: string,
    now: number,
    use: (reader: AccountReader) => Promise<T>,
  ): Promise<T> {
    const open = this.#take(principal, owner, now);
    try {
      return await use(open.reader);
    } finally {
      this.#leave(owner, open);
    }
  }

  forget(owner: string): void {
    const open = this.#readers.get(owner);
    this.#readers.delete(owner);
    open?.reader.close();
  }

  /** Closes what nobody has used for long. */
  sweep(now: number): void {
    for (const [owner, { users, usedAt }] of this.#readers)
      if (users === 0 && now - usedAt >= READER_IDLE_MS) this.forget(owner);
  }

  #take(principal: Principal, owner: string, now: number): OpenReader {
    const before = this.#readers.get(owner);
    const isConfigured = principal.kind === 'configured';
    const open = before ?? { reader: this.#open(principal), isConfigured, users: 0, usedAt: now };
    open.users += 1;
    open.usedAt = now;
    // The latest is the last in order.
    this.#readers.delete(owner);
    this.#readers.set(owner, open);
    return open;
  }

  #leave(owner: string, open: OpenReader): void {
    open.users -= 1;
    // Forgotten meanwhile: it is closed already, and the owner may have another.
    if (open.users > 0 || this.#readers.get(owner) !== open) return;
    if (!open.isConfigured) this.forget(owner);
    else this.#bound();
  }

  #bound(): void {
    const idle = [...this.#readers].filter(([, { users }]) => users === 0);
    for (const [owner] of idle.slice(0, Math.max(0, idle.length - IDLE_READERS_MAX))) this.forget(owner);
  }
}
