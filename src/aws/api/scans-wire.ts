import { Type } from 'typebox';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../../kernel/schema.ts';
import { pageOf } from '../../kernel/paging.ts';
import { severities } from '../checks/check.ts';
import type { ScanReport, StoredScan } from '../findings/port.ts';
import { SCAN_ID_PATTERN, scanPhases, scanStates, scanTriggers } from '../findings/scan.ts';
import { failureKinds } from '../inventory/reading.ts';

const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
const figure = nullable(Type.Number({ minimum: 0 }));

export const progressWire = Type.Object({
  phase: oneOf(scanPhases),
  steps: count('Steps of this phase as far as they are known.'),
  done: count('Those of them that are done.'),
  calls: count('Calls made to AWS.'),
  opened: count(),
  resolved: count(),
});

const tallyWire = Type.Object(
  {
    open: Type.Object(Object.fromEntries(severities.map((severity) => [severity, count()]))),
    muted: count(),
    opened: count(),
    worse: count(),
    resolved: count(),
  },
  { description: 'How findings stood when it was done, and what it made of them.' },
);

export const scanWire = Type.Object({
  id: Type.String({ pattern: SCAN_ID_PATTERN }),
  state: oneOf(scanStates),
  account: nullable(Type.String({ description: "The account's id in the config; null for a session's." })),
  accountId: nullable(Type.String({ description: "AWS's twelve digits, once they are known." })),
  trigger: oneOf(scanTriggers),
  requestedBy: Type.String(),
  regions: nullable(Type.Array(Type.String(), { description: 'Null: all that are enabled.' })),
  requestedAt: instant(),
  startedAt: nullable(instant()),
  endedAt: nullable(instant()),
  progress: progressWire,
  tally: nullable(tallyWire),
  detail: nullable(Type.String({ description: 'Why it failed, or who cancelled it.' })),
});

const coverageWire = Type.Object({
  regions: Type.Array(Type.String()),
  regionsLeftOut: Type.Array(Type.String()),
  calls: count(),
  reads: count('Lists over all their pages, and single things.'),
  denied: count(),
  throttled: count(),
  failed: count(),
  failures: Type.Array(
    Type.Object({
      action: Type.String({ description: "IAM's name of what could not be done." }),
      region: Type.String(),
      kind: oneOf(failureKinds),
      code: Type.String(),
      times: count(),
    }),
  ),
});

const figuresWire = Type.Record(Type.String(), figure, {
  description: 'The figures of the summary over all regions that were read; null: could not be read.',
});

const checkCountsWire = Type.Record(
  Type.String(),
  Type.Object({ PASS: count(), FAIL: count(), UNKNOWN: count(), NOT_APPLICABLE: count() }),
  { description: 'By check.' },
);

export const scanReportWire = Type.Interface([scanWire], {
  coverage: nullable(coverageWire),
  figures: nullable(figuresWire),
  checks: nullable(checkCountsWire),
});

export const scanPageWire = pageOf(scanWire);

export const accountWire = Type.Object({
  id: Type.String({ description: 'As the config names it.' }),
  region: Type.String(),
  credentials: Type.String({ description: 'Where its credentials come from.' }),
  roleArn: nullable(Type.String()),
  regions: nullable(Type.Array(Type.String(), { description: 'Null: all that are enabled.' })),
  scanEverySeconds: nullable(Type.Integer({ description: 'Null: on demand.' })),
  lastScan: nullable(scanWire),
});

export const toScanWire = (scan: StoredScan): Static<typeof scanWire> => ({
  id: scan.id,
  state: scan.state,
  account: scan.account ?? null,
  accountId: scan.accountId ?? null,
  trigger: scan.trigger,
  requestedBy: scan.requestedBy,
  regions: scan.regions === undefined ? null : [...scan.regions],
  requestedAt: toInstant(scan.requestedAt),
  startedAt: toInstantOrNull(scan.startedAt),
  endedAt: toInstantOrNull(scan.endedAt),
  progress: scan.progress,
  tally: scan.tally === undefined ? null : scan.tally,
  detail: scan.detail ?? null,
});

export const toScanReportWire = (scan: ScanReport): Static<typeof scanReportWire> => ({
  ...toScanWire(scan),
  coverage: scan.outcome === undefined ? null : toCoverageWire(scan.outcome.coverage),
  figures: scan.outcome === undefined ? null : { ...scan.outcome.figures },
  checks: scan.outcome === undefined ? null : { ...scan.outcome.checks },
});

type Outcome = NonNullable<ScanReport['outcome']>;

const toCoverageWire = ({
  regions,
  regionsLeftOut,
  failures,
  ...counts
}: Outcome['coverage']): Static<typeof coverageWire> => ({
  ...counts,
  regions: [...regions],
  regionsLeftOut: [...regionsLeftOut],
  failures: [...failures],
});
