import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { openTestStore } from '../../../tests/support/test-store.ts';
import { Ingest } from '../../events/ingest.ts';
import { EventStore, type ListedEvent } from '../../events/store.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Journal } from '../../storage/journal.ts';
import type { Submission } from '../../storage/statement.ts';
import { type Store, StoreUnavailable } from '../../storage/store.ts';
import { FindingWriter } from './record.ts';
import { SqlScanStore } from './scan-store.ts';
import { FindingStore } from './store.ts';

/** A store with what writes findings, whose commits can be made to fail. */
export class TestBench {
  readonly clock = new ManualClock();
  readonly store: Store;
  readonly ingest: Ingest;
  readonly reader: FindingStore;
  readonly scans: SqlScanStore;
  readonly journal: Pick<Journal, 'submit'>;
  readonly writer: FindingWriter;
  /** What becomes of the submission with this number and those behind it: lost before they are written, or their answer. */
  loses: { readonly what: 'submission' | 'answer'; readonly from: number } | undefined;
  submissions = 0;

  constructor(store: Store) {
    this.store = store;
    const journal = new Journal(store, silentLogger);
    this.reader = new FindingStore(store, this.clock);
    this.scans = new SqlScanStore(store, journal);
    const nowhere = { matched: [], writes: [], committed: () => {}, dropped: () => {} };
    this.ingest = new Ingest(
      journal,
      () => nowhere,
      this.clock,
      () => 3_600_000,
    );
    this.journal = { submit: (submission) => this.#submit(journal, submission) };
    this.writer = new FindingWriter({ ...this, ingest: this.ingest, checks: [], log: silentLogger });
  }

  static async open(): Promise<TestBench> {
    return new TestBench(await openTestStore());
  }

  /** Events' types, the oldest first. */
  async told(): Promise<readonly string[]> {
    return (await this.events()).map(({ type }) => type);
  }

  async events(): Promise<readonly ListedEvent[]> {
    return (await new EventStore(this.store).list({}, 1_000)).toReversed();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #submit(journal: Journal, submission: Submission): Promise<readonly boolean[]> {
    const number = this.submissions++;
    const lost = this.loses !== undefined && number >= this.loses.from ? this.loses.what : undefined;
    if (lost === 'submission') throw new StoreUnavailable('away');
    const passed = await journal.submit(submission);
    if (lost === 'answer') throw new StoreUnavailable('away');
    return passed;
  }
}
