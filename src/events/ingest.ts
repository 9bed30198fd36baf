import type { Clock } from '../kernel/clock.ts';
import { newEventId } from '../kernel/ids.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { Journal } from '../storage/journal.ts';
import type { Group, Write } from '../storage/statement.ts';
import type { EventDraft, TocsinEvent } from './event.ts';
import { eventStatements } from './statements.ts';
import { eventRow, type Matched } from './store.ts';

/** Where an event goes, decided before the commit so that one transaction holds it and its deliveries. */
export interface Routing {
  readonly matched: Matched;
  /** The rows of its deliveries. */
  readonly writes: readonly Write[];
  /** Called once the event is durable; never for a duplicate. */
  readonly committed: () => void;
  /** Called instead when it was a duplicate or the commit failed. */
  readonly dropped: () => void;
}
export type Route = (event: TocsinEvent) => Routing;

export interface Accepted {
  /** Events made. */
  readonly accepted: readonly TocsinEvent[];
  /** Notifications that repeat a known one: they made no event and no delivery. */
  readonly duplicates: number;
}

/** 128 bits of the hash: keys land all over their index, so that its size decides the cost of a commit. */
const KEY_CHARS = 32;

/** Takes notifications in: all of one call in one transaction, durable when the promise resolves. */
export class Ingest {
  readonly #journal: Journal;
  readonly #route: Route;
  readonly #clock: Clock;
  readonly #dedupeWindowMs: () => number;

  constructor(journal: Journal, route: Route, clock: Clock, dedupeWindowMs: () => number) {
    this.#journal = journal;
    this.#route = route;
    this.#clock = clock;
    this.#dedupeWindowMs = dedupeWindowMs;
  }

  /** Rejects with StoreUnavailable and nothing kept. */
  async accept(source: string, drafts: readonly EventDraft[]): Promise<Accepted> {
    const now = this.#clock.now();
    const prepared = drafts.map((draft) => this.#prepare(source, draft, now));
    let passed: readonly boolean[] = [];
    try {
      passed = await this.#journal.submit(prepared.map(({ group }) => group));
    } finally {
      for (const [index, { routing }] of prepared.entries()) {
        if (passed[index] === true) routing.committed();
        else routing.dropped();
      }
    }
    const accepted = prepared.filter((_, index) => passed[index]).map(({ event }) => event);
    return { accepted, duplicates: drafts.length - accepted.length };
  }

  #prepare(source: string, draft: EventDraft, now: number): Prepared {
    const event = toEvent(source, draft, now);
    const routing = this.#route(event);
    const key = draft.dedupeKey.slice(0, KEY_CHARS);
    const group: Group = {
      guard: {
        statement: eventStatements.claimKey.name,
        row: [key, event.id, now + this.#dedupeWindowMs(), now],
      },
      writes: [
        { statement: eventStatements.insert.name, row: eventRow(event, routing.matched) },
        ...routing.writes,
      ],
      otherwise: [{ statement: eventStatements.countDuplicate.name, row: [key, now] }],
    };
    return { event, routing, group };
  }
}

interface Prepared {
  readonly event: TocsinEvent;
  readonly routing: Routing;
  readonly group: Group;
}

function toEvent(source: string, draft: EventDraft, now: number): TocsinEvent {
  // Field by field: this runs for every notification, and copying the rest of an object is slow.
  return {
    id: newEventId(now),
    source,
    type: draft.type,
    severity: draft.severity,
    title: draft.title,
    occurredAt: draft.occurredAt,
    receivedAt: now,
    subject: draft.subject,
    fingerprint: draft.fingerprint,
    labels: draft.labels,
    observables: draft.observables,
    link: draft.link,
    internalAlert: draft.internalAlert,
    payload: draft.payload,
    payloadSha256: sha256Hex(draft.payload),
  };
}
