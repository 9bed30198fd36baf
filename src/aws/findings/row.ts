import { parseUntrusted, isJsonObject } from '../../kernel/json.ts';
import type { SqlValue } from '../../storage/statement.ts';
import { checkedServices, type CheckedService, severities } from '../checks/check.ts';
import {
  type FailureFacts,
  type FindingChange,
  type FindingId,
  type FindingState,
  type Resolution,
  resolutions,
} from './finding.ts';
import type { Mute, ScanClaim, StoredFinding } from './port.ts';
import type { ScanId } from './scan.ts';

export interface FindingRow {
  readonly id: string;
  readonly account_id: string;
  readonly check_id: string;
  readonly service: string;
  readonly place: string;
  readonly state: string;
  readonly severity: number;
  readonly region: string;
  readonly first_seen_at: number;
  readonly last_seen_at: number;
  readonly opened_at: number;
  readonly times_opened: number;
  readonly resolved_at: number | null;
  readonly resolution: string | null;
  readonly muted_at: number | null;
  readonly muted_until: number | null;
  readonly muted_by: string | null;
  readonly event_id: string | null;
  readonly scan_id: string;
  readonly digest: string;
  readonly resource_type: string;
  readonly resource_arn: string;
  readonly resource_name: string;
  readonly muted_why: string | null;
  readonly resolved_reason: string | null;
  readonly reason: string;
  readonly evidence: string;
}

export interface FilledRow {
  readonly key: string;
  readonly account_id: string;
  readonly check_id: string;
  readonly place: string;
  readonly filled_at: number;
}

/** Evidence is small; what is not would make every list of findings slow, and every notification long. */
const EVIDENCE_CHARS_MAX = 16_000;
const REASON_CHARS_MAX = 1_000;

/** As it is stored and told. */
export const boundedEvidence = (evidence: FailureFacts['evidence']): FailureFacts['evidence'] =>
  JSON.stringify(evidence).length > EVIDENCE_CHARS_MAX
    ? { left_out: 'The evidence is too long to be kept.' }
    : evidence;

/** In the order of `said` in `statements.ts`. */
const saidOf = (finding: FailureFacts, digest: string): SqlValue[] => [
  severities.indexOf(finding.severity),
  finding.place,
  finding.resource.region,
  digest,
  finding.resource.name,
  finding.reason.slice(0, REASON_CHARS_MAX),
  JSON.stringify(boundedEvidence(finding.evidence)),
];

type Said = Extract<FindingChange, { readonly finding: FailureFacts }>;

/** The row of `open`. `at` in Unix ms, here and below. */
export const openRow = (
  { finding, digest }: Omit<Said, 'kind'>,
  {
    service,
    at,
    eventId,
    claim,
  }: { service: CheckedService; at: number; eventId: string | null; claim: ScanClaim },
): SqlValue[] => [
  finding.id,
  finding.accountId,
  finding.checkId,
  service,
  finding.resource.type,
  finding.resource.arn,
  ...saidOf(finding, digest),
  at,
  eventId,
  claim.id,
  claim.runner,
];

/** The row of `worsen`. */
export const worsenRow = (
  { finding, digest }: Omit<Said, 'kind'>,
  { at, eventId, claim }: { at: number; eventId: string | null; claim: ScanClaim },
): SqlValue[] => [finding.id, ...saidOf(finding, digest), at, eventId, claim.id, claim.runner];

/** The row of `alter`. */
export const alterRow = (
  { finding, digest }: Omit<Said, 'kind'>,
  at: number,
  claim: ScanClaim,
): SqlValue[] => [finding.id, ...saidOf(finding, digest), at, claim.id, claim.runner];

/** The row of `touch`. */
export const touchRow = (id: FindingId, at: number, claim: ScanClaim): SqlValue[] => [
  id,
  at,
  claim.id,
  claim.runner,
];

/** The row of `resolve`. */
export const resolveRow = (
  { id, because, reason }: Pick<Extract<FindingChange, { kind: 'resolved' }>, 'id' | 'because' | 'reason'>,
  { at, eventId, claim }: { at: number; eventId: string | null; claim: ScanClaim },
): SqlValue[] => [id, at, because, reason.slice(0, REASON_CHARS_MAX), eventId, claim.id, claim.runner];

/** The row of `mute`. */
export const muteRow = (id: FindingId, { at, until, by, why }: Mute): SqlValue[] => [
  id,
  at,
  until ?? null,
  by,
  why,
];

/** Of a check at a place, in an account: `123456789012/s3.public-policy/global`. */
export const filledKey = (accountId: string, checkId: string, place: string): string =>
  `${accountId}/${checkId}/${place}`;

/** The row of `fill`. */
export const filledRow = (
  { accountId, checkId, place }: Pick<FailureFacts, 'accountId' | 'checkId' | 'place'>,
  at: number,
  claim: ScanClaim,
): SqlValue[] => [
  filledKey(accountId, checkId, place),
  accountId,
  checkId,
  place,
  at,
  claim.id,
  claim.runner,
];

/** The severity that a column holds; of one that no version knows the least. */
export const severityAt = (rank: number) => severities[rank] ?? 'informational';

/** The service that a column holds, which only this code writes. */
export const serviceOf = (text: string): CheckedService =>
  checkedServices.find((service) => service === text) ?? 'net';

export const stateOf = (text: string): FindingState => (text === 'open' ? 'open' : 'resolved');

export const findingFromRow = (row: FindingRow): StoredFinding => ({
  id: row.id as FindingId,
  accountId: row.account_id,
  checkId: row.check_id,
  service: serviceOf(row.service),
  place: row.place,
  state: stateOf(row.state),
  severity: severityAt(row.severity),
  resource: {
    type: row.resource_type,
    arn: row.resource_arn,
    name: row.resource_name,
    region: row.region,
  },
  reason: row.reason,
  evidence: evidenceOf(row.evidence),
  digest: row.digest,
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  openedAt: row.opened_at,
  timesOpened: row.times_opened,
  resolvedAt: row.resolved_at ?? undefined,
  resolution: resolutionOf(row.resolution),
  resolvedReason: row.resolved_reason ?? undefined,
  mute: muteOf(row),
  eventId: row.event_id,
  scanId: row.scan_id as ScanId,
});

const resolutionOf = (text: string | null): Resolution | undefined =>
  resolutions.find((resolution) => resolution === text);

function muteOf(row: FindingRow): Mute | undefined {
  if (row.muted_at === null) return undefined;
  return {
    at: row.muted_at,
    until: row.muted_until ?? undefined,
    by: row.muted_by ?? '',
    why: row.muted_why ?? '',
  };
}

function evidenceOf(text: string): FailureFacts['evidence'] {
  const parsed = parseUntrusted(text);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
}
