import { Type } from 'typebox';
import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/paging.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../../kernel/schema.ts';
import { type Check, checkedServices, type CheckFacts, severities } from '../checks/check.ts';
import { findingStates, resolutions } from '../findings/finding.ts';
import { controlStatuses, type FrameworkSummary } from '../findings/framework-summary.ts';
import { type HistoryPoint, isMuted, type StoredFinding } from '../findings/port.ts';
import { SCAN_ID_PATTERN } from '../findings/scan.ts';
import { reads } from '../inventory/reads.ts';

export const FINDING_ID_PATTERN = '^fnd_[0-9a-f]{32}$';
export const CHECK_ID_PATTERN = '^[a-z0-9]+\\.[a-z0-9-]{1,60}$';
export const ACCOUNT_ID_PATTERN = '^[0-9]{12}$';

const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });

const controlWire = Type.Object({
  framework: Type.String({ description: '`aws-fsbp` (Security Hub), `cis-aws`.' }),
  version: Type.String(),
  control: Type.String(),
});

/** One check: what is asserted, and what to do where it fails. */
export const checkWire = Type.Object({
  id: Type.String(),
  service: oneOf(checkedServices),
  title: Type.String({ description: 'What is asserted: true where it passes.' }),
  severity: oneOf(severities, { description: 'Of a failure, unless it says its own.' }),
  why: Type.String(),
  fix: Type.Object({ console: Type.String(), cli: Type.String() }),
  references: Type.Array(Type.String()),
  controls: Type.Array(controlWire),
  actions: Type.Array(Type.String(), { description: 'What IAM must allow for it.' }),
});
export const checkListWire = Type.Object({ items: Type.Array(checkWire) });

const resourceWire = Type.Object({
  type: Type.String(),
  arn: Type.String(),
  name: Type.String(),
  region: Type.String({ description: '`global` for what has none.' }),
});

const muteWire = Type.Object({
  at: instant(),
  until: nullable(instant('Null: until it is taken back.')),
  by: Type.String({ description: "The operator's id." }),
  why: Type.String(),
});

/** A finding in a list. */
export const findingWire = Type.Object({
  id: Type.String({ pattern: FINDING_ID_PATTERN }),
  accountId: Type.String({ description: "AWS's twelve digits." }),
  check: Type.String(),
  title: nullable(Type.String({ description: "The check's; null for one that is no more." })),
  service: oneOf(checkedServices),
  severity: oneOf(severities),
  state: oneOf(findingStates),
  muted: Type.Boolean({ description: 'Nobody is told of it now.' }),
  mute: nullable(muteWire),
  resource: resourceWire,
  reason: Type.String({ description: 'Why it failed, when it last did.' }),
  firstSeenAt: instant(),
  lastSeenAt: instant('When a scan last found it so.'),
  openedAt: instant('Of the last time that it was opened.'),
  timesOpened: count(),
  resolvedAt: nullable(instant('Null while it is open.')),
  resolution: nullable(oneOf(resolutions)),
  resolvedReason: nullable(Type.String()),
  eventId: nullable(
    Type.String({ pattern: EVENT_ID_PATTERN, description: 'The last event that told of it.' }),
  ),
  scanId: Type.String({ pattern: SCAN_ID_PATTERN, description: 'The last scan that said anything of it.' }),
});
export const findingPageWire = pageOf(findingWire);

/** One finding with its evidence and its check. */
export const findingDetailWire = Type.Interface([findingWire], {
  evidence: Type.Record(Type.String(), Type.Unknown(), { description: 'The facts behind it.' }),
  checkFacts: nullable(checkWire),
});

const severityCounts = Type.Object({
  informational: count(),
  low: count(),
  medium: count(),
  high: count(),
  critical: count(),
});
const tallyParts = {
  open: severityCounts,
  muted: count('Open, and nobody is told of them; not among `open`.'),
  resolved: count(),
};

/** How many findings there are: all together, and by what they are of. */
export const countsWire = Type.Object({
  ...tallyParts,
  services: Type.Array(Type.Object({ service: oneOf(checkedServices), ...tallyParts })),
  accounts: Type.Array(Type.Object({ accountId: Type.String(), ...tallyParts })),
  checks: Type.Array(Type.Object({ check: Type.String(), ...tallyParts })),
});

