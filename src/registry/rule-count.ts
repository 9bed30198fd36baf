/** How many events a rule took; to five minutes. */
export interface RuleCount {
  readonly lastHour: number;
  readonly lastDay: number;
}

export const NONE: RuleCount = { lastHour: 0, lastDay: 0 };
