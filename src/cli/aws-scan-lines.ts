import { type CheckSeverity, severities } from '../aws/checks/check.ts';
import type { AccountSummary, ScanDetails, ScanSummary } from './aws-wire.ts';
import type { Terminal } from './command.ts';
import { shortTime, whole } from './event-lines.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter, type Style } from './paint.ts';

const stateStyles: Partial<Record<ScanSummary['state'], Style>> = {
  done: 'green',
  failed: 'red',
  cancelled: 'yellow',
  abandoned: 'yellow',
};
const stateCell = (state: ScanSummary['state']): Cell => cell(state, stateStyles[state]);

/** Accounts with their last scan: one line each. */
export const accountTable = (accounts: readonly AccountSummary[], terminal: Terminal): string[] =>
  layOut(accounts.map(accountCells), terminal);

function accountCells({ id, region, regions, credentials, roleArn, ...more }: AccountSummary): Cell[] {
  const { scanEverySeconds, lastScan } = more;
  return [
    cell(id, 'bold'),
    cell(lastScan?.accountId ?? '-', 'dim'),
    cell(credentials),
    cell(region),
    cell(regions === null ? 'all regions' : regions.join(' ')),
    cell(scanEverySeconds === null ? 'on demand' : `every ${everyText(scanEverySeconds)}`),
    ...(lastScan === null
      ? [cell('never scanned', 'yellow'), cell('')]
      : [stateCell(lastScan.state), cell(shortTime(lastScan.endedAt ?? lastScan.requestedAt), 'dim')]),
    cell(roleArn ?? '', 'dim'),
  ];
}

function everyText(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Scans: one line each. */
export const scanTable = (scans: readonly ScanSummary[], terminal: Terminal): string[] =>
  layOut(scans.map(scanCells), terminal);

const scanCells = (scan: ScanSummary): Cell[] => [
  cell(scan.id),
  cell(shortTime(scan.requestedAt), 'dim'),
  cell(accountOf(scan)),
  stateCell(scan.state),
  cell(tookText(scan), 'dim'),
  cell(scan.tally === null ? (scan.detail ?? '') : `${standingText(scan.tally)}; ${newsText(scan.tally)}`),
];

const accountOf = ({ account, accountId }: ScanSummary): string => account ?? accountId ?? 'a session';

/** Of what ended after it began: `6.2 s`. */
function tookText({ startedAt, endedAt }: ScanSummary): string {
  if (startedAt === null || endedAt === null) return '';
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000).toFixed(1)} s`;
}

type Tally = NonNullable<ScanSummary['tally']>;

/** `2 critical, 5 high; 1 muted`. */
const openText = ({ open, muted }: Tally): string =>
  [countsText(open) || 'none', ...(muted === 0 ? [] : [`${muted} muted`])].join('; ');

/** `2 critical, 5 high open`. */
const standingText = ({ open }: Tally): string => `${countsText(open) || 'nothing'} open`;

/** Counts by severity, the worst first; empty when there are none. */
export const countsText = (open: Tally['open']): string =>
  severities
    .toReversed()
    .flatMap((severity) => (countOf(open, severity) === 0 ? [] : [`${countOf(open, severity)} ${severity}`]))
    .join(', ');

const newsText = ({ opened, worse, resolved }: Tally): string =>
  [`${opened} opened`, ...(worse === 0 ? [] : [`${worse} worse`]), `${resolved} resolved`].join(', ');

const countOf = (open: Readonly<Record<string, unknown>>, severity: CheckSeverity): number =>
  Number(open[severity] ?? 0);

/** How many open findings that are not muted are at least so severe. */
export const openAtLeast = ({ open }: Tally, least: CheckSeverity): number =>
  severities.slice(severities.indexOf(least)).reduce((sum, severity) => sum + countOf(open, severity), 0);

/** A scan that is over: what was covered, and what it says of the account. */
export function scanDetailLines(scan: ScanDetails, terminal: Terminal): string[] {
  const paint = painter(terminal);
  const took = tookText(scan);
  const number = scan.account === null || scan.accountId === null ? '' : ` (${scan.accountId})`;
  const facts: readonly (readonly [string, string | null])[] = [
    ['State', `${scan.state}${took === '' ? '' : ` after ${took}`}`],
    ['Detail', scan.detail],
    ['Asked', `${shortTime(scan.requestedAt)} by ${scan.requestedBy}`],
    ['Open', scan.tally === null ? null : openText(scan.tally)],
    ['Since before', scan.tally === null ? null : newsText(scan.tally)],
    ['Results', resultsText(scan)],
    ...coverageFacts(scan),
  ];
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return [
    `${paint(`${accountOf(scan)}${number}`, 'bold')}  ${paint(scan.id, 'dim')}`,
    ...layOut(given, whole(terminal), '  '),
    ...failureLines(scan, terminal),
  ];
}

function coverageFacts({ coverage }: ScanDetails): readonly (readonly [string, string | null])[] {
  if (coverage === null) return [];
  const { regions, regionsLeftOut, calls, reads, denied, throttled, failed } = coverage;
  const bad = [some(denied, 'denied'), some(throttled, 'throttled'), some(failed, 'failed')].filter(
    (text) => text !== '',
  );
  return [
    [
      'Coverage',
      `${reads} reads by ${calls} calls: ${bad.length === 0 ? 'all could be read' : bad.join(', ')}`,
    ],
    ['Regions', regions.join(', ')],
    ['Left out', regionsLeftOut.length === 0 ? null : regionsLeftOut.join(', ')],
  ];
}

const some = (count: number, what: string): string => (count === 0 ? '' : `${count} ${what}`);

function resultsText({ checks }: ScanDetails): string | null {
  if (checks === null) return null;
  const all = Object.values(checks);
  const sum = (status: 'PASS' | 'FAIL' | 'UNKNOWN' | 'NOT_APPLICABLE'): number =>
    all.reduce((total, counts) => total + counts[status], 0);
  const unknown = sum('UNKNOWN');
  return `${all.length} checks: ${sum('PASS')} pass, ${sum('FAIL')} fail${unknown === 0 ? '' : `, ${unknown} unknown`}, ${sum('NOT_APPLICABLE')} not applicable`;
}

/** What could not be read, and so was not judged. */
function failureLines({ coverage }: ScanDetails, terminal: Terminal): string[] {
  if (coverage === null || coverage.failures.length === 0) return [];
  const rows = coverage.failures.map(({ action, region, kind, code, times }) => [
    cell(kind, 'yellow'),
    cell(action),
    cell(region),
    cell(code, 'dim'),
    cell(times === 1 ? '' : `${times} times`, 'dim'),
  ]);
  return ['', painter(terminal)('Not read', 'bold'), ...layOut(rows, whole(terminal), '  ')];
}
