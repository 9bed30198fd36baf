import type { EventDraft } from '../../events/event.ts';
import type { Write } from '../../storage/statement.ts';
import type { CheckSeverity } from '../checks/check.ts';
import { backlogDraft } from '../telling/backlog-draft.ts';
import type { FindingChange } from './finding.ts';
import type { RunningScan, StandingCount } from './port.ts';
import { filledKey, filledRow } from './row.ts';
import { findingStatements } from './statements.ts';

type Ran = Extract<FindingChange, { readonly kind: 'ran' }>;

/**
 * Where checks look for the first time. What they find there was there before anybody asked: it is stored without events
 * of its own, counted into one, and from then on what is new is told. The count is made of what is stored, so that it
 * holds what an earlier scan stored that did not get to its end.
 */
export class FirstLooks {
  readonly #scan: RunningScan;
  readonly #filled: ReadonlySet<string>;
  /** Places that were looked at now and never before. */
  readonly #ran = new Map<string, Ran>();
  /** Those of them that are filled with this scan. */
  #now = new Map<string, Ran>();

  /** `filled`: keys of what was looked at before. */
  constructor(scan: RunningScan, filled: ReadonlySet<string>) {
    this.#scan = scan;
    this.#filled = filled;
  }

  isTold(checkId: string, place: string): boolean {
    return this.#scan.backlog === 'each' || this.#filled.has(this.#key(checkId, place));
  }

  ran(run: Ran): void {
    const key = this.#key(run.checkId, run.place);
    if (!this.#filled.has(key)) this.#ran.set(key, run);
  }

  get hasNew(): boolean {
    return this.#ran.size > 0;
  }

  /**
   * The writes that say so; undefined for none. What could be looked at in part only waits for the account's second scan,
   * and no longer: what is denied for good would be silent for good.
   */
  fill(isFirstScan: boolean, now: number): readonly [Write, ...Write[]] | undefined {
    this.#now = new Map([...this.#ran].filter(([, { isWhole }]) => isWhole || !isFirstScan));
    const [first, ...others] = [...this.#now.values()].map(({ checkId, place }): Write => ({
      statement: findingStatements.fill.name,
      row: filledRow({ accountId: this.#scan.accountId, checkId, place }, now, this.#scan),
    }));
    return first && [first, ...others];
  }

  /** What is told of what stands open there; undefined where there is nothing, or each was told. */
  draft(standing: readonly StandingCount[], now: number): EventDraft | undefined {
    const here = standing.filter(({ checkId, place }) => this.#now.has(this.#key(checkId, place)));
    if (here.length === 0 || this.#scan.backlog === 'each') return undefined;
    const counts: Record<CheckSeverity, number> = {
      informational: 0,
      low: 0,
      medium: 0,
      high: 0,
      critical: 0,
    };
    for (const { severity, count } of here) counts[severity] += count;
    const looked = [...this.#now.values()];
    const { accountId, account, id } = this.#scan;
    const checks = new Set(looked.map(({ checkId }) => checkId)).size;
    const places = [...new Set(looked.map(({ place }) => place))].sort();
    return backlogDraft({ accountId, account, scanId: id, counts, checks, places }, now);
  }

  #key(checkId: string, place: string): string {
    return filledKey(this.#scan.accountId, checkId, place);
  }
}
