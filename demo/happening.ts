export const targets = ['log', 'mail', 'http', 'sms', 'slack'] as const;
export type TargetId = (typeof targets)[number];

/** What a sink answers: takes it, fails this once, refuses it for good. */
export type Verdict = 'accept' | 'fail' | 'refuse';

/** A request to the service, with its answer. */
export interface Sent {
  readonly kind: 'fresh' | 'repeat' | 'hostile';
  /** What it is, in words. */
  readonly what: string;
  readonly notifications: number;
  /** What should be answered, and what was; 0 when nothing was. */
  readonly expected: number;
  readonly status: number;
}

/** A delivery that reached a sink, with what the sink said. */
export interface Arrived {
  readonly target: TargetId;
  readonly title: string;
  /** The same delivery failed here before. */
  readonly isRetry: boolean;
  readonly verdict: Verdict;
  /** What the sink answered, or what it proved. */
  readonly note: string;
}
