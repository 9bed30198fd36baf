import { CompiledQuery } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { onEachStore } from '../../../tests/contracts/on-each-store.ts';
import { plansOf } from '../../../tests/contracts/plan-of.ts';
import type { Store } from '../../storage/store.ts';
import { MessageRows } from './rows.ts';

const T = Date.UTC(2026, 0, 31, 12);

/** What the planner goes by stays when the rows are deleted. */
async function fill({ write }: Store): Promise<void> {
  const insert = `INSERT INTO messages (id, kind, created_at, expires_at, bytes, content)
    SELECT 'id' || n, 'plain', ${T}, ${T} + n, 100, repeat('x', 2000) FROM generate_series(1, 20000) n`;
  for (const sql of [insert, 'VACUUM ANALYZE messages']) await write.executeQuery(CompiledQuery.raw(sql));
}

await onEachStore('plans of messages', (stage) => {
  if (stage.dialect === 'postgres') beforeAll(() => fill(stage.store));

  test('one is found by its id', async () => {
    const plans = await plansOf(stage, async (store) => {
      const rows = new MessageRows(store);
      await rows.facts('id7');
      await rows.shared(['id7'], T);
      await rows.claimable('id7', 'hash', T);
      await rows.removable('id7', T);
    });
    expect(plans).toHaveLength(4);
    for (const plan of plans) expect(plan.reads, plan.text).toMatchObject([{ index: 'id', seeks: true }]);
  });

  test('what has ended, and what ends first, is found along the ends', async () => {
    const plans = await plansOf(stage, async (store) => {
      const rows = new MessageRows(store);
      await rows.ended(T + 10, 500);
      await rows.firstEnd();
    });
    for (const plan of plans) {
      expect(plan.reads[0]?.index, plan.text).toBe('messages_end');
      expect(plan.sorts, plan.text).toBe(false);
    }
  });

  test('all are counted without the table, which holds their contents', async () => {
    const [plan] = await plansOf(stage, (store) => new MessageRows(store).count());
    expect(plan?.reads[0]?.index, plan?.text).toBe('messages_end');
    expect(plan?.text, plan?.text).toMatch(/COVERING INDEX|Index Only Scan/);
  });
});
