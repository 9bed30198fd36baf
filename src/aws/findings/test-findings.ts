import { Journal } from '../../storage/journal.ts';
import { silentLogger } from '../../kernel/log.ts';
import { uuidv7 } from '../../kernel/ids.ts';
import type { Store } from '../../storage/store.ts';
import type { CheckResult, CheckRun, CheckSeverity, CheckStatus } from '../checks/check.ts';
import { digestOf } from './diff.ts';
import { type FailureFacts, type FindingChange, type FindingId, findingId } from './finding.ts';
import type { NewScan, RunningScan } from './port.ts';
import type { ScanId, ScanOutcome } from './scan.ts';
import { SqlScanStore } from './scan-store.ts';

/** Unix ms. */
export const T = Date.UTC(2026, 0, 31, 12);
export const ACCOUNT = '123456789012';

export const arnOf = (name: string): string => `arn:aws:s3:::${name}`;

export const idOf = (name: string, checkId = 's3.versioning', accountId = ACCOUNT): FindingId =>
  findingId(accountId, checkId, arnOf(name));

/** A failure of a bucket that is called so. */
export function failure(
  name: string,
  over: Partial<Omit<FailureFacts, 'id' | 'resource'>> & { readonly region?: string } = {},
): FailureFacts {
  const { region = 'eu-west-1', ...facts } = over;
  const { accountId = ACCOUNT, checkId = 's3.versioning' } = facts;
  return {
    id: idOf(name, checkId, accountId),
    accountId,
    checkId,
    place: 'global',
    severity: 'medium',
    resource: { type: 'bucket', arn: arnOf(name), name, region },
    reason: `${name} has no versioning`,
    evidence: { versioning: 'Never' },
    ...facts,
  };
}

const saidOf = (finding: FailureFacts) => ({ finding, digest: digestOf(finding.reason, finding.evidence) });

type Change<Kind> = Extract<FindingChange, { readonly kind: Kind }>;

export const opened = (finding: FailureFacts): Change<'opened'> => ({ kind: 'opened', ...saidOf(finding) });
export const worse = (finding: FailureFacts, from: CheckSeverity): Change<'worse'> => ({
  kind: 'worse',
  from,
  ...saidOf(finding),
});
export const altered = (finding: FailureFacts): Change<'altered'> => ({
  kind: 'altered',
  ...saidOf(finding),
});
export const seen = (id: FindingId): Change<'seen'> => ({ kind: 'seen', id });
export const resolved = (id: FindingId): Change<'resolved'> => ({
  kind: 'resolved',
  id,
  because: 'passed',
  reason: 'It is mended.',
});
export const ran = (checkId = 's3.versioning', place = 'global', isWhole = true): Change<'ran'> => ({
  kind: 'ran',
  checkId,
  place,
  isWhole,
});

/** One result of a bucket. */
export const result = (name: string, status: CheckStatus, over: Partial<CheckResult> = {}): CheckResult => ({
  resource: { type: 'bucket', arn: arnOf(name), name, region: 'eu-west-1' },
  status,
  reason: `${name}: ${status}`,
  ...over,
});

export const run = (results: readonly CheckResult[], over: Partial<CheckRun> = {}): CheckRun => ({
  checkId: 's3.versioning',
  severity: 'medium',
  place: 'global',
  isWhole: true,
  results,
  ...over,
});

/** Ids of scans in the order of their making. */
export const newScanId = (): ScanId => `scn_${uuidv7(T)}`;

export const newScan = (over: Partial<NewScan> = {}): NewScan => ({
  id: newScanId(),
  account: 'production',
  accountId: undefined,
  trigger: 'schedule',
  requestedBy: 'schedule',
  requestedAt: T,
  ...over,
});

export const scansOf = (store: Store): SqlScanStore =>
  new SqlScanStore(store, new Journal(store, silentLogger));

export const RUNNER = 'process-1';

/** A scan that runs. */
export async function runningScan(
  store: Store,
  over: Partial<NewScan> & { readonly backlog?: RunningScan['backlog'] } = {},
): Promise<RunningScan> {
  const { backlog = 'each', ...asked } = over;
  const scan = newScan({ accountId: ACCOUNT, ...asked });
  const scans = scansOf(store);
  const claim = { id: scan.id, runner: RUNNER };
  const isBegun = (await scans.request(scan)) && (await scans.begin(claim, scan.requestedAt));
  if (!isBegun) throw new TypeError('the scan of the test was not begun');
  return { ...claim, accountId: scan.accountId ?? ACCOUNT, account: scan.account, backlog };
}

export const outcomeOf = (over: Partial<ScanOutcome> = {}): ScanOutcome => ({
  coverage: {
    regions: ['eu-west-1'],
    regionsLeftOut: [],
    calls: 12,
    reads: 10,
    denied: 0,
    throttled: 0,
    failed: 0,
    failures: [],
  },
  figures: {
    clusters: 1,
    services: 2,
    tasks: 3,
    unhealthyServices: 0,
    buckets: 4,
    bucketBytes: null,
    bucketsWithoutEncryption: 0,
    publicBuckets: 0,
    volumes: 5,
    volumeGib: 50,
    unattachedVolumes: 0,
    unencryptedVolumes: 0,
    vpcs: 1,
    subnets: 2,
    securityGroupsWithOpenSsh: 0,
    routeTables: 1,
  },
  checks: { 's3.versioning': { PASS: 3, FAIL: 1, UNKNOWN: 0, NOT_APPLICABLE: 0 } },
  ...over,
});
