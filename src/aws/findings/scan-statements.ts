import type { Statement } from '../../storage/statement.ts';
import { bothDialects } from './both-dialects.ts';

const table = { table: 'aws_scans', key: 'id' };
const claim = { id: 'text', runner: 'text' } as const;
const isMine = ({ id, runner }: Readonly<Record<keyof typeof claim, string>>): string =>
  `aws_scans.id = ${id} AND aws_scans.runner = ${runner}`;

const request: Statement = bothDialects(
  'scans.request',
  table,
  {
    id: 'text',
    account: 'text',
    account_id: 'text',
    origin: 'text',
    requested_by: 'text',
    runner: 'text',
    requested_at: 'bigint',
    regions: 'text',
    progress: 'text',
  },
  ({
    of,
    from,
    inOrder,
  }) => `INSERT INTO aws_scans (id, account, account_id, origin, requested_by, state, runner,
      heartbeat_at, requested_at, regions, progress)
    SELECT ${of.id}, ${of.account}, ${of.account_id}, ${of.origin}, ${of.requested_by}, 'requested', ${of.runner},
      ${of.requested_at}, ${of.requested_at}, ${of.regions}, ${of.progress}
    ${from} WHERE NOT EXISTS (SELECT 1 FROM aws_scans o WHERE o.state IN ('requested', 'running')
      AND (o.account = ${of.account} OR o.account_id = ${of.account_id})) ${inOrder}
    ON CONFLICT (id) DO NOTHING`,
);

/** Two that begin at the same moment in different transactions are kept apart by the unique indexes. */
const begin: Statement = bothDialects(
  'scans.begin',
  table,
  { ...claim, at: 'bigint' },
  ({ of, from }) => `UPDATE aws_scans SET state = 'running', runner = ${of.runner}, started_at = ${of.at},
      heartbeat_at = ${of.at} ${from}
    WHERE aws_scans.id = ${of.id} AND aws_scans.state = 'requested'
      AND (aws_scans.runner IS NULL OR aws_scans.runner = ${of.runner})
      AND NOT EXISTS (SELECT 1 FROM aws_scans o WHERE o.state = 'running'
        AND (o.account = aws_scans.account OR o.account_id = aws_scans.account_id))`,
);

const identify: Statement = bothDialects(
  'scans.identify',
  table,
  { ...claim, account_id: 'text' },
  ({ of, from }) => `UPDATE aws_scans SET account_id = ${of.account_id} ${from}
    WHERE ${isMine(of)} AND aws_scans.state = 'running'
      AND NOT EXISTS (SELECT 1 FROM aws_scans o WHERE o.state = 'running' AND o.id <> aws_scans.id
        AND o.account_id = ${of.account_id})`,
);

const beat: Statement = bothDialects(
  'scans.beat',
  table,
  { ...claim, at: 'bigint', progress: 'text' },
  ({ of, from }) => `UPDATE aws_scans SET heartbeat_at = ${of.at}, progress = ${of.progress} ${from}
    WHERE ${isMine(of)} AND aws_scans.state IN ('requested', 'running')`,
);

/**
 * The same for a page of changes, which is written behind it. By a name of its own: of two equal guards in one commit
 * only the first passes.
 */
const hold: Statement = bothDialects(
  'scans.hold',
  table,
  { ...claim, at: 'bigint' },
  ({ of, from }) => `UPDATE aws_scans SET heartbeat_at = ${of.at} ${from}
    WHERE ${isMine(of)} AND aws_scans.state = 'running'`,
);

const end: Statement = bothDialects(
  'scans.end',
  table,
  { ...claim, at: 'bigint', state: 'text', detail: 'text', summary: 'text', outcome: 'text' },
  ({ of, from }) => `UPDATE aws_scans SET state = ${of.state}, ended_at = ${of.at}, heartbeat_at = ${of.at},
      detail = ${of.detail}, summary = ${of.summary}, outcome = ${of.outcome} ${from}
    WHERE ${isMine(of)} AND aws_scans.state = 'running'`,
);

const cancel: Statement = bothDialects(
  'scans.cancel',
  table,
  { id: 'text', at: 'bigint', detail: 'text' },
  ({
    of,
    from,
  }) => `UPDATE aws_scans SET state = 'cancelled', ended_at = ${of.at}, detail = ${of.detail} ${from}
    WHERE aws_scans.id = ${of.id} AND aws_scans.state IN ('requested', 'running')`,
);

/** The rows are made in `scan-row.ts`; each is a guard. */
export const scanStatements = { request, begin, identify, beat, hold, end, cancel } as const;
