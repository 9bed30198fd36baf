import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import type { CheckParameters } from '../checks/check.ts';
import type { FindingChange, FindingId } from '../findings/finding.ts';
import type {
  FindingReader,
  NewScan,
  Recorded,
  RunningScan,
  ScanClaim,
  ScanStore,
} from '../findings/port.ts';
import type { FindingWriter } from '../findings/record.ts';
import type { ScanEnds } from '../findings/scan-ends.ts';
import type { ScanOutcome } from '../findings/scan.ts';
import type { CallerIdentity } from '../inventory/account.ts';
import type { Principal } from '../principal.ts';
import type { backlogs } from '../settings.ts';
import { failureWords } from '../telling/scan-drafts.ts';
import type { AwsThread } from '../thread/aws-thread.ts';
import type { Scanned, ScanNotice } from '../thread/protocol.ts';
import { ProgressBeat } from './progress-beat.ts';

/** One scan to be made, and how. */
export interface ScanOrder {
  readonly scan: Omit<NewScan, 'runner'>;
  readonly principal: Principal;
  readonly backlog: (typeof backlogs)[number];
  /** The process that makes it. */
  readonly runner: string;
}

export interface ScanRunOptions {
  readonly store: ScanStore;
  readonly reader: Pick<FindingReader, 'openFindings'>;
  readonly writer: Pick<FindingWriter, 'write'>;
  readonly ends: Pick<ScanEnds, 'done' | 'failed'>;
  readonly openThread: (noticed: (notice: ScanNotice) => void) => Pick<AwsThread, 'call' | 'close'>;
  readonly excluded: readonly string[];
  readonly parameters: CheckParameters;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Known findings go to the thread in pages of this, and changes come back in those: nothing holds the loop up. */
const KNOWN_PAGE = 500;
const CHANGES_PAGE = 50;
const TWICE = 'Another scan of the same AWS account is under way, by another name.';

/**
 * Makes one scan to its end: in a thread of its own, which ends with it. Whatever happens to the process, what is written
 * until then is true, and the rest is found by the next scan. Rejects with StoreUnavailable; then others abandon it.
 */
export class ScanRun {
  readonly #options: ScanRunOptions;
  readonly #order: ScanOrder;
  readonly #claim: ScanClaim;
  readonly #beat: ProgressBeat;
  readonly #thread: Pick<AwsThread, 'call' | 'close'>;
  #isOver = false;

  private constructor(options: ScanRunOptions, order: ScanOrder) {
    this.#options = options;
    this.#order = order;
    this.#claim = { id: order.scan.id, runner: order.runner };
    const { store, clock, log } = options;
    this.#beat = new ProgressBeat({
      beat: (progress) => store.beat(this.#claim, clock.now(), progress),
      lost: () => this.#end(),
      clock,
      log,
    });
    this.#thread = options.openThread((notice) => this.#beat.note(notice));
  }

  static async make(options: ScanRunOptions, order: ScanOrder, signal: AbortSignal): Promise<void> {
    const { store, clock } = options;
    const isOurs = await store.begin({ id: order.scan.id, runner: order.runner }, clock.now());
    if (!isOurs) return;
    const run = new ScanRun(options, order);
    const abandon = (): void => run.#end();
    signal.addEventListener('abort', abandon, { once: true });
    try {
      if (signal.aborted) run.#end();
      await run.#make();
    } catch (error) {
      // What a scan that was stopped leaves undone is no fault.
      if (!run.#isOver) throw error;
    } finally {
      signal.removeEventListener('abort', abandon);
      run.#end();
      await run.#thread.close();
    }
  }

  async #make(): Promise<void> {
    this.#beat.start();
    const scanned = await this.#scan();
    if (this.#isOver || scanned.kind === 'cancelled') return;
    if (scanned.kind === 'failed') return this.#fail(failureWords(scanned.failure));
    await this.#record(scanned.identity, scanned.outcome);
  }

  async #scan(): Promise<Scanned> {
    const { excluded, parameters, clock } = this.#options;
    const { scan, principal } = this.#order;
    const { regions } = scan;
    const plan = {
      principal,
      excluded,
      parameters,
      now: clock.now(),
      ...(regions === undefined ? {} : { regions }),
    };
    try {
      return await this.#thread.call({ kind: 'scan', plan });
    } catch (error) {
      if (this.#isOver) return { kind: 'cancelled' };
      if (!(error instanceof ThreadEnded)) throw error;
      // Beyond the thread's bounds, most likely: told, or nobody would know that nothing is watched.
      await this.#fail(errorText(error));
      return { kind: 'cancelled' };
    }
  }

  async #record(identity: CallerIdentity, outcome: ScanOutcome): Promise<void> {
    const { store, writer, ends } = this.#options;
    const { accountId } = identity;
    if (!(await store.identified(this.#claim, accountId))) return this.#fail(TWICE);
    await this.#tellKnown(accountId);
    const { scan, backlog } = this.#order;
    const running: RunningScan = { ...this.#claim, accountId, account: scan.account, backlog };
    const recorded = await writer.write(running, this.#pages(), (soFar) => this.#noteRecorded(soFar));
    if (recorded === undefined || this.#isOver) return;
    this.#beat.stop();
    await ends.done(running, outcome, recorded);
  }

  async *#pages(): AsyncGenerator<readonly FindingChange[]> {
    for (;;) {
      const changes = await this.#thread.call({ kind: 'changes', limit: CHANGES_PAGE });
      // An early end would look like the whole of it.
      if (this.#isOver) throw new ThreadEnded('the scan was stopped');
      if (changes.length === 0) return;
      yield changes;
    }
  }

  #noteRecorded({ opened, resolved }: Recorded): void {
    this.#beat.note({ phase: 'recording', opened, resolved });
  }

  async #tellKnown(accountId: string): Promise<void> {
    let after: FindingId | undefined;
    do {
      const findings = await this.#options.reader.openFindings(accountId, after, KNOWN_PAGE);
      await this.#thread.call({ kind: 'known', findings });
      after = findings.length < KNOWN_PAGE ? undefined : findings.at(-1)?.id;
    } while (after !== undefined && !this.#isOver);
  }

  async #fail(detail: string): Promise<void> {
    this.#beat.stop();
    await this.#options.ends.failed({ ...this.#claim, account: this.#order.scan.account }, detail);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#beat.stop();
    void this.#thread.call({ kind: 'cancel' }).catch(() => undefined);
  }
}
