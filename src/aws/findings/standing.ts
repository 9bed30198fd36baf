import type { Clock } from '../../kernel/clock.ts';
import { type CheckSeverity, severities } from '../checks/check.ts';
import type { FindingReader, ScanStore } from './port.ts';

export type OpenBySeverity = Readonly<Record<CheckSeverity, number>>;

/** An account by AWS's twelve digits, or by its id in the config. */
export type AccountName = { readonly number: string } | { readonly id: string };

export interface FindingStandingOptions {
  readonly reader: Pick<FindingReader, 'counts'>;
  readonly scans: Pick<ScanStore, 'list' | 'latestDone'>;
  readonly clock: Clock;
}

interface Kept {
  readonly at: number;
  readonly open: Promise<OpenBySeverity | null>;
}

/** Counting thousands of findings takes milliseconds: for so long it is not done again. */
const KEEP_MS = 5_000;
const ACCOUNTS_MAX = 1_000;

/** How many findings of an account are open and not muted, as they were a moment ago. */
export class FindingStanding {
  readonly #options: FindingStandingOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: FindingStandingOptions) {
    this.#options = options;
  }

  /** Null before the account's first scan was done. Rejects with StoreUnavailable. */
  of(account: AccountName): Promise<OpenBySeverity | null> {
    const key = JSON.stringify(account);
    const now = this.#options.clock.now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && Math.abs(now - kept.at) < KEEP_MS) return kept.open;
    const open = this.#count(account);
    if (this.#kept.size >= ACCOUNTS_MAX) this.#kept.clear();
    this.#kept.set(key, { at: now, open });
    // Whoever asked is told; the next one asks again.
    open.catch(() => this.#kept.delete(key));
    return open;
  }

  async #count(account: AccountName): Promise<OpenBySeverity | null> {
    const { reader, scans } = this.#options;
    const number = 'number' in account ? account.number : await this.#numberOf(account.id);
    if (number === undefined || (await scans.latestDone(number)).length === 0) return null;
    const counts = await reader.counts({ account: number, state: 'open' });
    const open = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<
      CheckSeverity,
      number
    >;
    for (const { severity, count, muted } of counts) if (!muted) open[severity] += count;
    return open;
  }

  async #numberOf(id: string): Promise<string | undefined> {
    const [last] = await this.#options.scans.list({ account: id, state: 'done' }, 1);
    return last?.accountId;
  }
}
