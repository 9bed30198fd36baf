import type { EventDraft, MatterState } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { toInstant } from '../../kernel/schema.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import type { CheckFacts, CheckSeverity } from '../checks/check.ts';
import type { FailureFacts, FindingId, Resolution } from '../findings/finding.ts';
import { boundedEvidence } from '../findings/row.ts';
import type { ScanId } from '../findings/scan.ts';

/** As of what comes from elsewhere: tags name resources as anybody likes. */
const TITLE_MAX = 300;
const LABEL_MAX = 500;
const SUBJECT_MAX = 2_048;

/** What has become of a finding, as far as people are told. */
export interface ToldFinding {
  readonly kind: 'opened' | 'worse' | 'resolved';
  readonly finding: FailureFacts;
  /** Undefined for a check that this version does not know. */
  readonly check: Pick<CheckFacts, 'title' | 'service'> | undefined;
  readonly scanId: ScanId;
  /** The account's id in the config; undefined of a session's scan. */
  readonly account: string | undefined;
  /** Unix ms. */
  readonly at: number;
  /** Since when it is known at all: Unix ms. */
  readonly firstSeenAt: number;
  /** Of `worse`. */
  readonly from?: CheckSeverity;
  /** Of `resolved`: why, and what the scan says of it now. */
  readonly because?: Resolution;
  readonly reason?: string;
}

/** The event of a finding that is open, worse, or resolved. The finding is the matter. */
export function findingDraft(told: ToldFinding): EventDraft {
  const { kind, finding, at, scanId } = told;
  const { id, severity, resource } = finding;
  const type = `aws.finding.${kind}`;
  return {
    type,
    severity,
    title: oneLine(titleOf(told), TITLE_MAX),
    occurredAt: at,
    subject: subjectOf(resource),
    fingerprint: fingerprintOf(id),
    state: stateAfter[kind],
    labels: labelsOf(told),
    observables: [],
    link: undefined,
    internalAlert: undefined,
    dedupeKey: sha256Hex(`${type} ${id} ${scanId}`),
    payload: payloadOf(type, told),
  };
}

const stateAfter = {
  opened: 'open',
  worse: 'open',
  resolved: 'resolved',
} as const satisfies Record<ToldFinding['kind'], MatterState>;

/** Hex: the id without what it begins with. */
const fingerprintOf = (id: FindingId): string => id.slice(id.indexOf('_') + 1);

/** A check's title says what should be: so here, that it is not. */
function titleOf({
  kind,
  finding: { checkId, resource, severity },
  check,
  from,
  because,
}: ToldFinding): string {
  const what = `${check === undefined ? checkId : `"${check.title}"`}: ${nameOf(resource)}`;
  if (kind === 'opened') return `Check fails: ${what}`;
  if (kind === 'worse') return `Check fails worse, ${from ?? 'less'} before and ${severity} now: ${what}`;
  return `${endings[because ?? 'passed']}: ${what}`;
}

const endings = {
  passed: 'Check passes again',
  not_applicable: 'Check does not apply any more',
  gone: 'Resource is gone',
} as const satisfies Record<Resolution, string>;

const nameOf = ({ name, arn }: FailureFacts['resource']): string => oneLine(name, 200) || arn;

function subjectOf({ type, arn, name }: FailureFacts['resource']): EventDraft['subject'] {
  const shown = oneLine(name, SUBJECT_MAX);
  return { kind: type, id: oneLine(arn, SUBJECT_MAX), ...(shown === '' ? {} : { name: shown }) };
}

function labelsOf({ finding, check, scanId, account, from, because }: ToldFinding): EventDraft['labels'] {
  const { id, accountId, checkId, resource } = finding;
  const labels = {
    finding: id,
    check: checkId,
    account: accountId,
    ...(account === undefined ? {} : { account_name: account }),
    service: check?.service ?? checkId.split('.')[0] ?? '',
    region: resource.region,
    resource: resource.arn,
    resource_type: resource.type,
    scan: scanId,
    ...(from === undefined ? {} : { severity_before: from }),
    ...(because === undefined ? {} : { resolution: because }),
  };
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, oneLine(value, LABEL_MAX)]));
}

const payloadOf = (
  type: string,
  { finding, check, scanId, at, firstSeenAt, from, because, reason }: ToldFinding,
): string =>
  JSON.stringify({
    type,
    at: toInstant(at),
    scan: scanId,
    finding: {
      id: finding.id,
      account: finding.accountId,
      check: finding.checkId,
      title: check?.title,
      severity: finding.severity,
      severityBefore: from,
      resource: finding.resource,
      reason: finding.reason,
      evidence: boundedEvidence(finding.evidence),
      firstSeenAt: toInstant(firstSeenAt),
      resolution: because,
      resolvedReason: reason,
    },
  });
