import { systemClock } from '../../kernel/clock.ts';
import type { Book } from '../book/port.ts';
import { createFileCollector } from '../collect/files.ts';
import { createPollCollector } from '../collect/poll.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import type { FeedReport } from '../report.ts';
import type { Desk } from './desk.ts';
import { FeedLedger } from './feed-ledger.ts';
import { FileDesk } from './file-desk.ts';
import { PolledDesk } from './polled-desk.ts';
import { PushDesk } from './push-desk.ts';

/** The desk of a feed. Nothing is asked yet; `stored`: how the feed stood when that was last stored. */
export function openDesk(
  feed: AnyFeed,
  book: Book,
  stored: FeedReport | undefined,
  signal: AbortSignal,
): Desk {
  const ledger = new FeedLedger(feed, stored);
  switch (feed.kind) {
    case 'poll': {
      const collector = createPollCollector(feed, { clock: systemClock, random: Math.random });
      return new PolledDesk({ feed, book, ledger, collector, signal });
    }
    case 'file':
      return new FileDesk({ feed, book, ledger, collector: createFileCollector(feed), signal });
    case 'push':
      return new PushDesk({ feed, book, ledger });
  }
}
