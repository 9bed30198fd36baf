import type { TocsinEvent } from '../events/event.ts';

/** What a set of rules says of one event. */
export interface Decision {
  /** The rules that matched, in order; the default rule appears as `default`. */
  readonly matched: readonly { readonly rule: string; readonly targets: readonly string[] }[];
  /** Every target chosen, once each, in the order in which rules chose them. Empty: the event is unrouted. */
  readonly targets: readonly string[];
}

/** One condition of one rule, held against one event. */
export interface ConditionResult {
  /** `severity`, `type`, `labels.environment`, `observables.ip`, `subject.id` … */
  readonly field: string;
  /** The condition in words: `>= high`, `one of "a", "b"`, `not within 10.0.0.0/8`. */
  readonly condition: string;
  /** The event's values of that field; empty when it has none. */
  readonly actual: readonly string[];
  readonly holds: boolean;
}

export interface RuleExplanation {
  readonly rule: string;
  /** `skipped`: an earlier rule matched and stopped. */
  readonly result: 'matched' | 'not_matched' | 'skipped';
  readonly conditions: readonly ConditionResult[];
  readonly targets: readonly string[];
  /** Whether later rules are looked at after this one matched. */
  readonly continue: boolean;
}

/** A compiled, immutable set of rules. */
export interface RuleSet {
  /** The hot path: no allocation per condition. */
  decide(event: TocsinEvent): Decision;
  /** The same decision with its reasons, rule by rule. */
  explain(event: TocsinEvent): { readonly decision: Decision; readonly rules: readonly RuleExplanation[] };
}
