import { roles, type Config } from '../../app/settings.ts';
import type { TargetObject } from '../../registry/objects.ts';
import { type Reached, reachTarget } from '../../registry/reach-target.ts';
import type { TransferSession } from '../../storage/transfer/session.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const HOUR_MS = 3_600_000;
const OVERDUE_MS = 300_000;
const ATTEMPTS_MIN = 3;
const RATE_WARN = 0.9;
const CONNECT_MS = 5_000;
const AT_ONCE_MAX = 8;

/** Whether each target's hosts take connections from here; several at a time. */
export async function checkReach(
  targets: readonly TargetObject[],
  { egress }: Config,
): Promise<readonly Finding[]> {
  const found: Finding[][] = [];
  for (let at = 0; at < targets.length; at += AT_ONCE_MAX) {
    const some = targets.slice(at, at + AT_ONCE_MAX);
    found.push(
      ...(await Promise.all(
        some.map(async (target) =>
          (await reachTarget(target, egress, CONNECT_MS)).map((reached) => judgeReach(target, reached)),
        ),
      )),
    );
  }
  return found.flat();
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  timeout: ['does not answer', 'A firewall drops it? Open the way out, or set the proxy of the target.'],
  dns: ['has no address', 'Look at its name and at the resolver of this machine.'],
  connection_refused: ['refuses the connection', 'Does it run there, and on this port?'],
  connection_reset: ['breaks the connection off', 'Is the port the one for this protocol?'],
  tls: ['is not trusted, or speaks no TLS', 'Set tlsCaFile to its authority, or mend its certificate.'],
  egress_denied: ['is no public address', 'If it is meant to be, name it in egress.allow.'],
};

function judgeReach({ id }: TargetObject, { endpoint, failure }: Reached): Finding {
  const place = `${endpoint.isProxy ? 'its proxy ' : ''}${endpoint.host}:${endpoint.port}`;
  const check = `target ${id}`;
  if (failure === undefined)
    return ok(check, `${place} ${endpoint.isTls ? 'shakes hands' : 'takes connections'}`);
  const [what, todo] = reasons[failure.reason] ?? ['cannot be reached', 'See the code.'];
  return fail(check, `${place} ${what} (${failure.detail})`, todo);
}

/** What the store knows of the targets: how attempts went in the last hour, and who is not sent to. */
export async function checkHealth(
  session: TransferSession,
  targets: readonly TargetObject[],
  now: number,
): Promise<readonly Finding[]> {
  const attempts = await session.query(
    `SELECT target, SUM(delivered) AS delivered, SUM(failed) AS failed, SUM(rejected) AS rejected
     FROM target_minutes WHERE minute > ${Math.floor(now - HOUR_MS)} GROUP BY target`,
  );
  const states = await session.query(
    "SELECT target, state, reason, ends_at FROM target_states WHERE state <> 'enabled'",
  );
  const known = new Set(targets.map(({ id }) => id));
  const isKnown = (row: Readonly<Record<string, unknown>>): boolean => known.has(String(row['target']));
  return [
    ...attempts.filter(isKnown).flatMap(judgeRate),
    ...states.filter(isKnown).flatMap((row) => judgeState(row, now)),
  ];
}

function judgeRate(row: Readonly<Record<string, unknown>>): Finding[] {
  const id = String(row['target']);
  const delivered = Number(row['delivered']);
  const all = delivered + Number(row['failed']) + Number(row['rejected']);
  const what = `${delivered} of ${all} attempts delivered in the last hour`;
  const todo = `tocsin targets show ${id}; tocsin events <id> shows what it answered.`;
  if (all >= ATTEMPTS_MIN && delivered === 0) return [fail(`target ${id}`, what, todo)];
  if (all >= ATTEMPTS_MIN && delivered / all < RATE_WARN) return [warn(`target ${id}`, what, todo)];
  return all === 0 ? [] : [ok(`target ${id}`, what)];
}

function judgeState(row: Readonly<Record<string, unknown>>, now: number): Finding[] {
  const id = String(row['target']);
  const state = String(row['state']);
  const endsAt = Number(row['ends_at']);
  if (state === 'paused' && endsAt > 0 && endsAt <= now) return [];
  const why = row['reason'] === null ? '' : `: ${String(row['reason'])}`;
  const action = state === 'paused' ? 'resume' : 'enable';
  return [
    warn(
      `target ${id}`,
      `it is ${state}${why}`,
      `tocsin targets ${action} ${id}, when it is to be sent to again.`,
    ),
  ];
}

const work = {
  api: ['nobody answers HTTP', 'no notification is taken'],
  deliver: ['nobody sends', 'deliveries wait'],
  collect: ['nobody tidies up', 'nothing is deleted after its retention, and the search index is not filled'],
} as const;

/** What this process leaves to others, and whether others do it as far as the store shows. */
export async function checkRoles(
  config: Config,
  session: TransferSession | undefined,
  now: number,
): Promise<readonly Finding[]> {
  const missing = roles.filter((role) => !config.roles.includes(role));
  const isAlone = config.database.url === undefined;
  const left = missing.map((role) => {
    const [nobody, sequel] = work[role];
    return isAlone
      ? fail(
          'roles',
          `${nobody}: ${sequel}`,
          `Add ${role} to roles (TOCSIN_ROLES): with SQLite there is one process.`,
        )
      : warn('roles', `this process does not ${role}`, `See to it that another one does, or ${sequel}.`);
  });
  const overdue = session === undefined ? 0 : await countOverdue(session, now);
  const waits =
    overdue === 0
      ? []
      : [
          warn(
            'roles',
            `deliveries are overdue by more than ${OVERDUE_MS / 60_000} minutes, of ${overdue} targets`,
            'Does a process with the role deliver run? tocsin targets shows which are held.',
          ),
        ];
  const found = [...left, ...waits];
  return found.length > 0 ? found : [ok('roles', config.roles.join(', '))];
}

/** Targets that are enabled and have deliveries that should have been tried long ago. */
async function countOverdue(session: TransferSession, now: number): Promise<number> {
  const [row] = await session.query(
    `SELECT count(*) AS n FROM (
       SELECT target FROM deliveries
       WHERE status = 'pending' AND next_attempt_at < ${Math.floor(now - OVERDUE_MS)} AND lease_until < ${Math.floor(now)}
         AND target NOT IN (SELECT target FROM target_states WHERE state <> 'enabled' OR hold_until > ${Math.floor(now)})
       GROUP BY target) AS overdue`,
  );
  return Number(row?.['n'] ?? 0);
}
