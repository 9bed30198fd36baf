import type { Statement } from '../../storage/statement.ts';
import { bothDialects } from './both-dialects.ts';

const table = { table: 'aws_findings', key: 'id' };

/** By whom it is written: it passes only while that scan is that runner's and runs. */
const claim = { scan_id: 'text', runner: 'text' } as const;
const isStillRun = ({ scan_id, runner }: Readonly<Record<keyof typeof claim, string>>): string =>
  `EXISTS (SELECT 1 FROM aws_scans s WHERE s.id = ${scan_id} AND s.runner = ${runner} AND s.state = 'running')`;

/** What a scan says anew of a failure. */
const said = {
  severity: 'integer',
  place: 'text',
  region: 'text',
  digest: 'text',
  resource_name: 'text',
  reason: 'text',
  evidence: 'text',
} as const;
const saidNames = ['severity', 'place', 'region', 'digest', 'resource_name', 'reason', 'evidence'] as const;
const setSaid = (of: Readonly<Record<(typeof saidNames)[number], string>>): string =>
  saidNames.map((name) => `${name} = ${of[name]}`).join(', ');

export const openColumns = {
  id: 'text',
  account_id: 'text',
  check_id: 'text',
  service: 'text',
  resource_type: 'text',
  resource_arn: 'text',
  ...said,
  at: 'bigint',
  event_id: 'text',
  ...claim,
} as const;

/** Of many who open the same one passes; and again when it was resolved meanwhile. */
const open: Statement = bothDialects(
  'findings.open',
  table,
  openColumns,
  ({
    of,
    from,
    inOrder,
  }) => `INSERT INTO aws_findings (id, account_id, check_id, service, resource_type, resource_arn,
      ${saidNames.join(', ')}, state, first_seen_at, last_seen_at, opened_at, times_opened, event_id, scan_id)
    SELECT ${of.id}, ${of.account_id}, ${of.check_id}, ${of.service}, ${of.resource_type}, ${of.resource_arn},
      ${saidNames.map((name) => of[name]).join(', ')}, 'open', ${of.at}, ${of.at}, ${of.at}, 1, ${of.event_id}, ${of.scan_id}
    ${from} WHERE ${isStillRun(of)} ${inOrder}
    ON CONFLICT (id) DO UPDATE SET ${saidNames.map((name) => `${name} = excluded.${name}`).join(', ')},
      state = 'open', last_seen_at = excluded.last_seen_at, opened_at = excluded.opened_at,
      times_opened = aws_findings.times_opened + 1, resolved_at = NULL, resolution = NULL, resolved_reason = NULL,
      event_id = coalesce(excluded.event_id, aws_findings.event_id), scan_id = excluded.scan_id
    WHERE aws_findings.state = 'resolved'`,
);

export const worsenColumns = { id: 'text', ...said, at: 'bigint', event_id: 'text', ...claim } as const;

/** It is more severe than it was known to be. */
const worsen: Statement = bothDialects(
  'findings.worsen',
  table,
  worsenColumns,
  ({ of, from }) => `UPDATE aws_findings SET ${setSaid(of)}, last_seen_at = ${of.at},
      event_id = coalesce(${of.event_id}, aws_findings.event_id), scan_id = ${of.scan_id} ${from}
    WHERE aws_findings.id = ${of.id} AND aws_findings.state = 'open' AND aws_findings.severity < ${of.severity}
      AND ${isStillRun(of)}`,
);

export const alterColumns = { id: 'text', ...said, at: 'bigint', ...claim } as const;

/** It is said in other words, or is less severe. */
const alter: Statement = bothDialects(
  'findings.alter',
  table,
  alterColumns,
  ({
    of,
    from,
  }) => `UPDATE aws_findings SET ${setSaid(of)}, last_seen_at = ${of.at}, scan_id = ${of.scan_id} ${from}
    WHERE aws_findings.id = ${of.id} AND aws_findings.state = 'open' AND ${isStillRun(of)}`,
);

/** It is as it was. */
const touch: Statement = bothDialects(
  'findings.touch',
  table,
  { id: 'text', at: 'bigint', ...claim },
  ({ of, from }) => `UPDATE aws_findings SET last_seen_at = ${of.at}, scan_id = ${of.scan_id} ${from}
    WHERE aws_findings.id = ${of.id} AND aws_findings.state = 'open' AND ${isStillRun(of)}`,
);

/** Of many who resolve the same one passes. */
const resolve: Statement = bothDialects(
  'findings.resolve',
  table,
  {
    id: 'text',
    at: 'bigint',
    resolution: 'text',
    resolved_reason: 'text',
    event_id: 'text',
    ...claim,
  },
  ({ of, from }) => `UPDATE aws_findings SET state = 'resolved', resolved_at = ${of.at},
      resolution = ${of.resolution}, resolved_reason = ${of.resolved_reason},
      event_id = coalesce(${of.event_id}, aws_findings.event_id), scan_id = ${of.scan_id} ${from}
    WHERE aws_findings.id = ${of.id} AND aws_findings.state = 'open' AND ${isStillRun(of)}`,
);

const mute: Statement = bothDialects(
  'findings.mute',
  table,
  { id: 'text', muted_at: 'bigint', muted_until: 'bigint', muted_by: 'text', muted_why: 'text' },
  ({ of, from }) => `UPDATE aws_findings SET muted_at = ${of.muted_at}, muted_until = ${of.muted_until},
      muted_by = ${of.muted_by}, muted_why = ${of.muted_why} ${from}
    WHERE aws_findings.id = ${of.id}`,
);

const unmute: Statement = bothDialects(
  'findings.unmute',
  table,
  { id: 'text' },
  ({ of, from }) => `UPDATE aws_findings SET muted_at = NULL, muted_until = NULL, muted_by = NULL,
      muted_why = NULL ${from}
    WHERE aws_findings.id = ${of.id} AND aws_findings.muted_at IS NOT NULL`,
);

/** The first look of a check at a place is stored. */
const fill: Statement = bothDialects(
  'findings.fill',
  { table: 'aws_filled', key: 'key' },
  { key: 'text', account_id: 'text', check_id: 'text', place: 'text', filled_at: 'bigint', ...claim },
  ({ of, from, inOrder }) => `INSERT INTO aws_filled (key, account_id, check_id, place, filled_at)
    SELECT ${of.key}, ${of.account_id}, ${of.check_id}, ${of.place}, ${of.filled_at}
    ${from} WHERE ${isStillRun(of)} ${inOrder}
    ON CONFLICT (key) DO NOTHING`,
);

/** The rows are made in `row.ts`; each is a guard. */
export const findingStatements = { open, worsen, alter, touch, resolve, mute, unmute, fill } as const;
