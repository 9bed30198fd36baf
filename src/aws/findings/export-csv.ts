import { csvCell } from '../../kernel/csv-cell.ts';
import { toInstant } from '../../kernel/schema.ts';
import type { CheckFacts } from '../checks/check.ts';
import type { ExportFormat } from './export.ts';
import { isMuted, type StoredFinding } from './port.ts';

const CRLF = '\r\n';

type Cells = Readonly<
  Record<string, (finding: StoredFinding, check: CheckFacts | undefined, now: number) => Cell>
>;
type Cell = string | number | boolean | undefined;

const instant = (ms: number | undefined): Cell => (ms === undefined ? undefined : toInstant(ms));

const cells = {
  id: ({ id }) => id,
  accountId: ({ accountId }) => accountId,
  check: ({ checkId }) => checkId,
  title: (_, check) => check?.title,
  service: ({ service }) => service,
  severity: ({ severity }) => severity,
  state: ({ state }) => state,
  muted: ({ mute }, _, now) => isMuted(mute, now),
  mutedUntil: ({ mute }) => instant(mute?.until),
  mutedWhy: ({ mute }) => mute?.why,
  region: ({ resource }) => resource.region,
  resourceType: ({ resource }) => resource.type,
  resourceName: ({ resource }) => resource.name,
  resourceArn: ({ resource }) => resource.arn,
  reason: ({ reason }) => reason,
  firstSeenAt: ({ firstSeenAt }) => instant(firstSeenAt),
  lastSeenAt: ({ lastSeenAt }) => instant(lastSeenAt),
  openedAt: ({ openedAt }) => instant(openedAt),
  timesOpened: ({ timesOpened }) => timesOpened,
  resolvedAt: ({ resolvedAt }) => instant(resolvedAt),
  resolution: ({ resolution }) => resolution,
  controls: (_, check) =>
    check?.controls.map(({ framework, version, control }) => `${framework} ${version} ${control}`).join('; '),
  evidence: ({ evidence }) => JSON.stringify(evidence),
} as const satisfies Cells;

/** RFC 4180, with a header line. What is not there is empty. */
export const csvExport = (checks: ReadonlyMap<string, CheckFacts>): ExportFormat => ({
  mediaType: 'text/csv; charset=utf-8; header=present',
  fileName: 'tocsin-findings.csv',
  head: `${Object.keys(cells).join(',')}${CRLF}`,
  line(finding, now) {
    const check = checks.get(finding.checkId);
    const texts = Object.values<Cells[string]>(cells).map((cell) => String(cell(finding, check, now) ?? ''));
    return `${texts.map(csvCell).join(',')}${CRLF}`;
  },
});
