import type { FindingDetails, ScanDetails } from './aws-wire.ts';

export const SCAN = 'scn_01981f00-0000-7000-8000-000000000001';
export const FINDING = `fnd_${'0a'.repeat(16)}`;
export const ACCOUNT_NUMBER = '314159265358';

const none = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
/** With these counts of open findings, one of them muted beside. */
export const tally = (open: Partial<typeof none>) => ({
  open: { ...none, ...open },
  muted: 1,
  opened: 4,
  worse: 1,
  resolved: 2,
});

export const progress = { phase: 'over', steps: 68, done: 68, calls: 157, opened: 4, resolved: 2 } as const;

/** A done scan of the account `prod`, which could not read everything. */
export const aScan = (over: Partial<ScanDetails> = {}): ScanDetails => ({
  id: SCAN,
  state: 'done',
  account: 'prod',
  accountId: ACCOUNT_NUMBER,
  trigger: 'request',
  requestedBy: 'tok_1',
  regions: null,
  requestedAt: '2026-01-31T12:00:00.000Z',
  startedAt: '2026-01-31T12:00:01.000Z',
  endedAt: '2026-01-31T12:00:07.300Z',
  progress,
  tally: tally({ medium: 3, high: 1 }),
  detail: null,
  coverage: {
    regions: ['eu-west-1', 'us-west-2'],
    regionsLeftOut: ['us-east-1'],
    calls: 157,
    reads: 147,
    denied: 2,
    throttled: 0,
    failed: 0,
    failures: [
      { kind: 'denied', action: 's3:GetBucketAcl', region: 'us-west-2', code: 'AccessDenied', times: 2 },
    ],
  },
  figures: { buckets: 9 },
  checks: { 's3.public-acl-read': { PASS: 7, FAIL: 0, UNKNOWN: 2, NOT_APPLICABLE: 0 } },
  ...over,
});

/** An open finding that nobody has muted. */
export const aFinding = (over: Partial<FindingDetails> = {}): FindingDetails => ({
  id: FINDING,
  accountId: ACCOUNT_NUMBER,
  check: 's3.public-policy',
  title: 'No bucket is public through its policy',
  service: 's3',
  severity: 'critical',
  state: 'open',
  muted: false,
  mute: null,
  resource: { type: 'bucket', arn: 'arn:aws:s3:::assets', name: 'assets', region: 'us-west-2' },
  reason: 'Its policy is public.',
  firstSeenAt: '2026-01-30T12:00:00.000Z',
  lastSeenAt: '2026-01-31T12:00:00.000Z',
  openedAt: '2026-01-31T12:00:00.000Z',
  timesOpened: 2,
  resolvedAt: null,
  resolution: null,
  resolvedReason: null,
  eventId: null,
  scanId: SCAN,
  evidence: { isPublic: true, statements: ['first', 'second'] },
  checkFacts: {
    id: 's3.public-policy',
    service: 's3',
    title: 'No bucket is public through its policy',
    severity: 'critical',
    why: 'Everybody can read what is in it.',
    fix: { console: 'S3 > the bucket > Permissions', cli: 'aws s3api put-public-access-block …' },
    references: ['https://docs.aws.amazon.com/'],
    controls: [
      { framework: 'cis-aws', version: '6.0.0', control: '3.1.4' },
      { framework: 'cis-aws', version: '6.0.0', control: '3.1.5' },
    ],
    actions: ['s3:GetBucketPolicyStatus'],
  },
  ...over,
});
