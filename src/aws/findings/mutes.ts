import { auditWrite } from '../../access/audit.ts';
import type { Clock } from '../../kernel/clock.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Actor } from '../../kernel/route.ts';
import { toInstantOrNull } from '../../kernel/schema.ts';
import type { Journal } from '../../storage/journal.ts';
import type { FindingId } from './finding.ts';
import type { FindingReader, Mute, StoredFinding } from './port.ts';
import { muteRow } from './row.ts';
import { findingStatements } from './statements.ts';

export const WHY_LENGTH_MAX = 500;
/** The last that RFC 3339 has a year for. */
const INSTANT_MS_MAX = 253_402_300_799_999;

export interface FindingMutesOptions {
  readonly journal: Pick<Journal, 'submit'>;
  readonly reader: Pick<FindingReader, 'getMany'>;
  readonly clock: Clock;
}

/** Mutes findings and takes that back: each with its line in the audit log, in one commit. */
export class FindingMutes {
  readonly #options: FindingMutesOptions;

  constructor(options: FindingMutesOptions) {
    this.#options = options;
  }

  /** The last mute stands. `until` in Unix ms; undefined: until it is taken back. Throws a Problem. */
  async mute(
    id: FindingId,
    { until, why: typed }: { readonly until: number | undefined; readonly why: string },
    actor: Actor,
  ): Promise<StoredFinding> {
    const now = this.#options.clock.now();
    const why = oneLine(typed, WHY_LENGTH_MAX);
    if (why === '') throw new Problem('bad_request', 'Say why: whoever misses the finding will ask.');
    if (until !== undefined && (until <= now || until > INSTANT_MS_MAX))
      throw new Problem('bad_request', '"until" must be in the future, and before the year 10000.');
    const { mute: before } = await this.#get(id);
    const mute: Mute = { at: now, until, by: actor.id, why };
    const audit = { at: now, actor: actor.id, action: 'finding.mute', subject: id };
    await this.#options.journal.submit([
      {
        guard: { statement: findingStatements.mute.name, row: muteRow(id, mute) },
        writes: [auditWrite({ ...audit, before: told(before), after: told(mute) })],
      },
    ]);
    return this.#get(id);
  }

  /** None is none taken back. Throws a Problem. */
  async unmute(id: FindingId, actor: Actor): Promise<StoredFinding> {
    const { mute: before } = await this.#get(id);
    const audit = { at: this.#options.clock.now(), actor: actor.id, action: 'finding.unmute', subject: id };
    await this.#options.journal.submit([
      {
        guard: { statement: findingStatements.unmute.name, row: [id] },
        writes: [auditWrite({ ...audit, before: told(before) })],
      },
    ]);
    return this.#get(id);
  }

  async #get(id: FindingId): Promise<StoredFinding> {
    const [finding] = await this.#options.reader.getMany([id]);
    if (finding === undefined) throw new Problem('not_found', 'There is no finding with this id.');
    return finding;
  }
}

const told = (mute: Mute | undefined) =>
  mute && { by: mute.by, why: mute.why, until: toInstantOrNull(mute.until) };
