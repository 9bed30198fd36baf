import type { Book } from '../book/port.ts';
import { readIdentities } from '../book/read-identities.ts';
import { readList } from '../book/read-list.ts';
import { RecordMemory } from '../book/record-memory.ts';
import type { CollectedList, Collector, CollectFailure } from '../collect/collected.ts';
import type { FeedType, PolledFeed } from '../feeds/feed.ts';
import type { FeedReport } from '../report.ts';
import { countedReport, type Desk } from './desk.ts';
import type { FeedLedger } from './feed-ledger.ts';
import type { PushResult } from './protocol.ts';

export interface PolledDeskOptions {
  readonly feed: PolledFeed;
  readonly book: Book;
  readonly ledger: FeedLedger;
  readonly collector: Collector;
  /** Aborted when the thread closes. */
  readonly signal: AbortSignal;
}

type Refused = { readonly reason: CollectFailure; readonly detail: string };

/** A feed that is asked over HTTP. */
export class PolledDesk implements Desk {
  readonly #options: PolledDeskOptions;
  readonly #types: ReadonlyMap<string, FeedType>;
  /** Of each list's last reading: what has not changed is not read again. */
  readonly #memories: ReadonlyMap<string, RecordMemory>;

  constructor(options: PolledDeskOptions) {
    this.#options = options;
    const { types } = options.feed;
    this.#types = new Map(types.map((type) => [type.type, type]));
    this.#memories = new Map(types.map(({ type }) => [type, new RecordMemory()]));
  }

  async refresh(now: number): Promise<FeedReport> {
    const { collector, ledger, signal } = this.#options;
    const { durationMs, parallel, breaker } = await collector.collect(signal, (list) =>
      this.#take(list, now),
    );
    ledger.refreshed({ refreshedAt: now, durationMs, parallel, breaker });
    return this.report();
  }

  push(): PushResult {
    return { kind: 'refused', detail: 'this feed is asked, not sent to' };
  }

  resume(report: FeedReport): void {
    this.#options.ledger.resume(report);
  }

  report(): FeedReport {
    const { feed, book, ledger } = this.#options;
    return countedReport(feed, book, ledger);
  }

  close(): Promise<void> {
    return this.#options.collector.close();
  }

  #take(list: CollectedList, now: number): void {
    const { collector, ledger } = this.#options;
    const refused = list.body === undefined ? undefined : this.#read(list.type, list.body, now);
    // What is of no use now is of none the next time, even if it is the same.
    if (refused !== undefined) collector.forget(list.type);
    const outcome = { ...list, failure: list.failure ?? refused };
    if (list.type === undefined) ledger.identities(outcome, now);
    else ledger.list(list.type, outcome, now);
  }

  #read(type: string | undefined, body: string, now: number): Refused | undefined {
    return type === undefined ? this.#readIdentities(body, now) : this.#readType(type, body);
  }

  #readIdentities(body: string, now: number): Refused | undefined {
    const { feed, book, ledger } = this.#options;
    const read = readIdentities(body);
    if (read.kind === 'refused') return read;
    const { count, forgotten } = book.takeIdentities(feed.id, read.identities, now);
    ledger.countIdentities(count, forgotten, read.invalid);
    return undefined;
  }

  #readType(name: string, body: string): Refused | undefined {
    const { feed, book } = this.#options;
    const type = this.#types.get(name);
    if (type === undefined) throw new TypeError(`no type ${name}`);
    const read = readList(feed, type, body, this.#memories.get(name));
    if (read.kind === 'refused') return read;
    book.takeList(feed.id, name, read.incidents);
    return undefined;
  }
}
