import { oneLine } from '../../kernel/one-line.ts';
import { type CheckFacts, severities } from '../checks/check.ts';
import type { ExportFormat } from './export.ts';
import { isMuted, type StoredFinding } from './port.ts';

/** The version of the schema (https://schema.ocsf.io/1.5.0/classes/compliance_finding). */
const VERSION = '1.5.0';
const FINDINGS = 2;
const COMPLIANCE_FINDING = 2_003;
const AWS_ACCOUNT = 10;

const TEXT_MAX = 1_000;

const activities = {
  open: { id: 1, name: 'Create' },
  resolved: { id: 3, name: 'Close' },
} as const;

const findingStatuses = {
  new: { id: 1, name: 'New' },
  suppressed: { id: 3, name: 'Suppressed' },
  resolved: { id: 4, name: 'Resolved' },
} as const;

const complianceStatuses = {
  pass: { id: 1, name: 'Pass' },
  fail: { id: 3, name: 'Fail' },
  notApplicable: { id: 99, name: 'Not Applicable' },
  gone: { id: 99, name: 'Gone' },
} as const;

/** A finding a line, each as a Compliance Finding of OCSF (class 2003). */
export const ocsfExport = (checks: ReadonlyMap<string, CheckFacts>, publicUrl: string): ExportFormat => ({
  mediaType: 'application/x-ndjson',
  fileName: 'tocsin-findings.ocsf.ndjson',
  head: '',
  line: (finding, now) =>
    `${JSON.stringify(complianceFinding(finding, checks.get(finding.checkId), publicUrl, now))}\n`,
});

/** `finding_info.uid` is the finding's id, whatever becomes of it. `check`: undefined for one that is no more. */
export function complianceFinding(
  finding: StoredFinding,
  check: CheckFacts | undefined,
  publicUrl: string,
  now: number,
): object {
  const activity = activities[finding.state];
  const status = statusOf(finding, now);
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: FINDINGS,
    category_name: 'Findings',
    class_uid: COMPLIANCE_FINDING,
    class_name: 'Compliance Finding',
    type_uid: COMPLIANCE_FINDING * 100 + activity.id,
    // Our scale is OCSF's, which begins with "unknown".
    severity_id: severities.indexOf(finding.severity) + 1,
    severity: capital(finding.severity),
    status_id: status.id,
    status: status.name,
    status_detail: detailOf(finding, now),
    time: finding.resolvedAt ?? finding.lastSeenAt,
    message: titleOf(finding, check),
    compliance: compliance(finding, check),
    finding_info: findingInfo(finding, check),
    remediation: check && {
      desc: `${check.fix.console}\n${check.fix.cli}`,
      references: some(check.references),
    },
    resources: [resource(finding)],
    cloud: cloud(finding),
    metadata: metadata(finding, publicUrl),
    unmapped: { evidence: finding.evidence, times_opened: finding.timesOpened },
  };
}

function statusOf({ state, mute }: StoredFinding, now: number) {
  if (state === 'resolved') return findingStatuses.resolved;
  return isMuted(mute, now) ? findingStatuses.suppressed : findingStatuses.new;
}

function detailOf({ state, mute, resolvedReason }: StoredFinding, now: number): string | undefined {
  if (state === 'resolved') return resolvedReason === undefined ? undefined : line(resolvedReason);
  return mute !== undefined && isMuted(mute, now) ? line(mute.why) : undefined;
}

function compliance(finding: StoredFinding, check: CheckFacts | undefined): object {
  const status = complianceStatusOf(finding);
  const controls = check?.controls ?? [];
  const standards = new Set(controls.map(({ framework, version }) => `${framework} ${version}`));
  return {
    control: finding.checkId,
    desc: check?.title,
    requirements: some(
      controls.map(({ framework, version, control }) => `${framework} ${version} ${control}`),
    ),
    standards: some([...standards]),
    status_id: status.id,
    status: status.name,
    status_detail: line(finding.resolvedReason ?? finding.reason),
  };
}

function complianceStatusOf({ state, resolution }: StoredFinding) {
  if (state === 'open') return complianceStatuses.fail;
  if (resolution === 'gone') return complianceStatuses.gone;
  return resolution === 'not_applicable' ? complianceStatuses.notApplicable : complianceStatuses.pass;
}

const findingInfo = (finding: StoredFinding, check: CheckFacts | undefined): object => ({
  uid: finding.id,
  title: titleOf(finding, check),
  desc: line(finding.reason),
  types: [finding.checkId],
  first_seen_time: finding.firstSeenAt,
  last_seen_time: finding.lastSeenAt,
  created_time: finding.openedAt,
});

const resource = ({ resource: { arn, name, type, region } }: StoredFinding): object => ({
  uid: line(arn),
  name: line(name),
  type,
  region,
  cloud_partition: arn.split(':')[1],
});

const cloud = ({ accountId, resource: { region } }: StoredFinding): object => ({
  provider: 'AWS',
  account: { uid: accountId, type_id: AWS_ACCOUNT, type: 'AWS Account' },
  region,
});

const metadata = (finding: StoredFinding, publicUrl: string): object => ({
  version: VERSION,
  profiles: ['cloud'],
  product: { name: 'Tocsin', vendor_name: 'Tocsin', url_string: publicUrl === '' ? undefined : publicUrl },
  uid: `${finding.id}/${finding.scanId}`,
  correlation_uid: finding.id,
  event_code: finding.checkId,
});

const titleOf = ({ checkId, resource: { name } }: StoredFinding, check: CheckFacts | undefined): string =>
  line(`${check?.title ?? checkId}: ${name}`);
const line = (text: string): string => oneLine(text, TEXT_MAX);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const some = <Value>(values: readonly Value[]): readonly Value[] | undefined =>
  values.length > 0 ? values : undefined;
