import type { Clock } from '../kernel/clock.ts';
import { newEventId } from '../kernel/ids.ts';
import { noMeter } from '../kernel/meter.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { Telemetry } from '../kernel/telemetry.ts';
import { noTracer, preciseNow, type Tracer } from '../kernel/tracer.ts';
import type { Journal } from '../storage/journal.ts';
import type { Group, Write } from '../storage/statement.ts';
import { type EventDraft, OWN_SOURCE, severityRank, type TocsinEvent } from './event.ts';
import { type Locate, locateNothing } from './geo.ts';
import { type IngestMetrics, ingestMetrics } from './ingest-metrics.ts';
import { matterRow } from './matters/statements.ts';
import { eventStatements } from './statements.ts';
import { eventRow, type Matched } from './store.ts';
import { traceEvents } from './trace-events.ts';

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
  readonly #committed: () => void;
  readonly #taken: (matched: Matched) => void;
  readonly #metrics: IngestMetrics;
  readonly #tracer: Tracer;
  readonly #locate: Locate;

  /** `committed` is called after every commit with a new event in it, `taken` for each such event with what took it. */
  constructor(
    journal: Journal,
    route: Route,
    clock: Clock,
    dedupeWindowMs: () => number,
    committed: () => void = () => {},
    taken: (matched: Matched) => void = () => {},
    { meter = noMeter, tracer = noTracer }: Telemetry = {},
    locate: Locate = locateNothing,
  ) {
    this.#journal = journal;
    this.#route = route;
    this.#clock = clock;
    this.#dedupeWindowMs = dedupeWindowMs;
    this.#committed = committed;
    this.#taken = taken;
    this.#metrics = ingestMetrics(meter);
    this.#tracer = tracer;
    this.#locate = locate;
  }

  /**
   * Rejects with StoreUnavailable and nothing kept. Repeats are known for the configured window, and for `rememberMs` at
   * least: so long could a request that bears a signed time be sent again. `requestSpanId`: of the request's span.
   */
  async accept(
    source: string,
    drafts: readonly EventDraft[],
    rememberMs = 0,
    requestSpanId?: string,
  ): Promise<Accepted> {
    const startedAt = this.#tracer.isOn ? preciseNow() : 0;
    const now = this.#clock.now();
    const knownUntil = now + Math.max(this.#dedupeWindowMs(), rememberMs);
    const prepared = drafts.map((draft) => this.#prepare(source, draft, now, knownUntil));
    let passed: readonly boolean[] = [];
    try {
      passed = await this.#journal.submit(prepared.map(({ group }) => group));
    } finally {
      for (const [index, { event, routing }] of prepared.entries()) {
        if (passed[index] === true) this.#keep(event, routing);
        else routing.dropped();
      }
    }
    const accepted = prepared.filter((_, index) => passed[index]).map(({ event }) => event);
    if (accepted.length > 0) this.#committed();
    const duplicates = drafts.length - accepted.length;
    if (duplicates > 0) this.#metrics.duplicates(source, duplicates);
    traceEvents(this.#tracer, accepted, startedAt, requestSpanId);
    return { accepted, duplicates };
  }

  /**
   * An event of our own for a commit of the caller's, with what else belongs to it: behind the caller's guard,
   * because nobody repeats it and it must be told once.
   */
  prepareOwn(draft: EventDraft, guard: Write, also: readonly Write[] = []): OwnEvent {
    return this.prepareOf(OWN_SOURCE, draft, () => guard, { also });
  }

  /** The same for what came through `source`. The guard may hold the event's id; `otherwise` is made where it fails. */
  prepareOf(
    source: string,
    draft: EventDraft,
    guard: (event: TocsinEvent) => Write,
    {
      also = [],
      otherwise = [],
    }: { readonly also?: readonly Write[]; readonly otherwise?: readonly Write[] } = {},
  ): OwnEvent {
    const event = toEvent(source, draft, this.#clock.now(), this.#locate);
    const routing = this.#route(event);
    return {
      group: { guard: guard(event), writes: [...writesOf(event, routing), ...also], otherwise },
      ended: (passed) => {
        if (!passed) return routing.dropped();
        this.#keep(event, routing);
        this.#committed();
        traceEvents(this.#tracer, [event], event.receivedAt);
      },
    };
  }

  #keep(event: TocsinEvent, routing: Routing): void {
    routing.committed();
    this.#taken(routing.matched);
    this.#metrics.accepted(event, routing.writes.length > 0);
  }

  #prepare(source: string, draft: EventDraft, now: number, knownUntil: number): Prepared {
    const event = toEvent(source, draft, now, this.#locate);
    const routing = this.#route(event);
    const key = draft.dedupeKey.slice(0, KEY_CHARS);
    const group: Group = {
      guard: claimOf(draft, event, key, knownUntil, now),
      writes: writesOf(event, routing),
      otherwise: [{ statement: eventStatements.countDuplicate.name, row: [key, now] }],
    };
    return { event, routing, group };
  }
}

/** An event of our own on its way into somebody's commit. */
export interface OwnEvent {
  readonly group: Group;
  /** To be called once, when it is known whether the group passed its guard. */
  readonly ended: (passed: boolean) => void;
}

/** Commits it by itself; whether it passed its guard. Rejects as the journal does. */
export async function submitOwn(
  journal: Pick<Journal, 'submit'>,
  { group, ended }: OwnEvent,
): Promise<boolean> {
  let passed = false;
  try {
    [passed = false] = await journal.submit([group]);
  } finally {
    ended(passed);
  }
  return passed;
}

interface Prepared {
  readonly event: TocsinEvent;
  readonly routing: Routing;
  readonly group: Group;
}

function claimOf(
  { recurs, state, severity, fingerprint }: EventDraft,
  event: TocsinEvent,
  key: string,
  knownUntil: number,
  now: number,
): Write {
  const row = [key, event.id, knownUntil, now];
  if (recurs !== true || state === undefined) return { statement: eventStatements.claimKey.name, row };
  return {
    statement: eventStatements.claimRecurringKey.name,
    row: [...row, fingerprint, state, severityRank(severity)],
  };
}

function writesOf(event: TocsinEvent, { matched, writes }: Routing): readonly Write[] {
  const insert: Write = { statement: eventStatements.insert.name, row: eventRow(event, matched) };
  if (event.state === undefined) return [insert, ...writes];
  const tell: Write = { statement: eventStatements.tellMatter.name, row: matterRow(event, event.state) };
  return [insert, tell, ...writes];
}

function toEvent(source: string, draft: EventDraft, now: number, locate: Locate): TocsinEvent {
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
    state: draft.state,
    labels: draft.labels,
    observables: draft.observables,
    geo: draft.endpoints === undefined ? undefined : locate(draft.endpoints),
    link: draft.link,
    internalAlert: draft.internalAlert,
    payload: draft.payload,
    payloadSha256: sha256Hex(draft.payload),
  };
}
