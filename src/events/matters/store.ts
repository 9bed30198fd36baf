import { type EventId, idLowerBound } from '../../kernel/ids.ts';
import { amongFound, sql } from '../../storage/sql.ts';
import type { Kysely, Store } from '../../storage/store.ts';
import { type MatterState, severities, severityRank, type Severity, type Subject } from '../event.ts';

/** What the events of one fingerprint tell together. Instants are Unix ms. */
export interface Matter {
  readonly fingerprint: string;
  readonly source: string;
  /** As its newest event says; so are severity, title and subject. */
  readonly type: string;
  readonly severity: Severity;
  readonly title: string;
  readonly subject: Subject | undefined;
  readonly state: MatterState;
  /** When the newest event happened, by which the order of events is told; never later than its receipt. */
  readonly stateAt: number;
  /** When the first of its events happened. */
  readonly openedAt: number;
  /** When it was last resolved, also of one that was opened again. */
  readonly resolvedAt: number | undefined;
  /** When its last event was received. */
  readonly updatedAt: number;
  /** The events themselves may be past retention. */
  readonly firstEvent: EventId;
  readonly lastEvent: EventId;
  readonly eventCount: number;
}

export interface MatterFilter {
  readonly state?: MatterState;
  readonly severityMin?: Severity;
  readonly source?: string;
  /** The subject's id. */
  readonly subject?: string;
}

type MatterRow = {
  fingerprint: string;
  source: string;
  type: string;
  severity: number;
  title: string;
  subject_kind: string | null;
  subject_id: string | null;
  subject_name: string | null;
  state: string;
  state_at: number;
  state_event: string;
  opened_at: number;
  resolved_at: number | null;
  updated_at: number;
  first_event: string;
  last_event: string;
  events: number;
};
type MatterTables = { matters: MatterRow; events: { id: string } };

const fromRow = (row: MatterRow): Matter => ({
  fingerprint: row.fingerprint,
  source: row.source,
  type: row.type,
  severity: severities[row.severity] ?? 'unknown',
  title: row.title,
  subject: subjectOf(row),
  // Written by `matterRow` alone.
  state: row.state as MatterState,
  stateAt: row.state_at,
  openedAt: row.opened_at,
  resolvedAt: row.resolved_at ?? undefined,
  updatedAt: row.updated_at,
  firstEvent: row.first_event as EventId,
  lastEvent: row.last_event as EventId,
  eventCount: row.events,
});

function subjectOf({ subject_kind, subject_id, subject_name }: MatterRow): Subject | undefined {
  if (subject_kind === null || subject_id === null) return undefined;
  return { kind: subject_kind, id: subject_id, ...(subject_name === null ? {} : { name: subject_name }) };
}

/** Reads matters; they are written with their events through the journal. */
export class MatterStore {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<MatterTables>;
  readonly #write: Kysely<MatterTables>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<MatterTables>();
    this.#write = store.write.withTables<MatterTables>();
  }

  async get(fingerprint: string): Promise<Matter | undefined> {
    const row = await this.#read
      .selectFrom('matters')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  /** Those with the newest events first; `after` is the last event of the last matter of the page before. */
  async list(filter: MatterFilter, limit: number, after?: EventId): Promise<Matter[]> {
    let query = this.#read.selectFrom('matters').selectAll();
    if (after !== undefined) query = query.where('last_event', '<', after);
    if (filter.state !== undefined) query = query.where('state', '=', sql.lit(filter.state));
    if (filter.source !== undefined) query = query.where('source', '=', filter.source);
    if (filter.subject !== undefined) query = query.where('subject_id', '=', filter.subject);
    if (filter.severityMin !== undefined)
      query = query.where('severity', '>=', severityRank(filter.severityMin));
    const rows = await query.orderBy('last_event', 'desc').limit(limit).execute();
    return rows.map(fromRow);
  }

  /**
   * Deletes up to `limit` matters whose last event was received before `before` (Unix ms) and is gone; returns how
   * many. Open ones too: what nobody told of for so long, nobody will resolve.
   */
  async forget(before: number, limit: number): Promise<number> {
    const gone = this.#write
      .selectFrom('matters')
      .select('fingerprint')
      .where('last_event', '<', idLowerBound('evt', before))
      .where((term) =>
        term.not(
          term.exists(
            term
              .selectFrom('events')
              .select(sql.lit(1).as('one'))
              .whereRef('events.id', '=', 'matters.last_event'),
          ),
        ),
      )
      .orderBy('last_event')
      .limit(limit);
    const result = await this.#write
      .deleteFrom('matters')
      .where(amongFound(this.#dialect, 'fingerprint', gone))
      // Again: it can be told of anew between its being found and its being deleted.
      .where('last_event', '<', idLowerBound('evt', before))
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
