import type { Write } from '../../storage/statement.ts';
import type { CheckedService, CheckSeverity } from '../checks/check.ts';
import type { FailureFacts, FindingId, FindingState, OpenFinding, Resolution } from './finding.ts';
import type { ScanFigures, ScanId, ScanOutcome, ScanProgress, ScanState, ScanTrigger } from './scan.ts';

/** That nobody is to be told of a finding. Instants are Unix ms, here and below. */
export interface Mute {
  readonly at: number;
  /** Undefined: until it is taken back. */
  readonly until: number | undefined;
  /** The operator's id. */
  readonly by: string;
  readonly why: string;
}

/** A finding as the store holds it; of a resolved one the facts are those of the last scan in which it failed. */
export interface StoredFinding extends FailureFacts {
  readonly service: CheckedService;
  readonly state: FindingState;
  readonly digest: string;
  readonly firstSeenAt: number;
  /** When a scan last found it so. */
  readonly lastSeenAt: number;
  /** Of the last time that it was opened. */
  readonly openedAt: number;
  readonly timesOpened: number;
  /** These three are undefined while it is open. */
  readonly resolvedAt: number | undefined;
  readonly resolution: Resolution | undefined;
  readonly resolvedReason: string | undefined;
  /** Also one whose time is over: `isMuted` tells. */
  readonly mute: Mute | undefined;
  /** The last event that told of it; null where none did. */
  readonly eventId: string | null;
  /** The last scan that had something to say of it. */
  readonly scanId: ScanId;
}

/** Whether nobody is told of it at `now`. */
export const isMuted = (mute: Mute | undefined, now: number): boolean =>
  mute !== undefined && (mute.until === undefined || mute.until > now);

/** Which findings of a list; all that is given must hold. */
export interface FindingFilter {
  /** AWS's twelve digits. */
  readonly account?: string;
  /** One of these. Empty: none at all. */
  readonly checks?: readonly string[];
  readonly service?: CheckedService;
  readonly severity?: CheckSeverity;
  /** At least this. */
  readonly severityMin?: CheckSeverity;
  readonly state?: FindingState;
  /** Muted now, or not. */
  readonly muted?: boolean;
  readonly region?: string;
  /** The resource's ARN. */
  readonly resource?: string;
  /** Occurs in the reason, the resource's name or its ARN, whatever the case of its ASCII letters. */
  readonly text?: string;
}

/** Where a page ended: `4-1767225600000-fnd_…`. It needs no row that is still there. */
export type FindingCursor = `${number}-${number}-${FindingId}`;

export interface FindingPage {
  /** The most severe first; of those the ones opened last. */
  readonly items: readonly StoredFinding[];
  /** Where to go on; undefined at the end. It can come with few items, or none: only so many are looked at. */
  readonly next: FindingCursor | undefined;
}

/** Findings that have these in common. */
export interface FindingCount {
  readonly account: string;
  readonly check: string;
  readonly service: CheckedService;
  readonly state: FindingState;
  readonly severity: CheckSeverity;
  readonly muted: boolean;
  readonly count: number;
}

/** Open findings of one check at one place. */
export interface StandingCount {
  readonly checkId: string;
  readonly place: string;
  readonly severity: CheckSeverity;
  readonly count: number;
}

/** Reads what is stored of findings; written by `FindingWriter` and `FindingMutes`. Rejects with StoreUnavailable. */
export interface FindingReader {
  /** What is open in an account, in pages by id: what a scan is compared with. */
  openFindings(
    accountId: string,
    after: FindingId | undefined,
    limit: number,
  ): Promise<readonly OpenFinding[]>;
  find(filter: FindingFilter, limit: number, after?: FindingCursor): Promise<FindingPage>;
  /** In the order of `ids`, without those that are not there. */
  getMany(ids: readonly FindingId[]): Promise<readonly StoredFinding[]>;
  /** How many there are, by all that they have in common. */
  counts(filter: Pick<FindingFilter, 'account' | 'state' | 'service'>): Promise<readonly FindingCount[]>;
  /** `filledKey` of every check and place of the account whose first scan is stored. */
  filled(accountId: string): Promise<ReadonlySet<string>>;
  /** What is open in an account, muted or not. */
  standing(accountId: string): Promise<readonly StandingCount[]>;
  /** Deletes up to `limit` that were resolved before `before`; returns how many. */
  sweep(before: number, limit: number): Promise<number>;
}

/** A scan that is asked for. */
export interface NewScan {
  readonly id: ScanId;
  /** The account's id in the config; undefined for a session's. */
  readonly account: string | undefined;
  /** AWS's twelve digits, where they are known. */
  readonly accountId: string | undefined;
  readonly trigger: ScanTrigger;
  /** The operator's id, or who else asks: `schedule`. */
  readonly requestedBy: string;
  /** Absent: all that are enabled. */
  readonly regions?: readonly string[];
  /** The only process that can make it: of a session's scan, for its keys are there alone. */
  readonly runner?: string;
  readonly requestedAt: number;
}

