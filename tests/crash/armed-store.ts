import { CompiledQuery } from 'kysely';
import { scanStatements } from '../../src/aws/findings/scan-statements.ts';
import { findingStatements } from '../../src/aws/findings/statements.ts';
import { deliveryStatements } from '../../src/delivery/statements.ts';
import { targetStatements } from '../../src/delivery/target-statements.ts';
import { eventStatements } from '../../src/events/statements.ts';
import { incidentStatements } from '../../src/incidents/store/statements.ts';
import type { Statement, Submission } from '../../src/storage/statement.ts';
import type { Store } from '../../src/storage/store.ts';
import type { CrashPoint, CrashSite } from './crash-point.ts';

/** What a commit is about, by the statement that is in it. */
const commits: readonly {
  readonly statement: Statement;
  readonly before: CrashSite;
  readonly after: CrashSite;
}[] = [
  { statement: eventStatements.insert, before: 'before-commit', after: 'after-commit' },
  { statement: deliveryStatements.settle, before: 'before-settle', after: 'after-settle' },
  { statement: deliveryStatements.markReplayed, before: 'before-replay', after: 'after-replay' },
  { statement: targetStatements.setState, before: 'before-disable', after: 'after-disable' },
  { statement: incidentStatements.insert, before: 'before-incidents', after: 'after-incidents' },
  { statement: incidentStatements.delist, before: 'before-gone', after: 'after-gone' },
  { statement: incidentStatements.fillType, before: 'before-backlog', after: 'after-backlog' },
  { statement: scanStatements.begin, before: 'before-begin', after: 'after-begin' },
  { statement: scanStatements.identify, before: 'before-identified', after: 'after-identified' },
  { statement: findingStatements.open, before: 'before-opened', after: 'after-opened' },
  { statement: findingStatements.resolve, before: 'before-resolved', after: 'after-resolved' },
  { statement: findingStatements.fill, before: 'before-fill', after: 'after-fill' },
  { statement: scanStatements.end, before: 'before-scan-end', after: 'after-scan-end' },
];

/** A store that kills its process, as `kill -9` does, when it gets to a point of an event's way. */
export function armedStore(store: Store, point: CrashPoint): Store {
  let hits = 0;
  const reach = (site: CrashSite): void => {
    if (site === point.site && ++hits === point.hit) end(point);
  };
  return {
    ...store,
    async commit(batch) {
      const about = commits.filter(({ statement }) => mentions(batch, statement.name));
      for (const { before } of about) reach(before);
      const passed = await store.commit(batch);
      for (const { after } of about) reach(after);
      return passed;
    },
    transact: (queries) =>
      store.transact(point.site === 'migration' ? stallAt(store, queries, point.hit) : queries),
    write: store.write.withPlugin(afterClaim(() => reach('after-claim'))),
  };
}

function end({ isPause = false }: CrashPoint): void {
  if (isPause) process.kill(process.pid, 'SIGSTOP');
  else die();
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const mentions = (batch: readonly Submission[], name: string): boolean =>
  batch.some((submission) =>
    submission.some(
      ({ guard, writes }) => guard?.statement === name || writes.some(({ statement }) => statement === name),
    ),
  );

/** A claim is the one update that gives rows back; it counts when it got some. */
function afterClaim(reach: () => void): Parameters<Store['write']['withPlugin']>[0] {
  const claims = new WeakSet<object>();
  return {
    transformQuery({ node, queryId }) {
      if (node.kind === 'UpdateQueryNode' && node.returning !== undefined) claims.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (claims.has(queryId) && result.rows.length > 0) reach();
      return result;
    },
  };
}

const STALL_SQL = {
  sqlite:
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000) SELECT max(i) FROM n',
  // The server goes on with a statement whose client is dead: not for long.
  postgres: 'SELECT pg_sleep(1)',
};
const STALL_MS = 100;

/** Puts a statement that takes long into the transaction, and dies while it runs. */
function stallAt(
  store: Store,
  queries: readonly CompiledQuery[],
  position: number,
): readonly CompiledQuery[] {
  if (!queries.some(({ sql }) => sql.includes('INSERT INTO schema_migrations'))) return queries;
  setTimeout(die, STALL_MS);
  return queries.toSpliced(position, 0, CompiledQuery.raw(STALL_SQL[store.dialect]));
}
