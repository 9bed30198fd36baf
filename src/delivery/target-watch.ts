import { type AuditEntry, auditWrite } from '../access/audit.ts';
import { type Ingest, type OwnEvent, submitOwn } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';
import type { Journal } from '../storage/journal.ts';
import type { Write } from '../storage/statement.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import { type Announcement, announcementOf } from './announcement.ts';
import { OURSELVES, stateAt, type TargetStanding } from './target-standing.ts';
import { changed, type StateChange, stateWrite, type TargetStandings } from './target-standings.ts';
import { targetStatements } from './target-statements.ts';

export interface WatchOptions {
  readonly journal: Journal;
  readonly ingest: Pick<Ingest, 'prepareOwn'>;
  readonly standings: TargetStandings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly targets: () => Iterable<OpenTarget>;
}

/**
 * Gives up targets that take nothing: told to others at half the time, disabled at the end of it, and at once when
 * the receiver says that it is gone for good. What is told and what it tells of are one commit behind one guard: of
 * many replicas one does it, and a kill leaves both or neither.
 */
export class TargetWatch {
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** For the commit in which a receiver answers that it is gone; undefined when that is known already. */
  gone(target: OpenTarget): OwnEvent | undefined {
    const { standings, clock } = this.#options;
    const seen = standings.get(target.id);
    if (seen.state === 'disabled') return undefined;
    const now = clock.now();
    return this.#disabling(target, seen, { about: 'disabled', reason: 'gone', since: now }, now);
  }

  /** Looks at every target as the store knows it. Rejects with StoreUnavailable; what it did not do it does later. */
  async judge(): Promise<void> {
    const { standings, targets, clock } = this.#options;
    await standings.load();
    for (const target of targets()) {
      const seen = standings.get(target.id);
      const now = clock.now();
      if (stateAt(seen, now) === 'enabled') await this.#judgeOne(target, seen, now);
    }
  }

  async #judgeOne(target: OpenTarget, seen: TargetStanding, now: number): Promise<void> {
    const { failingSince, lastSuccessAt, announced, announcedAt } = seen;
    const after = target.operation.disableAfterMs;
    if (failingSince === 0) {
      const isOver = announced !== undefined && lastSuccessAt > announcedAt;
      if (isOver) await this.#tell(target, seen, { about: 'recovered' }, now);
    } else if (after !== undefined) {
      await this.#judgeFailing(target, seen, after, now);
    }
  }

  /** By attempts that failed, not by the clock: a target that nothing is sent to is not given up. */
  async #judgeFailing(target: OpenTarget, seen: TargetStanding, after: number, now: number): Promise<void> {
    const { failingSince: since, lastFailureAt, announced, announcedAt } = seen;
    const isAnnounced = announced === 'failing' && announcedAt >= since;
    if (!isAnnounced) {
      if (lastFailureAt - since < after / 2) return;
      const disabledAt = Math.max(since + after, now + after / 2);
      await this.#tell(target, seen, { about: 'failing', since, disabledAt }, now);
    } else if (lastFailureAt >= Math.max(since + after, announcedAt + after / 2)) {
      await this.#disable(target, seen, { about: 'disabled', reason: 'failing', since }, now);
    }
  }

  async #tell(target: OpenTarget, seen: TargetStanding, told: Announcement, now: number): Promise<void> {
    const announced = told.about === 'failing' ? 'failing' : null;
    const guard: Write = {
      statement: targetStatements.announce.name,
      row: [target.id, seen.announcedAt, announced, now],
    };
    const draft = announcementOf(target, told, now);
    if (!(await submitOwn(this.#options.journal, this.#options.ingest.prepareOwn(draft, guard)))) return;
    const isFailing = told.about === 'failing';
    this.#log(target, isFailing ? 'a target fails and will be disabled' : 'a target takes deliveries again');
  }

  async #disable(
    target: OpenTarget,
    seen: TargetStanding,
    told: Announcement & { about: 'disabled' },
    now: number,
  ): Promise<void> {
    await submitOwn(this.#options.journal, this.#disabling(target, seen, told, now));
  }

  #disabling(
    target: OpenTarget,
    seen: TargetStanding,
    told: Announcement & { about: 'disabled' },
    now: number,
  ): OwnEvent {
    const { ingest, standings } = this.#options;
    const change: StateChange = { state: 'disabled', reason: told.reason, by: OURSELVES, at: now };
    const audit: AuditEntry = {
      at: now,
      actor: OURSELVES,
      action: 'target.disable',
      subject: target.id,
      before: { state: seen.state },
      after: { state: 'disabled', reason: told.reason },
    };
    const own = ingest.prepareOwn(announcementOf(target, told, now), stateWrite(seen, change), [
      { statement: targetStatements.noteAnnounced.name, row: [target.id, 'disabled', now] },
      auditWrite(audit),
    ]);
    return {
      group: own.group,
      ended: (passed) => {
        if (passed) {
          const after = { ...changed(seen, change), announced: 'disabled', announcedAt: now } as const;
          standings.tell(after);
          this.#log(target, 'a target is disabled: enable it once it is mended');
        }
        own.ended(passed);
      },
    };
  }

  #log({ id, kind }: OpenTarget, message: string): void {
    this.#options.log.warn({ 'tocsin.target.id': id, 'tocsin.target.kind': kind }, message);
  }
}
