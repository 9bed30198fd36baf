import type { TocsinEvent } from '../events/event.ts';
import type { Decision } from '../rules/rule.ts';

/** How an alert about our own application appears among the rules that took an event. */
const INTERNAL_ALERT = 'internal-alert';

/** The rules' decision, and for an event about our own application the admins' targets too: each target once. */
export function withAdmins(decision: Decision, event: TocsinEvent, admins: readonly string[]): Decision {
  if (event.internalAlert === undefined || admins.length === 0) return decision;
  return {
    matched: [...decision.matched, { rule: INTERNAL_ALERT, targets: admins }],
    targets: [...new Set([...decision.targets, ...admins])],
  };
}
