import { type AuditEntry, auditWrite } from '../../access/audit.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type EventId, uuidv7 } from '../../kernel/ids.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Actor } from '../../kernel/route.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Group } from '../../storage/statement.ts';
import type { EventFinder, Wanted } from '../find.ts';
import type { EventStore } from '../store.ts';
import { type Acknowledgement, type Note, NOTES_MAX, noteText, REASON_LENGTH_MAX } from './note.ts';
import { noteStatements } from './statements.ts';
import type { NoteStore } from './store.ts';

/** Events of one transaction of a bulk acknowledgement: short enough to let new events in between. */
const PAGE = 200;

export interface NoteWriterOptions {
  readonly journal: Journal;
  readonly events: EventStore;
  readonly finder: EventFinder;
  readonly notes: NoteStore;
  readonly clock: Clock;
}

/** What a bulk acknowledgement did, or would do. */
export interface BulkAcknowledged {
  /** Not acknowledged before; at most the limit. */
  readonly matched: number;
  readonly acknowledged: number;
  /** There are more than the limit. */
  readonly more: boolean;
}

/** Writes what operators say of events: each with its line in the audit log, in one transaction. */
export class NoteWriter {
  readonly #options: NoteWriterOptions;

  constructor(options: NoteWriterOptions) {
    this.#options = options;
  }

  /** The acknowledgement that stands: the first one, whoever asks again. */
  async acknowledge(eventId: EventId, reason: string | undefined, actor: Actor): Promise<Acknowledgement> {
    await this.#mustExist(eventId);
    const { journal, notes } = this.#options;
    const acknowledgement = this.#acknowledgement(eventId, reason, actor);
    const after = { reason: acknowledgement.reason ?? null };
    const audit = this.#audit(actor, 'event.acknowledge', eventId, { after });
    const [passed] = await journal.submit([{ ...guarded(acknowledgement), writes: [auditWrite(audit)] }]);
    if (passed === true) return acknowledgement;
    const earlier = await notes.acknowledgement(eventId);
    if (earlier === undefined) throw gone();
    return earlier;
  }

  /** Takes an acknowledgement back; none is none taken back. */
  async unacknowledge(eventId: EventId, actor: Actor): Promise<void> {
    await this.#mustExist(eventId);
    const { journal, notes } = this.#options;
    const earlier = await notes.acknowledgement(eventId);
    if (earlier === undefined) return;
    const { at, by, reason = null } = earlier;
    const audit = this.#audit(actor, 'event.unacknowledge', eventId, { before: { at, by: by.id, reason } });
    const guard = { statement: noteStatements.unacknowledge.name, row: [eventId] };
    await journal.submit([{ guard, writes: [auditWrite(audit)] }]);
  }

  async note(eventId: EventId, typed: string, actor: Actor): Promise<Note> {
    const text = noteText(typed);
    if (text === '') throw new Problem('bad_request', 'The note is empty: write something that can be read.');
    await this.#mustExist(eventId);
    const at = this.#options.clock.now();
    const note: Note = { id: `not_${uuidv7(at)}`, eventId, at, by: authorOf(actor), text };
    const audit = this.#audit(actor, 'event.note', eventId, { after: { note: note.id } });
    const row = [note.id, eventId, at, actor.id, actor.name, text];
    const guard = { statement: noteStatements.writeNote.name, row };
    const [passed] = await this.#options.journal.submit([{ guard, writes: [auditWrite(audit)] }]);
    if (passed === true) return note;
    throw new Problem('conflict', `An event takes ${NOTES_MAX} notes, and this one has them.`);
  }

  /** Acknowledges what matches, newest first, `limit` at most; or only counts it. */
  async acknowledgeMany(
    wanted: Omit<Wanted, 'limit' | 'after'>,
    { reason, limit, dryRun }: { readonly reason?: string; readonly limit: number; readonly dryRun: boolean },
    actor: Actor,
  ): Promise<BulkAcknowledged> {
    const filter = { ...wanted.filter, acknowledged: false };
    let matched = 0;
    let acknowledged = 0;
    let after: EventId | undefined;
    for (;;) {
      // One more than is taken tells whether there are more than the limit.
      const page = await this.#options.finder.find({ ...wanted, filter, limit: PAGE, after });
      const taken = page.items.slice(0, limit - matched).map(({ id }) => id);
      matched += taken.length;
      if (!dryRun && taken.length > 0) acknowledged += await this.#page(taken, wanted, reason, actor);
      if (taken.length < page.items.length) return { matched, acknowledged, more: true };
      if (page.nextCursor === null) return { matched, acknowledged, more: false };
      after = page.nextCursor;
    }
  }

  async #page(
    ids: readonly EventId[],
    { filter, search }: Omit<Wanted, 'limit' | 'after'>,
    reason: string | undefined,
    actor: Actor,
  ): Promise<number> {
    const all = ids.map((id) => this.#acknowledgement(id, reason, actor));
    const after = { filter, search: search?.text, reason: all[0]?.reason ?? null, count: ids.length };
    const audit = this.#audit(actor, 'event.acknowledge_many', 'events', { after });
    const groups: Group[] = all.map((one) => ({ ...guarded(one), writes: [] }));
    const passed = await this.#options.journal.submit([...groups, { writes: [auditWrite(audit)] }]);
    return passed.slice(0, ids.length).filter(Boolean).length;
  }

  async #mustExist(eventId: EventId): Promise<void> {
    if (!(await this.#options.events.has(eventId))) throw gone();
  }

  #acknowledgement(eventId: EventId, typed: string | undefined, actor: Actor): Acknowledgement {
    const reason = oneLine(typed ?? '', REASON_LENGTH_MAX) || undefined;
    return { eventId, at: this.#options.clock.now(), by: authorOf(actor), reason };
  }

  #audit(actor: Actor, action: string, subject: string, change: Pick<AuditEntry, 'before' | 'after'>) {
    return { at: this.#options.clock.now(), actor: actor.id, action, subject, ...change };
  }
}

function guarded({ eventId, at, by, reason }: Acknowledgement): Pick<Group, 'guard'> {
  const row = [eventId, at, by.id, by.name, reason ?? null];
  return { guard: { statement: noteStatements.acknowledge.name, row } };
}

const authorOf = ({ id, name }: Actor) => ({ id, name });
const gone = (): Problem => new Problem('not_found', 'There is no event with this id.');
