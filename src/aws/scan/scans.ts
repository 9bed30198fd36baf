import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { Leadership } from '../../storage/store.ts';
import { newScanId, type ScanId } from '../findings/scan.ts';
import { type NewScan, SCAN_STALE_MS, type ScanStore, type StoredScan } from '../findings/port.ts';
import type { Principal } from '../principal.ts';
import type { ConfiguredAccount } from './accounts.ts';
import { DUE_LOOKS_AT, dueAt } from './due.ts';
import type { ScanOrder } from './scan-run.ts';

export interface ScansOptions {
  readonly accounts: readonly ConfiguredAccount[];
  readonly store: ScanStore;
  /** Makes one, to its end; rejects only for what is a bug or the store's. Aborted: soon. */
  readonly run: (order: ScanOrder, signal: AbortSignal) => Promise<void>;
  /** Undefined where one process has the database to itself. */
  readonly leadership: Leadership | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Who is logged in to AWS and asks for a scan: it is made here, for the keys are here alone. */
export interface SessionScan {
  /** The session: with it the scan ends. */
  readonly owner: string;
  readonly principal: Principal;
  readonly accountId: string;
}

interface Running {
  /** The session whose keys it has; undefined for a configured account's. */
  readonly owner: string | undefined;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
/** Where there is none to be made, those of sessions whose process died are still to be ended. */
const LOOK_IDLY_MS = 60_000;
const LOOK_AGAIN_MS = 30_000;
/** Of configured accounts; others wait their turn. */
const SCANS_AT_ONCE = 2;
const LEADS_IN = 'aws/scans';

/** The scans that this process makes: those that are due or asked for, while it leads, and those of its sessions. */
export class Scans {
  readonly #options: ScansOptions;
  /** What its scans bear as their runner. */
  readonly #self = randomUUID();
  readonly #running = new Map<ScanId, Running>();
  /** When it is looked whether an account is due. */
  readonly #lookAt = new Map<string, number>();
  #isLeading = false;
  #collects = false;
  #hasLooked = false;
  #looking: Promise<void> | undefined;
  #cancelLook: (() => void) | undefined;
  #isStopped = true;

  constructor(options: ScansOptions) {
    this.#options = options;
  }

  /** Whether this process is the one that scans configured accounts. */
  get isLeading(): boolean {
    return this.#isLeading;
  }

  get accounts(): readonly ConfiguredAccount[] {
    return this.#options.accounts;
  }

  /** `collects`: whether this process scans configured accounts, or leaves that to others. */
  start(collects: boolean): void {
    this.#isStopped = false;
    this.#collects = collects;
    if (collects) this.#look();
  }

  /** False: a scan of it is under way or asked for already. Rejects with StoreUnavailable. */
  async request(
    account: ConfiguredAccount,
    by: string,
    regions?: readonly string[],
  ): Promise<ScanId | undefined> {
    const scan = this.#newScan(
      { account: account.id, accountId: undefined, requestedBy: by },
      'request',
      regions,
    );
    const isTaken = await this.#options.store.request(scan);
    if (isTaken && this.#collects) this.#look();
    return isTaken ? scan.id : undefined;
  }

  /** The same for a session; it begins at once. */
  async requestFor(
    session: SessionScan,
    by: string,
    regions?: readonly string[],
  ): Promise<ScanId | undefined> {
    const { owner, principal, accountId } = session;
    const asked = { account: undefined, accountId, requestedBy: by, runner: this.#self };
    const scan = this.#newScan(asked, 'request', regions);
    if (this.#isStopped || !(await this.#options.store.request(scan))) return undefined;
    this.#begin({ scan, principal, backlog: 'summary' }, owner);
    return scan.id;
  }

  /** A session is over: nothing goes on with its keys. */
  endOf(owner: string): void {
    for (const [id, running] of this.#running) {
      if (running.owner !== owner) continue;
      running.abort.abort();
      void this.#cancel(id, 'The AWS session that it was made with has ended.');
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLook?.();
    await this.#looking;
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ ended }) => ended));
    const { store, clock, log } = this.#options;
    // Whoever is next need not wait until their beat is old.
    await store.abandon({ runner: this.#self }, clock.now()).catch((error: unknown) => {
      log.debug({ reason: errorText(error) }, "that scans are nobody's could not be written");
    });
  }

  async #cancel(id: ScanId, detail: string): Promise<void> {
    const { store, clock, log } = this.#options;
    await store.cancel(id, clock.now(), detail).catch((error: unknown) => {
      log.warn({ 'tocsin.scan.id': id, reason: errorText(error) }, 'a scan could not be cancelled');
    });
  }

