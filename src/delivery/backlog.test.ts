import { CompiledQuery } from 'kysely';
import { describe, expect, test } from 'vitest';
import { deliveryIdAt, eventIdAt } from '../../tests/contracts/ids.ts';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import { indexesOf, plansOf } from '../../tests/contracts/plan-of.ts';
import type { Store } from '../storage/store.ts';
import { BACKLOG_MAX, readBacklog } from './backlog.ts';

const T = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;

interface Row {
  readonly target: string;
  readonly status: string;
  readonly createdAt: number;
  readonly nextAttemptAt?: number;
  readonly replayedAs?: string;
}

function insert(
  { target, status, createdAt, nextAttemptAt = createdAt, replayedAs }: Row,
  n: number,
): CompiledQuery {
  const values = [deliveryIdAt(T, n), eventIdAt(T, n), target, status, createdAt, nextAttemptAt];
  const literals = [...values, replayedAs ?? null].map((value) =>
    value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`,
  );
  return CompiledQuery.raw(
    `INSERT INTO deliveries (id, event_id, target, status, created_at, next_attempt_at, replayed_as, internal, attempts, lease_until)
      VALUES (${literals.join(', ')}, 0, 0, 0)`,
  );
}

const put = (store: Store, rows: readonly Row[]) => store.transact(rows.map((row, n) => insert(row, n)));

/** As many rows as are counted, and one more. */
const tooMany = (dialect: Store['dialect']): CompiledQuery => {
  const series =
    dialect === 'sqlite'
      ? `(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n <= ${BACKLOG_MAX}) SELECT n FROM s)`
      : `generate_series(1, ${BACKLOG_MAX + 1}) AS s(n)`;
  return CompiledQuery.raw(
    `INSERT INTO deliveries (id, event_id, target, status, created_at, next_attempt_at, internal, attempts, lease_until)
      SELECT 'dlv_' || n, 'evt_' || n, 'busy', 'pending', ${T} + n, ${T} + n, 0, 0, 0 FROM ${series}`,
  );
};

await onEachStore('the backlog', (stage) => {
  describe('of each target', () => {
    test('is nothing where nothing waits', async () => {
      await put(stage.store, [{ target: 'well', status: 'delivered', createdAt: T }]);
      expect(await readBacklog(stage.store.read)).toEqual([]);
    });

    test('is what is on its way, with the oldest of it, and what was given up', async () => {
      await put(stage.store, [
        { target: 'mail', status: 'pending', createdAt: T + MINUTE },
        // The oldest is due last: it has failed often.
        { target: 'mail', status: 'pending', createdAt: T, nextAttemptAt: T + 500 * MINUTE },
        { target: 'mail', status: 'delivered', createdAt: T - MINUTE },
        { target: 'mail', status: 'dead', createdAt: T },
        { target: 'chat', status: 'dead', createdAt: T },
        { target: 'chat', status: 'dead', createdAt: T },
        { target: 'chat', status: 'dead', createdAt: T, replayedAs: 'dlv_x' },
        { target: 'siem', status: 'pending', createdAt: T },
        { target: 'siem', status: 'skipped', createdAt: T },
      ]);
      const found = await readBacklog(stage.store.read);
      expect(found.toSorted((a, b) => (a.target < b.target ? -1 : 1))).toEqual([
        { target: 'chat', pending: 0, oldestAt: undefined, dead: 2 },
        { target: 'mail', pending: 2, oldestAt: T, dead: 1 },
        { target: 'siem', pending: 1, oldestAt: T, dead: 0 },
      ]);
    });

    test('is counted so far and no further', async () => {
      await stage.store.transact([tooMany(stage.dialect)]);
      const [busy] = await readBacklog(stage.store.read);
      expect(busy).toEqual({ target: 'busy', pending: BACKLOG_MAX, oldestAt: T + 1, dead: 0 });
    });

    test('is read along the indexes of what waits and of what was given up', async () => {
      const [plan] = await plansOf(stage, (store) => readBacklog(store.read));
      const used = new Set(plan && indexesOf(plan));
      expect(used.has('deliveries_pending'), plan?.text).toBe(true);
      for (const index of used) expect(index, plan?.text).toMatch(/^deliveries_(pending|dead_target)$/);
    });
  });
});
