import { readPushed } from '../book/read-records.ts';
import { UNKNOWN_TYPE } from '../book/read-record.ts';
import type { Book } from '../book/port.ts';
import type { PushedFeed } from '../feeds/feed.ts';
import type { FeedReport } from '../report.ts';
import { countedReport, type Desk } from './desk.ts';
import type { FeedLedger } from './feed-ledger.ts';
import type { PushResult } from './protocol.ts';

export interface PushDeskOptions {
  readonly feed: PushedFeed;
  readonly book: Book;
  readonly ledger: FeedLedger;
}

const full = ({ listedMax }: PushedFeed): PushResult => ({
  kind: 'full',
  detail: `This feed would list more than ${listedMax} incidents (its listedMax). They leave it after its listedFor.`,
});

/** A feed that is sent to. */
export class PushDesk implements Desk {
  readonly #options: PushDeskOptions;

  constructor(options: PushDeskOptions) {
    this.#options = options;
  }

  async refresh(): Promise<FeedReport> {
    return this.report();
  }

  push(body: Uint8Array, now: number): PushResult {
    const { feed, book, ledger } = this.#options;
    const read = readPushed(feed, feed.typeField, body);
    if (read.kind === 'refused') return { kind: 'refused', detail: read.detail };
    if (this.#listed + read.incidents.length > feed.listedMax) return full(feed);
    const counts = book.push(feed.id, read.incidents);
    const had = { failure: undefined, attempts: 1, durationMs: 0 };
    for (const type of new Set(read.incidents.map((incident) => incident.type))) ledger.list(type, had, now);
    return { kind: 'taken', ...counts };
  }

  resume(report: FeedReport): void {
    this.#options.ledger.resume(report);
  }

  get #listed(): number {
    const { feed, book } = this.#options;
    const lists = [...feed.types, UNKNOWN_TYPE].map(({ type }) => book.counts(feed.id, type));
    return lists.reduce((sum, { count, invalid }) => sum + count + invalid, 0);
  }

  report(): FeedReport {
    const { feed, book, ledger } = this.#options;
    return countedReport(feed, book, ledger);
  }

  async close(): Promise<void> {}
}
