import { checkFactLines } from './aws-check-lines.ts';
import type { FindingDetails, FindingSummary } from './aws-wire.ts';
import type { Terminal } from './command.ts';
import { severityCell, shortTime, whole } from './event-lines.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter } from './paint.ts';

/** Findings as a table: one line each. Whose they are only stands there when they are not all of one account. */
export function findingTable(findings: readonly FindingSummary[], terminal: Terminal): string[] {
  const isOfMany = new Set(findings.map(({ accountId }) => accountId)).size > 1;
  return layOut(
    findings.map((finding) => findingCells(finding, isOfMany)),
    terminal,
  );
}

const findingCells = (finding: FindingSummary, isOfMany: boolean): Cell[] => [
  cell(finding.id),
  severityCell(finding.severity),
  cell(finding.check),
  ...(isOfMany ? [cell(finding.accountId, 'dim')] : []),
  cell(finding.resource.region, 'dim'),
  cell([...marksOf(finding), finding.resource.name, '-', finding.reason].join(' ')),
];

const marksOf = ({ state, muted }: FindingSummary): string[] => [
  ...(state === 'resolved' ? ['[resolved]'] : []),
  ...(muted ? ['[muted]'] : []),
];

/** One finding: why it fails, by which facts, why that matters and how to mend it. */
export function findingDetailLines(finding: FindingDetails, terminal: Terminal): string[] {
  const { check, title, checkFacts, resource } = finding;
  const paint = painter(terminal);
  const facts: readonly (readonly [string, string | null])[] = [
    ['State', stateText(finding)],
    ['Muted', muteText(finding)],
    ['Reason', finding.reason],
    ['Resource', `${resource.type} ${resource.name}`],
    ['ARN', resource.arn],
    ['Region', resource.region],
    ['Account', finding.accountId],
    ['Check', check],
    ['First seen', finding.firstSeenAt],
    ['Last seen', finding.lastSeenAt],
    ['Opened', openedText(finding)],
    ['Scan', finding.scanId],
    ['Event', finding.eventId],
  ];
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return [
    `${paint(title ?? check, 'bold')}  ${paint(finding.id, 'dim')}`,
    ...layOut([[cell('Severity', 'dim'), severityCell(finding.severity)], ...given], whole(terminal), '  '),
    ...evidenceLines(finding, terminal),
    ...(checkFacts === null ? [] : ['', ...checkFactLines(checkFacts, terminal)]),
  ];
}

const resolutions = {
  passed: 'the check passes again',
  not_applicable: 'the check does not apply any more',
  gone: 'the resource is gone',
} as const;

function stateText({ state, resolvedAt, resolution, resolvedReason }: FindingSummary): string {
  if (state === 'open' || resolution === null) return state;
  const at = resolvedAt === null ? '' : ` at ${shortTime(resolvedAt)}`;
  return `resolved${at}: ${resolutions[resolution]}${resolvedReason === null ? '' : ` (${resolvedReason})`}`;
}

/** Also of a mute whose time is over. */
function muteText({ mute, muted }: FindingSummary): string | null {
  if (mute === null) return null;
  const end = mute.until === null ? 'until it is taken back' : `until ${shortTime(mute.until)}`;
  return `${muted ? '' : 'no more; it was '}${end}, since ${shortTime(mute.at)} by ${mute.by}: ${mute.why}`;
}

const openedText = ({ openedAt, timesOpened }: FindingSummary): string =>
  timesOpened > 1 ? `${openedAt}, for the ${ordinal(timesOpened)} time` : openedAt;

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}

function evidenceLines({ evidence }: FindingDetails, terminal: Terminal): string[] {
  const rows = Object.entries(evidence).flatMap(([name, value]) =>
    // A list has a line for each of its items.
    (Array.isArray(value) && value.length > 0 ? value : [value]).map((one: unknown, index) => [
      cell(index === 0 ? name : '', 'dim'),
      cell(typeof one === 'string' ? one : JSON.stringify(one)),
    ]),
  );
  if (rows.length === 0) return [];
  return ['', painter(terminal)('Evidence', 'bold'), ...layOut(rows, whole(terminal), '  ')];
}
