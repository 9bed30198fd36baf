import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { openTestStore } from '../../../tests/support/test-store.ts';
import { Ingest } from '../../events/ingest.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Journal } from '../../storage/journal.ts';
import type { Submission } from '../../storage/statement.ts';
import { type Store, StoreUnavailable } from '../../storage/store.ts';
import { IncidentStore } from '../store/store.ts';

interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: string;
}

/** A store with its journal, whose commits can be made to fail. */
export class TestBench {
  readonly clock = new ManualClock();
  readonly store: Store;
  readonly ingest: Ingest;
  readonly reader: IncidentStore;
  readonly journal: Pick<Journal, 'submit'>;
  /** What becomes of submissions: lost before they are written, or, written, their answer. */
  loses: 'submission' | 'answer' | undefined;

  private constructor(store: Store) {
    this.store = store;
    this.reader = new IncidentStore(store);
    const journal = new Journal(store, silentLogger);
    const nowhere = { matched: [], writes: [], committed: () => {}, dropped: () => {} };
    this.ingest = new Ingest(
      journal,
      () => nowhere,
      this.clock,
      () => 3_600_000,
    );
    this.journal = { submit: (submission) => this.#submit(journal, submission) };
  }

  static async open(): Promise<TestBench> {
    return new TestBench(await openTestStore());
  }

  /** Events' types, the oldest first. */
  async told(): Promise<readonly string[]> {
    return (await this.events()).map(({ type }) => type);
  }

  events(): Promise<readonly ToldEvent[]> {
    const events = this.store.read.withTables<{ events: ToldEvent }>().selectFrom('events');
    return events.select(['id', 'type', 'payload']).orderBy('id').execute();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #submit(journal: Journal, submission: Submission): Promise<readonly boolean[]> {
    const { loses } = this;
    if (loses === 'submission') throw new StoreUnavailable('away');
    const passed = await journal.submit(submission);
    if (loses === 'answer') throw new StoreUnavailable('away');
    return passed;
  }
}