  #newScan(
    asked: Pick<NewScan, 'account' | 'accountId' | 'requestedBy' | 'runner'>,
    trigger: NewScan['trigger'],
    regions: readonly string[] | undefined,
  ): NewScan {
    const requestedAt = this.#options.clock.now();
    return {
      id: newScanId(requestedAt),
      trigger,
      requestedAt,
      ...asked,
      ...(regions === undefined ? {} : { regions }),
    };
  }

  /** Now, and again and again. Two looks at once would begin a scan twice; the store would refuse the second. */
  #look(): void {
    if (this.#isStopped || this.#looking !== undefined) return;
    this.#cancelLook?.();
    this.#looking = this.#lookOnce()
      .catch((error: unknown) => {
        this.#options.log.debug({ reason: errorText(error) }, 'scans cannot be looked for now');
      })
      .finally(() => {
        this.#looking = undefined;
        const waitMs = this.#options.accounts.length === 0 ? LOOK_IDLY_MS : LOOK_EVERY_MS;
        if (!this.#isStopped) this.#cancelLook = this.#options.clock.after(waitMs, () => this.#look());
      });
  }

  async #lookOnce(): Promise<void> {
    const { leadership } = this.#options;
    const leads = leadership === undefined || (await leadership.leads(LEADS_IN));
    if (leads && !this.#isLeading) this.#lookAt.clear();
    this.#isLeading = leads;
    if (!leads) return;
    await this.#abandonStale();
    for (const account of this.#options.accounts) await this.#requestDue(account);
    await this.#beginRequested();
  }

  async #abandonStale(): Promise<void> {
    const { store, clock, leadership } = this.#options;
    const now = clock.now();
    // One process has the database to itself: whoever began a scan before it is gone.
    const isFirst = leadership === undefined && !this.#hasLooked;
    await store.abandon({ beatBefore: isFirst ? now + SCAN_STALE_MS : now - SCAN_STALE_MS }, now);
    this.#hasLooked = true;
  }

  async #requestDue(account: ConfiguredAccount): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    if ((this.#lookAt.get(account.id) ?? 0) > now) return;
    const last = await store.list({ account: account.id }, DUE_LOOKS_AT);
    const due = dueAt(account, last, now);
    if (due !== undefined && due <= now) {
      const asked = { account: account.id, accountId: undefined, requestedBy: 'schedule' };
      await store.request(this.#newScan(asked, 'schedule', undefined));
    }
    // Not only then: another process may have scanned it meanwhile.
    const isAhead = due !== undefined && due > now;
    this.#lookAt.set(account.id, Math.min(now + LOOK_AGAIN_MS, isAhead ? due : Number.MAX_SAFE_INTEGER));
  }

  async #beginRequested(): Promise<void> {
    const requested = await this.#options.store.list({ state: 'requested' }, 100);
    // The oldest first: nobody waits behind who came later.
    for (const scan of requested.toReversed()) {
      if (scan.runner !== undefined || this.#running.has(scan.id)) continue;
      const account = this.#options.accounts.find(({ id }) => id === scan.account);
      if (account === undefined) {
        await this.#cancel(scan.id, 'The account is configured no more.');
        continue;
      }
      if (this.#configuredScans >= SCANS_AT_ONCE) return;
      this.#begin(orderOf(scan, account), undefined);
    }
  }

  get #configuredScans(): number {
    return [...this.#running.values()].filter(({ owner }) => owner === undefined).length;
  }

  #begin(order: Omit<ScanOrder, 'runner'>, owner: string | undefined): void {
    const abort = new AbortController();
    const { run, log } = this.#options;
    const ended = run({ ...order, runner: this.#self }, abort.signal)
      .catch((error: unknown) => {
        log.warn({ 'tocsin.scan.id': order.scan.id, reason: errorText(error) }, 'a scan came to nothing');
      })
      .finally(() => {
        this.#running.delete(order.scan.id);
        if (order.scan.account !== undefined) this.#lookAt.delete(order.scan.account);
      });
    this.#running.set(order.scan.id, { owner, abort, ended });
  }
}

const orderOf = (
  scan: StoredScan,
  { principal, backlog, regions }: ConfiguredAccount,
): Omit<ScanOrder, 'runner'> => ({
  scan: scan.regions === undefined && regions !== undefined ? { ...scan, regions } : scan,
  principal,
  backlog,
});