const statusCounts = Type.Object({ fail: count(), unknown: count(), pass: count(), not_applicable: count() });
const frameworkParts = {
  framework: Type.String(),
  version: Type.String(),
  statuses: Type.Interface([statusCounts], {}, { description: 'Controls by their status.' }),
};
export const frameworkListWire = Type.Object({ items: Type.Array(Type.Object(frameworkParts)) });
export const frameworkWire = Type.Object({
  ...frameworkParts,
  controls: Type.Array(
    Type.Object({
      control: Type.String(),
      status: oneOf(controlStatuses, {
        description: 'Unknown: a check has not run yet, or could not read all it needs.',
      }),
      checks: Type.Array(Type.String()),
      resources: Type.Object({
        fail: count('Open findings.'),
        muted: count('Open findings that are muted: accepted.'),
        unknown: count(),
        pass: count(),
        notApplicable: count(),
      }),
    }),
  ),
});

export const historyWire = Type.Object({
  since: instant(),
  until: instant(),
  points: Type.Array(
    Type.Object({
      at: instant('When the scan was done.'),
      scanId: Type.String({ pattern: SCAN_ID_PATTERN }),
      accountId: Type.String(),
      open: severityCounts,
      muted: count(),
      opened: count(),
      resolved: count(),
      results: Type.Object({ PASS: count(), FAIL: count(), UNKNOWN: count(), NOT_APPLICABLE: count() }),
      figures: Type.Record(Type.String(), nullable(Type.Number({ minimum: 0 })), {
        description: 'Null: could not be read.',
      }),
    }),
    { description: 'A point for each done scan, in the order of time; where there are too many the newest.' },
  ),
});

export type Checks = ReadonlyMap<string, Check>;

export const toCheckWire = (check: CheckFacts): Static<typeof checkWire> => ({
  id: check.id,
  service: check.service,
  title: check.title,
  severity: check.severity,
  why: check.why,
  fix: { ...check.fix },
  references: [...check.references],
  controls: check.controls.map(({ framework, version, control }) => ({ framework, version, control })),
  actions: [...new Set<string>(check.reads.flatMap((name) => [...reads[name]]))].sort(),
});

export function toFindingWire(
  finding: StoredFinding,
  checks: Checks,
  now: number,
): Static<typeof findingWire> {
  const { mute } = finding;
  return {
    id: finding.id,
    accountId: finding.accountId,
    check: finding.checkId,
    title: checks.get(finding.checkId)?.title ?? null,
    service: finding.service,
    severity: finding.severity,
    state: finding.state,
    muted: isMuted(mute, now),
    mute:
      mute === undefined
        ? null
        : { at: toInstant(mute.at), until: toInstantOrNull(mute.until), by: mute.by, why: mute.why },
    resource: finding.resource,
    reason: finding.reason,
    firstSeenAt: toInstant(finding.firstSeenAt),
    lastSeenAt: toInstant(finding.lastSeenAt),
    openedAt: toInstant(finding.openedAt),
    timesOpened: finding.timesOpened,
    resolvedAt: toInstantOrNull(finding.resolvedAt),
    resolution: finding.resolution ?? null,
    resolvedReason: finding.resolvedReason ?? null,
    eventId: finding.eventId,
    scanId: finding.scanId,
  };
}

export function toFindingDetail(
  finding: StoredFinding,
  checks: Checks,
  now: number,
): Static<typeof findingDetailWire> {
  const check = checks.get(finding.checkId);
  return {
    ...toFindingWire(finding, checks, now),
    evidence: { ...finding.evidence },
    checkFacts: check === undefined ? null : toCheckWire(check),
  };
}

export const toFrameworkWire = ({
  controls,
  ...summary
}: FrameworkSummary): Static<typeof frameworkWire> => ({
  ...summary,
  controls: controls.map((control) => ({ ...control, checks: [...control.checks] })),
});

export const toPointWire = (point: HistoryPoint) => ({
  at: toInstant(point.at),
  scanId: point.scanId,
  accountId: point.accountId,
  open: point.tally.open,
  muted: point.tally.muted,
  opened: point.tally.opened,
  resolved: point.tally.resolved,
  results: point.results,
  figures: { ...point.figures },
});
