import type { Book } from '../book/port.ts';
import { UNKNOWN_TYPE } from '../book/read-record.ts';
import { readCsv } from '../book/read-csv.ts';
import { readIdentities } from '../book/read-identities.ts';
import type { ReadList } from '../book/reading.ts';
import { readJsonFile, readLines } from '../book/read-records.ts';
import type { CollectFailure } from '../collect/collected.ts';
import type { CollectedFile, CollectedFiles, FileCollector } from '../collect/files.ts';
import type { FileFeed } from '../feeds/feed.ts';
import type { Incident, IncidentId } from '../incident.ts';
import type { FeedReport } from '../report.ts';
import { countedReport, type Desk } from './desk.ts';
import type { FeedLedger } from './feed-ledger.ts';
import type { PushResult } from './protocol.ts';

export interface FileDeskOptions {
  readonly feed: FileFeed;
  readonly book: Book;
  readonly ledger: FeedLedger;
  readonly collector: FileCollector;
  /** Aborted when the thread closes. */
  readonly signal: AbortSignal;
}

type Failure = { readonly reason: CollectFailure; readonly detail: string };

/** A feed in files. All of them together are its list: a record that stands in two of them is one incident. */
export class FileDesk implements Desk {
  readonly #options: FileDeskOptions;
  /** What each file held when it was last read; one that cannot be read now keeps what it had. */
  #files = new Map<string, readonly Incident[]>();

  constructor(options: FileDeskOptions) {
    this.#options = options;
  }

  async refresh(now: number): Promise<FeedReport> {
    const { collector, ledger, signal } = this.#options;
    const startedAt = performance.now();
    const collected = await collector.collect(signal);
    if (signal.aborted) return this.report();
    this.#takeIdentities(collected.identities, now);
    const failure = collected.failure ?? this.#takeFiles(collected.files);
    const durationMs = Math.round(performance.now() - startedAt);
    const isWhole = collected.files.every(({ name }) => this.#files.has(name));
    // What an unread file held before this process knows only the store: a list without it would take that off.
    if (collected.failure === undefined && isWhole) this.#list();
    for (const { type } of this.#options.feed.types)
      ledger.list(type, { failure, attempts: 1, durationMs }, now);
    ledger.refreshed({ refreshedAt: now, durationMs, parallel: undefined, breaker: undefined });
    return this.report();
  }

  push(): PushResult {
    return { kind: 'refused', detail: 'this feed is read from files, not sent to' };
  }

  resume(report: FeedReport): void {
    this.#options.ledger.resume(report);
  }

  report(): FeedReport {
    const { feed, book, ledger } = this.#options;
    return countedReport(feed, book, ledger);
  }

  async close(): Promise<void> {}

  /** The first failure, if there was one. */
  #takeFiles(files: readonly CollectedFile[]): Failure | undefined {
    const before = this.#files;
    const failures: Failure[] = [];
    this.#files = new Map();
    for (const file of files) {
      const { incidents = before.get(file.name), failure } = this.#read(file);
      if (incidents !== undefined) this.#files.set(file.name, incidents);
      if (failure !== undefined) failures.push({ ...failure, detail: `${file.name}: ${failure.detail}` });
    }
    return failures[0];
  }

  /** No incidents where it failed, or is what it was. */
  #read({ name, format, text, failure }: CollectedFile): {
    readonly incidents?: readonly Incident[];
    readonly failure?: Failure | undefined;
  } {
    if (text === undefined) return { failure };
    const read = this.#readAs(format, text);
    if (read.kind === 'list') return { incidents: read.incidents };
    // What is of no use now is of none the next time, even if it is the same.
    this.#options.collector.forget(name);
    return { failure: read };
  }

  #readAs(format: CollectedFile['format'], text: string): ReadList {
    const { feed } = this.#options;
    switch (format) {
      case 'ndjson':
        return readLines(feed, feed.typeField, text);
      case 'csv':
        return readCsv(feed, feed.typeField, text);
      case 'json':
        return readJsonFile(feed, feed.typeField, text);
    }
  }

  #list(): void {
    const { feed, book } = this.#options;
    const byType = new Map<string, Map<IncidentId, Incident>>();
    for (const incident of [...this.#files.values()].flat()) {
      const list = byType.get(incident.type) ?? new Map<IncidentId, Incident>();
      byType.set(incident.type, list.set(incident.id, incident));
    }
    const types = [...feed.types.map(({ type }) => type), UNKNOWN_TYPE.type];
    for (const type of types) book.takeList(feed.id, type, [...(byType.get(type)?.values() ?? [])]);
  }

  #takeIdentities(file: CollectedFiles['identities'], now: number): void {
    if (file === undefined) return;
    const { feed, book, ledger, collector } = this.#options;
    let failure: Failure | undefined = file.failure;
    if (file.text !== undefined) {
      const read = readIdentities(file.text);
      if (read.kind === 'refused') {
        failure = read;
        collector.forget(undefined);
      } else {
        const { count, forgotten } = book.takeIdentities(feed.id, read.identities, now);
        ledger.countIdentities(count, forgotten, read.invalid);
      }
    }
    ledger.identities({ failure, attempts: 1, durationMs: 0 }, now);
  }
}
