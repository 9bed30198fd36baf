import type { CheckParameters } from '../checks/check.ts';
import type { FindingChange, OpenFinding } from '../findings/finding.ts';
import type { ScanOutcome, ScanProgress } from '../findings/scan.ts';
import type { AwsEndpoints, Pace, Principal } from '../principal.ts';
import type { CallerIdentity } from '../inventory/account.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import type { Question } from '../views/question.ts';

export interface AwsThreadOptions {
  readonly endpoints: AwsEndpoints;
  /** Calls in flight at once, of one principal. */
  readonly callsAtOnce: number;
  readonly pace: Pace;
  /** For so long an answer is given again: what it is made of is read anew then. */
  readonly freshForMs: number;
}

/** What a scan reads and judges. */
export interface ScanPlan {
  readonly principal: Principal;
  /** Absent: all that are enabled. */
  readonly regions?: readonly string[];
  /** Ids of checks that are left out. */
  readonly excluded: readonly string[];
  readonly parameters: CheckParameters;
  readonly now: number;
}

export type Work =
  /** Whose keys they are. */
  | { readonly kind: 'identify'; readonly principal: Principal }
  /** A contracted document or one beyond, as bytes; `fresh`: whatever is kept. */
  | {
      readonly kind: 'answer';
      readonly principal: Principal;
      readonly owner: string;
      readonly question: Question;
      readonly isForced: boolean;
      readonly now: number;
    }
  /** Whoever `owner` is, nothing of them is kept any more. */
  | { readonly kind: 'forget'; readonly owner: string }
  /** Reads and judges; the progress comes as messages beside. Then the changes are fetched. One scan a thread. */
  | { readonly kind: 'scan'; readonly plan: ScanPlan }
  /** What the store holds as open, in pages, before the first `changes`. */
  | { readonly kind: 'known'; readonly findings: readonly OpenFinding[] }
  /** The next page of how the scan differs from that; empty: there is no more. */
  | { readonly kind: 'changes'; readonly limit: number }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'close' };

/** What a scan says of itself on its way. */
export type ScanNotice = Pick<ScanProgress, 'phase' | 'steps' | 'done' | 'calls'>;

export type Identified =
  | { readonly kind: 'known'; readonly identity: CallerIdentity }
  | { readonly kind: 'failed'; readonly failure: ReadFailure };

export type Answered =
  | {
      readonly kind: 'answered';
      /** JSON. */
      readonly body: Uint8Array<ArrayBuffer>;
      /** The strong entity tag of the body: made where it may take long. */
      readonly tag: string;
      /** Unix ms at which the oldest of what it is made of was read. */
      readonly readAt: number;
    }
  | { readonly kind: 'failed'; readonly failure: ReadFailure }
  /** What was asked is out of bounds, or not there: what to tell. */
  | { readonly kind: 'refused'; readonly status: 400 | 404; readonly detail: string };

export type Scanned =
  | { readonly kind: 'scanned'; readonly identity: CallerIdentity; readonly outcome: ScanOutcome }
  | { readonly kind: 'failed'; readonly failure: ReadFailure }
  | { readonly kind: 'cancelled' };

export interface Results {
  readonly identify: Identified;
  readonly answer: Answered;
  readonly forget: undefined;
  readonly scan: Scanned;
  readonly known: undefined;
  readonly changes: readonly FindingChange[];
  readonly cancel: undefined;
  readonly close: undefined;
}
