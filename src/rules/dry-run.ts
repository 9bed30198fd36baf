import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TocsinEvent } from '../events/event.ts';
import type { ListedEvent } from '../events/store.ts';
import type { EventId } from '../kernel/ids.ts';
import type { RuleSet } from './rule.ts';

/** What rules would have made of events that came. */
export interface DryRun {
  /** How many were looked at. */
  readonly looked: number;
  /** The receipt of the oldest of them; Unix ms. */
  readonly since: number | undefined;
  /** By rule, how many it would have taken; the default rule as `default`. */
  readonly rules: ReadonlyMap<string, number>;
  /** By target, how many it would have been sent. */
  readonly targets: ReadonlyMap<string, number>;
  /** Taken by no rule, not even the default one. */
  readonly untaken: number;
  /** Those that would go elsewhere than by the rules in force; some of them. */
  readonly changed: number;
  readonly examples: readonly Changed[];
}

export interface Changed {
  readonly event: EventId;
  readonly title: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface DryRunOptions {
  readonly candidate: RuleSet;
  readonly inForce: RuleSet;
  /** Newest first; `after` is the last id of the page before. */
  readonly recent: (limit: number, after?: EventId) => Promise<readonly ListedEvent[]>;
  readonly last: number;
}

const PAGE = 200;
const EXAMPLES_MAX = 10;
/** The service has other things to do: it is given back the thread this often, and all of it after that. */
const SLICE_MS = 3;
const WORK_MS_MAX = 5_000;

/** Holds rules against the last events. Fewer are looked at than asked for when it takes too long. */
export async function dryRun({ candidate, inForce, recent, last }: DryRunOptions): Promise<DryRun> {
  const tally = new Tally();
  let after: EventId | undefined;
  let worked = 0;
  while (tally.looked < last && worked < WORK_MS_MAX) {
    const wanted = Math.min(PAGE, last - tally.looked);
    const page = await recent(wanted, after);
    after = page.at(-1)?.id;
    let sliceAt = performance.now();
    for (const event of page) {
      tally.add(event, candidate, inForce);
      const spent = performance.now() - sliceAt;
      if (spent < SLICE_MS) continue;
      worked += spent;
      if (worked >= WORK_MS_MAX) break;
      await nextTurn();
      sliceAt = performance.now();
    }
    worked += performance.now() - sliceAt;
    if (page.length < wanted) break;
  }
  return tally;
}

class Tally implements DryRun {
  looked = 0;
  since: number | undefined;
  readonly rules = new Map<string, number>();
  readonly targets = new Map<string, number>();
  untaken = 0;
  changed = 0;
  readonly examples: Changed[] = [];

  add(listed: ListedEvent, candidate: RuleSet, inForce: RuleSet): void {
    // No rule asks about the payload.
    const event: TocsinEvent = { ...listed, payload: '' };
    const { matched, targets: after } = candidate.decide(event);
    const { targets: before } = inForce.decide(event);
    this.looked += 1;
    this.since = event.receivedAt;
    for (const { rule } of matched) count(this.rules, rule);
    for (const target of after) count(this.targets, target);
    if (matched.length === 0) this.untaken += 1;
    if (areSame(before, after)) return;
    this.changed += 1;
    if (this.examples.length >= EXAMPLES_MAX) return;
    this.examples.push({ event: event.id, title: event.title, before, after });
  }
}

const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((target) => b.includes(target));