/** How findings stood when a scan was done, and what it made of them. */
export interface ScanTally {
  /** Of the account, those that are muted left out. */
  readonly open: Readonly<Record<CheckSeverity, number>>;
  readonly muted: number;
  readonly opened: number;
  readonly worse: number;
  readonly resolved: number;
}

export interface StoredScan extends Omit<NewScan, 'runner'> {
  readonly state: ScanState;
  /** The process that makes it, or made it. */
  readonly runner: string | undefined;
  readonly heartbeatAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly progress: ScanProgress;
  /** Of one that is done. */
  readonly tally: ScanTally | undefined;
  /** Why it failed, or who cancelled it. */
  readonly detail: string | undefined;
}

/** A scan with what came of it. */
export interface ScanReport extends StoredScan {
  /** Undefined unless it is done. */
  readonly outcome: ScanOutcome | undefined;
}

export interface ScanFilter {
  /** The account's id in the config. */
  readonly account?: string;
  /** AWS's twelve digits. */
  readonly accountId?: string;
  readonly state?: ScanState;
  readonly trigger?: ScanTrigger;
}

/** A done scan as a point of a chart. */
export interface HistoryPoint {
  readonly scanId: ScanId;
  /** When it was done. */
  readonly at: number;
  readonly accountId: string;
  readonly figures: ScanFigures;
  readonly tally: ScanTally;
  /** Results of all its checks by status. */
  readonly results: ScanOutcome['checks'][string];
}

/** Who makes which scan: what every write of it is conditional on. */
export interface ScanClaim {
  readonly id: ScanId;
  readonly runner: string;
}

/** A scan that runs, and whose account is known. */
export interface RunningScan extends ScanClaim {
  /** AWS's twelve digits. */
  readonly accountId: string;
  /** The account's id in the config; undefined of a session's. */
  readonly account: string | undefined;
  /** What is told of what was there where nobody had looked before. */
  readonly backlog: 'summary' | 'each';
}

/** What became of a scan's changes so far. */
export interface Recorded {
  readonly opened: number;
  readonly worse: number;
  readonly resolved: number;
  /** Events that told of them. */
  readonly told: number;
}

/** What there was before a scan. */
export interface EarlierScans {
  readonly ended: StoredScan | undefined;
  readonly done: ScanReport | undefined;
}

/** How a scan ended by itself. */
export type ScanEnd =
  | { readonly state: 'done'; readonly outcome: ScanOutcome; readonly tally: ScanTally }
  | { readonly state: 'failed'; readonly detail: string };

/**
 * Scans on disk. Each change of a scan is one guarded write: of any number of processes that try one passes, and what
 * it resolves with says whether it was this one. Rejects with StoreUnavailable.
 */
export interface ScanStore {
  /** False: one of that account is requested or running already, and is alive or waits for anybody. */
  request(scan: NewScan): Promise<boolean>;
  /**
   * From requested to running. False: it is not to be begun any more, belongs to another runner, or another scan of the
   * same account (by either name) runs and is alive. One that is not alive is abandoned on the way.
   */
  begin(claim: ScanClaim, now: number): Promise<boolean>;
  /** Whose account it is, once AWS has said so. False: it is not ours any more, or another scan of that account runs. */
  identified(claim: ScanClaim, accountId: string): Promise<boolean>;
  /** Still at work, also while it waits. False: it was cancelled or abandoned, and has to stop. */
  beat(claim: ScanClaim, now: number, progress: ScanProgress): Promise<boolean>;
  /** Ends it. `also` is written in the same commit. False: somebody else ended it. */
  end(claim: ScanClaim, now: number, end: ScanEnd, also?: readonly Write[]): Promise<boolean>;
  /** Whoever makes it learns of it with its next beat; what it writes until then does not pass. */
  cancel(id: ScanId, now: number, detail: string, also?: readonly Write[]): Promise<boolean>;
  /** Those of a runner, or all whose last beat was before; returns how many. */
  abandon(which: { readonly runner: string } | { readonly beatBefore: number }, now: number): Promise<number>;

  get(id: ScanId): Promise<ScanReport | undefined>;
  /** Newest first. */
  list(filter: ScanFilter, limit: number, after?: ScanId): Promise<readonly StoredScan[]>;
  /**
   * The last one of a configured account before this one that was done or failed, and the last that was done of all its
   * regions: one that was asked for some of them says nothing of what the others deny.
   */
  before(account: string, id: ScanId): Promise<EarlierScans>;
  /** The last done scan of each account, or of one. */
  latestDone(accountId?: string): Promise<readonly ScanReport[]>;
  /** Done scans from `since` on, before `until`, ascending; at most `limit`, the newest. */
  history(
    filter: { readonly accountId?: string; readonly since: number; readonly until: number },
    limit: number,
  ): Promise<readonly HistoryPoint[]>;
  /** Deletes up to `limit` that ended before `before` and are not the last done one of an account; returns how many. */
  sweepScans(before: number, limit: number): Promise<number>;
}

/** So long after its last beat a scan counts as left behind. */
export const SCAN_STALE_MS = 60_000;
