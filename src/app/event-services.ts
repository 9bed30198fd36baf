import { randomUUID } from 'node:crypto';
import { EventFinder } from '../events/find.ts';
import { MatterStore } from '../events/matters/store.ts';
import { NoteStore } from '../events/notes/store.ts';
import { NoteWriter } from '../events/notes/write.ts';
import { Indexer } from '../events/search/indexer.ts';
import { SearchIndex } from '../events/search/index-store.ts';
import type { EventStore } from '../events/store.ts';
import { StreamHub } from '../events/stream/hub.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Logger } from '../kernel/log.ts';
import type { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import type { Config } from './settings.ts';

const HEARTBEAT_MS = 15_000;

/** What operators do with events: follow matters, search, watch, take note. Nothing runs yet. */
export function createEventServices(options: {
  readonly config: Config;
  readonly store: Store;
  readonly journal: Journal;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly log: Logger;
}) {
  const { config, store, journal, events, clock, log } = options;
  const notes = new NoteStore(store);
  const search = new SearchIndex(store);
  const finder = new EventFinder(events, notes, search, clock);
  return {
    matters: new MatterStore(store),
    notes,
    search,
    finder,
    noteWriter: new NoteWriter({ journal, events, finder, notes, clock }),
    indexer: new Indexer({ store, journal, events, index: search, clock, log, owner: randomUUID() }),
    streams: new StreamHub({
      events,
      clock,
      log,
      signals: store.signals,
      // The server cuts a connection that was silent for twice that.
      heartbeatMs: Math.min(HEARTBEAT_MS, durationMs(config.http.requestTimeout)),
    }),
  };
}
