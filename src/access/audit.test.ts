import { expect, test } from 'vitest';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import type { Submission } from '../storage/statement.ts';
import { StoreRefused } from '../storage/store.ts';
import { type AuditEntry, auditWrite, listAudit } from './audit.ts';

const entry = (subject: string, overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  at: Date.UTC(2026, 0, 31),
  actor: 'tok_first',
  action: 'delivery.replay',
  subject,
  ...overrides,
});
const writing = (...entries: AuditEntry[]): Submission => [{ writes: entries.map(auditWrite) }];

await onEachStore('the audit log', (stage) => {
  test('tells who changed what, before and after', async () => {
    const change = { before: { enabled: true }, after: { enabled: false, reason: 'nul\0 ü' } };
    await stage.store.commit([writing(entry('target/ops', change))]);
    expect(await listAudit(stage.store, 10)).toEqual([
      {
        id: expect.stringMatching(/^aud_/),
        at: '2026-01-31T00:00:00.000Z',
        actor: 'tok_first',
        action: 'delivery.replay',
        subject: 'target/ops',
        ...change,
      },
    ]);
  });

  test('tells of no before or after where there was none', async () => {
    await stage.store.commit([writing(entry('x'))]);
    expect(await listAudit(stage.store, 10)).toMatchObject([{ before: null, after: null }]);
  });

  test('pages from the newest back, entries of the same moment too, each once', async () => {
    const subjects = Array.from({ length: 9 }, (_, n) => `s-${n}`);
    for (const subject of subjects) await stage.store.commit([writing(entry(subject))]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listAudit(stage.store, 2, after);
      seen.push(...page.map(({ subject }) => subject));
      after = page.at(-1)?.id;
    } while (after !== undefined);
    expect(seen).toEqual(subjects.toReversed());
  });

  test('says nothing of a change that was not made', async () => {
    const [write] = writing(entry('twice'));
    const same = write === undefined ? [] : [write, write];
    await expect(stage.store.commit([same])).rejects.toBeInstanceOf(StoreRefused);
    expect(await listAudit(stage.store, 10)).toEqual([]);
  });
});
