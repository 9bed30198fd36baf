import type { Clock } from '../kernel/clock.ts';
import type { Journal } from '../storage/journal.ts';
import { tokenStatements } from './token-statements.ts';

/** How exactly it is kept when a token was last used: no token costs more than one write in that time. */
const EVERY_MS = 60_000;
const FLUSH_MS = 5_000;

/** Writes down when tokens were used, roughly and later: no request waits for it. */
export class TokenUses {
  readonly #journal: Pick<Journal, 'submit'>;
  readonly #clock: Clock;
  /** When what is on disk was used, by token. */
  readonly #written = new Map<string, number>();
  #unwritten = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(journal: Pick<Journal, 'submit'>, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  note(id: string): void {
    const now = this.#clock.now();
    const written = this.#written.get(id);
    if (written !== undefined && now - written < EVERY_MS) return;
    this.#unwritten.set(id, now);
    this.#cancel ??= this.#clock.after(FLUSH_MS, () => void this.flush());
  }

  /** Writes what is not written yet. Call it before the journal is drained. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const uses = [...this.#unwritten];
    this.#unwritten = new Map();
    if (uses.length === 0) return;
    for (const [id, at] of uses) this.#written.set(id, at);
    this.#forgetOld();
    const writes = uses.map((row) => ({ statement: tokenStatements.used.name, row }));
    // The journal has said in the log what is wrong; the tokens' next uses are written in a minute.
    await this.#journal.submit([{ writes }]).catch(() => undefined);
  }

  /** Tokens come and go; what is past its minute says nothing any more. */
  #forgetOld(): void {
    const before = this.#clock.now() - EVERY_MS;
    for (const [id, at] of this.#written) if (at < before) this.#written.delete(id);
  }
}
