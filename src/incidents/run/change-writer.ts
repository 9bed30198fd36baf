import type { Ingest, OwnEvent } from '../../events/ingest.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Journal } from '../../storage/journal.ts';
import { submitAllOrEach } from '../../storage/submit-all-or-each.ts';
import type { Group, Write } from '../../storage/statement.ts';
import type { ChangePage, SeenIncident } from '../book/port.ts';
import type { FeedMetrics } from './feed-metrics.ts';
import type { Feed } from '../feeds/feed.ts';
import type { AttributedIncident, IncidentId } from '../incident.ts';
import type { IncidentReader } from '../store/port.ts';
import { attributeRow, delistRow, identityRow, incidentRow, relistRow } from '../store/row.ts';
import { incidentStatements } from '../store/statements.ts';
import { incidentDraft } from '../telling/incident-draft.ts';
import type { IncidentThread } from '../thread/incident-thread.ts';

export interface ChangeWriterOptions {
  readonly thread: () => Pick<IncidentThread, 'call'>;
  readonly journal: Pick<Journal, 'submit'>;
  readonly ingest: Pick<Ingest, 'prepareOf'>;
  readonly reader: Pick<IncidentReader, 'getMany'>;
  readonly metrics: Pick<FeedMetrics, 'told'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const { insert, relist, delist, attribute, putIdentity } = incidentStatements;

/** Of a page whose incidents become events: preparing one takes tens of microseconds on the main thread. */
const TOLD_PAGE = 20;
const KNOWN_PAGE = 100;

/** What a feed's changes were. */
export interface Written {
  /** Incidents that were new to the store. */
  readonly incidents: number;
  /** Those of them that an event tells of. */
  readonly told: number;
}

interface PreparedPage {
  readonly groups: readonly Group[];
  /** In the order of `seen`. */
  readonly events: readonly (OwnEvent | undefined)[];
}

/**
 * Brings into the store what has changed in a feed: each new incident behind a guard on its id, in one commit with its
 * event and that one's deliveries. So it is told once, whoever reads it again: after a crash, or in another process.
 */
export class ChangeWriter {
  readonly #options: ChangeWriterOptions;
  readonly #under = new Map<string, Promise<unknown>>();

  constructor(options: ChangeWriterOptions) {
    this.#options = options;
  }

  /**
   * `isTold`: whether a new incident of that type becomes an event. `seenUntil`: Unix ms of the last list that held what
   * is listed no more. Rejects with StoreUnavailable or ThreadEnded; what is not stored then is found again.
   */
  write(feed: Feed, isTold: (type: string) => boolean, seenUntil: number): Promise<Written> {
    // One after the other: two that walk through the same pages would only do everything twice.
    const before = this.#under.get(feed.id) ?? Promise.resolve();
    // What became of the one before its caller hears.
    const mine = before.catch(() => undefined).then(() => this.#writeAll(feed, isTold, seenUntil));
    this.#under.set(feed.id, mine);
    return mine;
  }

  async #writeAll(feed: Feed, isTold: (type: string) => boolean, seenUntil: number): Promise<Written> {
    const { thread } = this.#options;
    let limit = feed.types.some(({ type }) => isTold(type)) ? TOLD_PAGE : KNOWN_PAGE;
    let written: Written = { incidents: 0, told: 0 };
    for (;;) {
      const page = await thread().call({ kind: 'changes', feed: feed.id, limit });
      const { incidents, told } = await this.#writePage(feed, page, isTold, seenUntil);
      written = { incidents: written.incidents + incidents, told: written.told + told };
      await thread().call({ kind: 'stored', feed: feed.id, mark: page.mark });
      if (!page.more) return written;
      // What is new comes first: behind it nothing is told any more.
      if (page.seen.length === 0) limit = KNOWN_PAGE;
    }
  }

  async #writePage(
    feed: Feed,
    page: ChangePage,
    isTold: (type: string) => boolean,
    seenUntil: number,
  ): Promise<Written> {
    const { metrics, clock } = this.#options;
    const now = clock.now();
    const { groups, events } = this.#prepare(feed, page.seen, isTold, now);
    const others = othersOf(feed, page, seenUntil, now);
    if (groups.length + others.length === 0) return { incidents: 0, told: 0 };
    let passed: readonly boolean[] = [];
    try {
      passed = await this.#submit(feed, [...groups, ...others.map((write) => ({ writes: [write] }))]);
    } finally {
      for (const [index, event] of events.entries()) event?.ended(passed[index] === true);
    }
    const isNew = (_: unknown, index: number): boolean => passed[index] === true;
    const told = events.filter((event, index) => event !== undefined && passed[index] === true).length;
    if (told > 0) metrics.told(feed.id, told);
    await this.#adoptKnown(
      feed,
      page.seen.filter((_, index) => passed[index] !== true),
    );
    return { incidents: groups.filter(isNew).length, told };
  }

  #submit(feed: Feed, groups: readonly Group[]): Promise<readonly boolean[]> {
    const { journal, log } = this.#options;
    return submitAllOrEach(journal, groups, ({ message }) => {
      log.error({ 'tocsin.feed.id': feed.id, reason: message }, 'the store refuses a record of a feed');
    });
  }

  #prepare(
    feed: Feed,
    seen: readonly SeenIncident[],
    isTold: (type: string) => boolean,
    now: number,
  ): PreparedPage {
    const { ingest } = this.#options;
    const groups: Group[] = [];
    const events: (OwnEvent | undefined)[] = [];
    for (const incident of seen) {
      const { id, employee } = incident;
      const otherwise: Write[] = [{ statement: relist.name, row: relistRow(id, employee, now) }];
      const guard = (eventId: string | null): Write => ({
        statement: insert.name,
        row: incidentRow({ incident, identitiesOf: feed.identitiesOf, firstSeenAt: now, eventId }),
      });
      const event =
        incident.fault === undefined && isTold(incident.type)
          ? ingest.prepareOf(feed.id, incidentDraft(incident), (own) => guard(own.id), { otherwise })
          : undefined;
      events.push(event);
      groups.push(event?.group ?? { guard: guard(null), writes: [], otherwise });
    }
    return { groups, events };
  }

  /** What was in the store already may have an employee there that our book has not: the store's stays. */
  async #adoptKnown(feed: Feed, known: readonly SeenIncident[]): Promise<void> {
    if (known.length === 0) return;
    const { reader, thread } = this.#options;
    const stored = await reader.getMany(known.map(({ id }) => id));
    const employeeOf = new Map<IncidentId, string | undefined>(
      stored.map(({ id, employee }) => [id, employee]),
    );
    const incidents: AttributedIncident[] = known.map(({ isRemembered: _, ...incident }) => ({
      ...incident,
      employee: employeeOf.get(incident.id) ?? incident.employee,
    }));
    const changed = incidents.filter(({ employee }, index) => employee !== known[index]?.employee);
    if (changed.length === 0) return;
    await thread().call({ kind: 'adopt', feed: feed.id, incidents: changed, gone: [], identities: [] });
  }
}

function othersOf(
  feed: Feed,
  { gone, attributed, identities }: ChangePage,
  seenUntil: number,
  now: number,
): Write[] {
  return [
    ...gone.map((id) => ({ statement: delist.name, row: delistRow(id, seenUntil) })),
    ...attributed.map(({ id, employee }) => ({
      statement: attribute.name,
      row: attributeRow(id, employee, now),
    })),
    ...identities.map((identity) => ({
      statement: putIdentity.name,
      row: identityRow(feed.id, identity, now),
    })),
  ];
}
