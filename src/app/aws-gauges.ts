import { severities } from '../aws/checks/check.ts';
import type { FindingCount, FindingReader, ScanReport, ScanStore } from '../aws/findings/port.ts';
import { failureKinds } from '../aws/inventory/reading.ts';
import type { Scans } from '../aws/scan/scans.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Meter } from '../kernel/meter.ts';
import { KeptFact } from '../telemetry/kept-fact.ts';

export interface AwsGaugesOptions {
  readonly meter: Meter;
  readonly scans: Pick<Scans, 'accounts' | 'isLeading'>;
  readonly scanStore: Pick<ScanStore, 'latestDone'>;
  readonly findings: Pick<FindingReader, 'counts'>;
  readonly clock: Clock;
}

/** However often metrics are read, the store is asked no more often than that. */
const KEEP_MS = 30_000;
const WAIT_MS = 2_000;

/** How AWS accounts stand, the same in every process; nothing where none is configured. */
export function addAwsGauges(options: AwsGaugesOptions): void {
  const { meter, scans, scanStore, findings, clock } = options;
  if (scans.accounts.length === 0) return;
  const kept = { clock, keepMs: KEEP_MS, waitMs: WAIT_MS };
  const last = new KeptFact({ ...kept, ask: () => scanStore.latestDone() });
  const open = new KeptFact({ ...kept, ask: () => findings.counts({ state: 'open' }) });
  meter.beforeReading(() => last.refresh());
  meter.beforeReading(() => open.refresh());
  aboutScans(meter, () => last.value ?? []);
  aboutIntervals(meter, scans, () => last.value ?? []);
  aboutFindings(meter, () => open.value ?? []);
  meter.gauge(
    {
      name: 'tocsin_aws_scans_leading',
      help: 'Whether this process is the one that scans the configured AWS accounts.',
      labels: [],
    },
    (tell) => tell(scans.isLeading ? 1 : 0),
  );
}

function aboutScans(meter: Meter, last: () => readonly ScanReport[]): void {
  meter.gauge(
    {
      name: 'tocsin_aws_last_scan_timestamp_seconds',
      help: 'When the last scan of an AWS account that was done ended.',
      labels: ['account'],
    },
    (tell) => {
      for (const { accountId, endedAt } of last())
        if (accountId !== undefined && endedAt !== undefined) tell(endedAt / 1_000, accountId);
    },
  );
  meter.gauge(
    {
      name: 'tocsin_aws_last_scan_duration_seconds',
      help: 'How long the last scan of an AWS account that was done took.',
      labels: ['account'],
    },
    (tell) => {
      for (const { accountId, startedAt, endedAt } of last())
        if (accountId !== undefined && startedAt !== undefined && endedAt !== undefined)
          tell(Math.max(0, endedAt - startedAt) / 1_000, accountId);
    },
  );
  meter.gauge(
    {
      name: 'tocsin_aws_unread',
      help: 'What the last scan of an AWS account could not read, by why.',
      labels: ['account', 'kind'],
    },
    (tell) => {
      for (const { accountId, outcome } of last()) {
        if (accountId === undefined || outcome === undefined) continue;
        for (const kind of failureKinds) tell(timesOf(outcome.coverage, kind), accountId, kind);
      }
    },
  );
}

/** By AWS's number, which is known once the account was scanned: as the other metrics name it. */
function aboutIntervals(
  meter: Meter,
  { accounts }: Pick<Scans, 'accounts'>,
  last: () => readonly ScanReport[],
): void {
  meter.gauge(
    {
      name: 'tocsin_aws_scan_interval_seconds',
      help: 'How often an AWS account is to be scanned; not told of those that are only on demand.',
      labels: ['account'],
    },
    (tell) => {
      for (const { account, accountId } of last()) {
        const everyMs = accounts.find(({ id }) => id === account)?.scanEveryMs;
        if (accountId !== undefined && everyMs !== undefined) tell(everyMs / 1_000, accountId);
      }
    },
  );
}

type Coverage = NonNullable<ScanReport['outcome']>['coverage'];

const timesOf = ({ failures }: Coverage, kind: (typeof failureKinds)[number]): number =>
  failures.reduce((sum, failure) => (failure.kind === kind ? sum + failure.times : sum), 0);

function aboutFindings(meter: Meter, open: () => readonly FindingCount[]): void {
  meter.gauge(
    {
      name: 'tocsin_aws_findings_open',
      help: 'Open findings of an AWS account that are not muted, by severity.',
      labels: ['account', 'severity'],
    },
    (tell) => {
      const counts = open();
      for (const account of new Set(counts.map((one) => one.account))) {
        for (const severity of severities) tell(openOf(counts, account, severity), account, severity);
      }
    },
  );
}

const openOf = (counts: readonly FindingCount[], account: string, severity: string): number =>
  counts
    .filter((one) => one.account === account && one.severity === severity && !one.muted)
    .reduce((sum, { count }) => sum + count, 0);
