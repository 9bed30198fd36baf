import type { Book, ListCounts } from '../book/port.ts';
import { UNKNOWN_TYPE } from '../book/read-record.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import type { FeedReport, ListReport } from '../report.ts';
import type { FeedLedger } from './feed-ledger.ts';
import type { PushResult } from './protocol.ts';

/** Where one feed is worked at: it is asked, or sent to, and what comes in goes into the book. */
export interface Desk {
  /** `report`: how the feed stood with the process that asked it before this one. */
  resume(report: FeedReport): void;
  /** Asks the feed, or reads its files. Of a pushed feed: nothing. `now`: Unix ms. Never two at once. */
  refresh(now: number): Promise<FeedReport>;
  /** Of a pushed feed only. */
  push(body: Uint8Array, now: number): PushResult;
  /** As it stands, with the counts of now: the store or another feed's identities may have changed them. */
  report(): FeedReport;
  close(): Promise<void>;
}

/** The ledger's report with what the book counts now. */
export function countedReport(feed: AnyFeed, book: Book, ledger: FeedLedger): FeedReport {
  for (const { type } of feed.types) ledger.count(type, book.counts(feed.id, type));
  const { report } = ledger;
  const unknown = unknownTypes(report.types, book.counts(feed.id, UNKNOWN_TYPE.type));
  return { ...report, types: [...report.types, ...unknown] };
}

/** Records that name no type of the feed are told of as one list more, which stands as the others do. */
function unknownTypes([first]: readonly ListReport[], counts: ListCounts): readonly ListReport[] {
  if (first === undefined || counts.invalid === 0) return [];
  return [{ ...first, ...counts, name: UNKNOWN_TYPE.type, error: undefined }];
}
