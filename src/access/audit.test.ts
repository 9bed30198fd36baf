import { expect, test } from 'vitest';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import type { Submission } from '../storage/statement.ts';
import { StoreRefused } from '../storage/store.ts';
import { type AuditEntry, type AuditFilter, auditWrite, forgetAudit, listAudit } from './audit.ts';

const entry = (subject: string, overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  at: Date.UTC(2026, 0, 31),
  actor: 'tok_first',
  action: 'delivery.replay',
  subject,
  ...overrides,
});
let year = 2030;
/** Ids of one process are in the order of their making: each test is later than those before. */
const nextYear = (): number => Date.UTC(++year, 0, 1);
const writing = (...entries: AuditEntry[]): Submission => [{ writes: entries.map(auditWrite) }];

await onEachStore('the audit log', (stage) => {
  test('tells who changed what, before and after', async () => {
    const change = { before: { enabled: true }, after: { enabled: false, reason: 'nul\0 ü' } };
    await stage.store.commit([writing(entry('target/ops', change))]);
    expect(await listAudit(stage.store, {}, 10)).toEqual([
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
    expect(await listAudit(stage.store, {}, 10)).toMatchObject([{ before: null, after: null }]);
  });

  test('pages from the newest back, entries of the same moment too, each once', async () => {
    const subjects = Array.from({ length: 9 }, (_, n) => `s-${n}`);
    for (const subject of subjects) await stage.store.commit([writing(entry(subject))]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listAudit(stage.store, {}, 2, after);
      seen.push(...page.map(({ subject }) => subject));
      after = page.at(-1)?.id;
    } while (after !== undefined);
    expect(seen).toEqual(subjects.toReversed());
  });

  test('finds entries by who, what, to what and when, all of it or any', async () => {
    const first = nextYear();
    const hour = (n: number): number => first + n * 3_600_000;
    const entries = [
      entry('a', { at: hour(0), actor: 'tok_one' }),
      entry('b', { at: hour(1), actor: 'tok_one', action: 'token.create' }),
      entry('a', { at: hour(2), actor: 'tok_two', action: 'token.create' }),
    ];
    for (const one of entries) await stage.store.commit([writing(one)]);
    const found = async (filter: AuditFilter) =>
      (await listAudit(stage.store, filter, 10)).map(({ at }) => (Date.parse(at) - first) / 3_600_000);
    expect(await found({})).toEqual([2, 1, 0]);
    expect(await found({ actor: 'tok_one' })).toEqual([1, 0]);
    expect(await found({ subject: 'a' })).toEqual([2, 0]);
    expect(await found({ action: 'token.create', actor: 'tok_two' })).toEqual([2]);
    expect(await found({ since: hour(1) })).toEqual([2, 1]);
    expect(await found({ until: hour(1) })).toEqual([0]);
    expect(await found({ since: hour(1), until: hour(2), subject: 'b' })).toEqual([1]);
    expect(await found({ actor: 'nobody' })).toEqual([]);
  });

  test('is forgotten past its time, a bounded number at once', async () => {
    const first = nextYear();
    const day = (n: number): number => first + n * 86_400_000;
    for (const n of [1, 2, 3, 4]) await stage.store.commit([writing(entry(`day ${n}`, { at: day(n) }))]);
    expect(await forgetAudit(stage.store, day(4), 2)).toBe(2);
    expect(await forgetAudit(stage.store, day(4), 2)).toBe(1);
    expect(await forgetAudit(stage.store, day(4), 2)).toBe(0);
    expect(await listAudit(stage.store, {}, 10)).toMatchObject([{ subject: 'day 4' }]);
  });

  test('says nothing of a change that was not made', async () => {
    const [write] = writing(entry('twice'));
    const same = write === undefined ? [] : [write, write];
    await expect(stage.store.commit([same])).rejects.toBeInstanceOf(StoreRefused);
    expect(await listAudit(stage.store, {}, 10)).toEqual([]);
  });
});
