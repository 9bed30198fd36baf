import type { ChangePage } from '../book/port.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import type { AttributedIncident, Identity, IncidentId } from '../incident.ts';
import type { FeedReport } from '../report.ts';

/** What the thread is started with. Credentials are in it: it is never logged. */
export interface ThreadOptions {
  readonly feeds: readonly AnyFeed[];
  /** As they were stored last; a feed without one was never asked. */
  readonly reports: readonly FeedReport[];
}

export type Work =
  /** A page of what the store holds. */
  | {
      readonly kind: 'load';
      readonly feed: string;
      readonly incidents: readonly AttributedIncident[];
      readonly identities: readonly Identity[];
    }
  | {
      readonly kind: 'adopt';
      readonly feed: string;
      readonly incidents: readonly AttributedIncident[];
      readonly gone: readonly IncidentId[];
      readonly identities: readonly Identity[];
    }
  /** This process asks the feed from now on; `report`: how it stood with the one before. */
  | { readonly kind: 'resume'; readonly feed: string; readonly report: FeedReport }
  /** Asks the feed for all its lists, or reads its files; answers with a `FeedReport`. */
  | { readonly kind: 'refresh'; readonly feed: string; readonly now: number }
  /** A proved body; answers with `PushResult`. */
  | { readonly kind: 'push'; readonly feed: string; readonly body: Uint8Array; readonly now: number }
  | { readonly kind: 'drop'; readonly feed: string; readonly incidents: readonly IncidentId[] }
  | { readonly kind: 'changes'; readonly feed: string; readonly limit: number }
  | { readonly kind: 'stored'; readonly feed: string; readonly mark: number }
  /** Makes the document if it has changed; answers with a `MadeDocument` or undefined. */
  | { readonly kind: 'document' }
  /** How a feed's lists stand now; answers with a `FeedReport`. */
  | { readonly kind: 'report'; readonly feed: string }
  | { readonly kind: 'close' };

export interface MadeDocument {
  /** Each in a buffer of its own. */
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer>;
  readonly hash: string;
  readonly unresolved: number;
  readonly incidents: number;
}

export type PushResult =
  | { readonly kind: 'taken'; readonly taken: number; readonly repeats: number; readonly invalid: number }
  | { readonly kind: 'refused'; readonly detail: string }
  /** It lists as many as memory has room for: nothing was taken. */
  | { readonly kind: 'full'; readonly detail: string };

export interface Results {
  readonly load: undefined;
  readonly adopt: undefined;
  readonly resume: undefined;
  readonly refresh: FeedReport;
  readonly push: PushResult;
  readonly drop: undefined;
  readonly changes: ChangePage;
  readonly stored: undefined;
  readonly document: MadeDocument | undefined;
  readonly report: FeedReport;
  readonly close: undefined;
}
