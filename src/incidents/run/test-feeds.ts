import { sampleFeed } from '../../../tests/support/incident-lists.ts';
import type { Logger } from '../../kernel/log.ts';
import type { FileFeed, PushedFeed } from '../feeds/feed.ts';
import type { FeedReport, ListReport } from '../report.ts';

/** A feed in files that are nowhere: for tests of what is done with any feed that is asked. */
export const askedFeed = (over: Partial<FileFeed> = {}): FileFeed => ({
  ...sampleFeed({ kind: 'file' }),
  kind: 'file',
  path: '/nowhere',
  identitiesPath: undefined,
  typeField: 'type',
  everyMs: 1_000,
  bytesMax: 1_000_000,
  ...over,
});

export const pushedFeed = (over: Partial<PushedFeed> = {}): PushedFeed => ({
  ...sampleFeed({ id: 'pushed', kind: 'push' }),
  kind: 'push',
  typeField: 'type',
  listedForMs: 86_400_000,
  listedMax: 100_000,
  ...over,
});

/** How a list stands that was had at `at`. */
export const listReport = (
  name: string,
  at: number | undefined,
  over: Partial<ListReport> = {},
): ListReport => ({
  name,
  lastAttemptAt: at,
  lastSuccessAt: at,
  durationMs: 1,
  attempts: 1,
  error: undefined,
  count: 0,
  unresolved: 0,
  invalid: 0,
  ...over,
});

/** A report of the sample feed. */
export const feedReport = (at: number | undefined, over: Partial<FeedReport> = {}): FeedReport => ({
  id: 'elevate',
  kind: 'file',
  refreshedAt: at,
  durationMs: 1,
  document: undefined,
  failedInARow: 0,
  parallel: undefined,
  breaker: undefined,
  identities: undefined,
  types: sampleFeed().types.map(({ type }) => listReport(type, at)),
  ...over,
});

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A promise, and how to end it. */
export function promised<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
