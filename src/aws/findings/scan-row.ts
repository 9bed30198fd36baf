import type { SqlValue } from '../../storage/statement.ts';
import type { HistoryPoint, NewScan, ScanClaim, ScanEnd, ScanReport, StoredScan } from './port.ts';
import { type ScanId, type ScanOutcome, type ScanProgress, scanStates, scanTriggers } from './scan.ts';

export interface ScanRow {
  readonly id: string;
  readonly account: string | null;
  readonly account_id: string | null;
  readonly origin: string;
  readonly requested_by: string;
  readonly state: string;
  readonly runner: string | null;
  readonly heartbeat_at: number;
  readonly requested_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly detail: string | null;
  readonly regions: string | null;
  readonly progress: string;
  readonly summary: string | null;
  readonly outcome: string | null;
}

/** All but what came of it, which is long. */
export const scanColumns = [
  'id',
  'account',
  'account_id',
  'origin',
  'requested_by',
  'state',
  'runner',
  'heartbeat_at',
  'requested_at',
  'started_at',
  'ended_at',
  'detail',
  'regions',
  'progress',
  'summary',
] as const;

/** What charts show of a done scan, without its coverage. */
export type ScanSummary = Pick<HistoryPoint, 'figures' | 'results' | 'tally'>;

/** Of a scan that has not begun. */
export const NO_PROGRESS: ScanProgress = {
  phase: 'waiting',
  steps: 0,
  done: 0,
  calls: 0,
  opened: 0,
  resolved: 0,
};

/** The row of `request`. */
export const requestRow = (scan: NewScan): SqlValue[] => [
  scan.id,
  scan.account ?? null,
  scan.accountId ?? null,
  scan.trigger,
  scan.requestedBy,
  scan.runner ?? null,
  scan.requestedAt,
  scan.regions === undefined ? null : JSON.stringify(scan.regions),
  JSON.stringify(NO_PROGRESS),
];

/** The row of `end`; `at` in Unix ms. */
export function endRow({ id, runner }: ScanClaim, at: number, end: ScanEnd): SqlValue[] {
  if (end.state === 'failed') return [id, runner, at, end.state, end.detail, null, null];
  const { outcome, tally } = end;
  const summary: ScanSummary = { figures: outcome.figures, results: resultsOf(outcome), tally };
  return [id, runner, at, end.state, null, JSON.stringify(summary), JSON.stringify(outcome)];
}

/** Results of all checks by status. */
function resultsOf({ checks }: ScanOutcome): HistoryPoint['results'] {
  const sum = { PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0 };
  for (const counts of Object.values(checks)) {
    sum.PASS += counts.PASS;
    sum.FAIL += counts.FAIL;
    sum.UNKNOWN += counts.UNKNOWN;
    sum.NOT_APPLICABLE += counts.NOT_APPLICABLE;
  }
  return sum;
}

/** JSON of our own that nobody else writes. */
const parsed = <T>(text: string | null): T | undefined =>
  text === null ? undefined : (JSON.parse(text) as T);

export function scanFromRow(row: Omit<ScanRow, 'outcome'>): StoredScan {
  const progress = parsed<ScanProgress>(row.progress) ?? NO_PROGRESS;
  const regions = parsed<readonly string[]>(row.regions);
  return {
    id: row.id as ScanId,
    account: row.account ?? undefined,
    accountId: row.account_id ?? undefined,
    trigger: scanTriggers.find((trigger) => trigger === row.origin) ?? 'request',
    requestedBy: row.requested_by,
    ...(regions === undefined ? {} : { regions }),
    state: scanStates.find((state) => state === row.state) ?? 'abandoned',
    runner: row.runner ?? undefined,
    heartbeatAt: row.heartbeat_at,
    requestedAt: row.requested_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    progress: row.ended_at === null ? progress : { ...progress, phase: 'over' },
    tally: parsed<ScanSummary>(row.summary)?.tally,
    detail: row.detail ?? undefined,
  };
}

export const reportFromRow = (row: ScanRow): ScanReport => ({
  ...scanFromRow(row),
  outcome: parsed<ScanOutcome>(row.outcome),
});

/** Undefined of a row that is no point: a done scan has a summary and an account. */
export function pointFromRow(
  row: Pick<ScanRow, 'id' | 'account_id' | 'ended_at' | 'summary'>,
): HistoryPoint | undefined {
  const summary = parsed<ScanSummary>(row.summary);
  if (summary === undefined || row.ended_at === null || row.account_id === null) return undefined;
  return { scanId: row.id as ScanId, at: row.ended_at, accountId: row.account_id, ...summary };
}
