import { sha256Hex } from '../../kernel/secret.ts';
import type { CheckSeverity, Resource } from '../checks/check.ts';

export type FindingId = `fnd_${string}`;

export const findingStates = ['open', 'resolved'] as const;
export type FindingState = (typeof findingStates)[number];

/** Why a finding was resolved. */
export const resolutions = ['passed', 'not_applicable', 'gone'] as const;
export type Resolution = (typeof resolutions)[number];

/** What a scan says of a failure. */
export interface FailureFacts {
  readonly id: FindingId;
  /** AWS's twelve digits. */
  readonly accountId: string;
  readonly checkId: string;
  /** The region, or `global`. */
  readonly place: string;
  readonly severity: CheckSeverity;
  readonly resource: Resource;
  readonly reason: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** What of an open finding must be known to compare it with a scan. */
export interface OpenFinding {
  readonly id: FindingId;
  readonly checkId: string;
  readonly place: string;
  readonly severity: CheckSeverity;
  /** `digestOf` its reason and evidence. */
  readonly digest: string;
}

/** One per check and resource of an account, for good: a failure that comes back is the same finding, open again. */
export const findingId = (accountId: string, checkId: string, arn: string): FindingId =>
  `fnd_${sha256Hex(`${accountId}\n${checkId}\n${arn}`).slice(0, 32)}`;

/** How a scan differs from what was known; and, as `ran`, what it was able to look at. */
export type FindingChange =
  /** The check judged there: all there is, or some of it. */
  | { readonly kind: 'ran'; readonly checkId: string; readonly place: string; readonly isWhole: boolean }
  /** Not known, or resolved before. */
  | { readonly kind: 'opened'; readonly finding: FailureFacts; readonly digest: string }
  | {
      readonly kind: 'worse';
      readonly finding: FailureFacts;
      readonly digest: string;
      readonly from: CheckSeverity;
    }
  /** Said in other words, or less severe: no news. */
  | { readonly kind: 'altered'; readonly finding: FailureFacts; readonly digest: string }
  | { readonly kind: 'seen'; readonly id: FindingId }
  | {
      readonly kind: 'resolved';
      readonly id: FindingId;
      readonly because: Resolution;
      /** What the scan says of it now. */
      readonly reason: string;
    };
