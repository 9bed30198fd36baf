import { IncidentBook } from '../incidents/book/incident-book.ts';
import type { Book, BookDocument } from '../incidents/book/port.ts';
import type { CollectedList, Collector } from '../incidents/collect/collected.ts';
import { createFileCollector } from '../incidents/collect/files.ts';
import { createPollCollector } from '../incidents/collect/poll.ts';
import type { AnyFeed, FileFeed, PolledFeed } from '../incidents/feeds/feed.ts';
import type { FeedReport, ListReport } from '../incidents/report.ts';
import type { Desk } from '../incidents/thread/desk.ts';
import { FeedLedger } from '../incidents/thread/feed-ledger.ts';
import { FileDesk } from '../incidents/thread/file-desk.ts';
import { PolledDesk } from '../incidents/thread/polled-desk.ts';
import { systemClock } from '../kernel/clock.ts';

/** A feed that can be asked; the others are sent to. */
export type FetchedFeed = PolledFeed | FileFeed;

/** What became of one list. */
export interface FetchedList extends ListReport {
  readonly feed: string;
  readonly isIdentities: boolean;
  /** Of the last answer; undefined without one, and of files. */
  readonly status: number | undefined;
  readonly bytes: number | undefined;
}

export interface Fetched {
  /** Undefined when no list of incidents was had: that is not the same as none being listed. */
  readonly document: BookDocument | undefined;
  readonly lists: readonly FetchedList[];
}

type OnList = (feed: string, list: CollectedList) => void;

/** Asks every feed for all its lists, once, without a service and its store, and attributes what they hold. */
export async function fetchFeeds(feeds: readonly FetchedFeed[], onList: OnList): Promise<Fetched> {
  const book = new IncidentBook(feeds);
  const answers = new Map<string, CollectedList>();
  const note: OnList = (feed, list) => {
    answers.set(keyOf(feed, list.type), list);
    onList(feed, list);
  };
  const desks = feeds.map((feed) => deskOf(feed, book, note));
  try {
    await Promise.all(desks.map((desk) => desk.refresh(systemClock.now())));
    // Only now: one feed's addresses may be among another's identities.
    const lists = desks.flatMap((desk) => listsOf(desk.report(), answers));
    const wasHad = lists.some(({ isIdentities, error }) => !isIdentities && error === undefined);
    return { document: wasHad ? book.document() : undefined, lists };
  } finally {
    await Promise.all(desks.map((desk) => desk.close()));
  }
}

/** The feeds that can be asked; with those whose identities one that is asked for needs, for these alone. */
export function feedsToFetch(feeds: readonly AnyFeed[], wanted: string | undefined): readonly FetchedFeed[] {
  const able = feeds.filter((feed) => feed.kind !== 'push');
  if (wanted === undefined) return able;
  const named = able.filter(({ id }) => id === wanted);
  const identities = able.filter(({ id }) => id !== wanted && named.some((one) => one.identitiesOf === id));
  return [...identities.map((feed) => ({ ...feed, types: [] })), ...named];
}

function deskOf(feed: FetchedFeed, book: Book, onList: OnList): Desk {
  const ledger = new FeedLedger(feed, undefined);
  const { signal } = new AbortController();
  if (feed.kind === 'file')
    return new FileDesk({ feed, book, ledger, collector: createFileCollector(feed), signal });
  const collector = createPollCollector(feed, { clock: systemClock, random: Math.random });
  return new PolledDesk({ feed, book, ledger, collector: heard(feed.id, collector, onList), signal });
}

/** The same collector, listened to. */
const heard = (feed: string, collector: Collector, listen: OnList): Collector => ({
  collect: (signal, onList) =>
    collector.collect(signal, (list) => {
      listen(feed, list);
      onList(list);
    }),
  forget: (type) => collector.forget(type),
  close: () => collector.close(),
});

function listsOf(report: FeedReport, answers: ReadonlyMap<string, CollectedList>): readonly FetchedList[] {
  const { id, identities, types } = report;
  const told = (list: ListReport, type: string | undefined): FetchedList => {
    const answer = answers.get(keyOf(id, type));
    const isIdentities = type === undefined;
    return { ...list, feed: id, isIdentities, status: answer?.status, bytes: answer?.bytes };
  };
  const own = identities === undefined ? [] : [told(identities, undefined)];
  return [...own, ...types.map((list) => told(list, list.name))];
}

const keyOf = (feed: string, type: string | undefined): string => `${feed}/${type ?? ''}`;
