import { describe, expect, test } from 'vitest';
import { eventIdAt } from '../../../tests/contracts/ids.ts';
import { onEachStore, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../../tests/support/sample-event.ts';
import { listAudit } from '../../access/audit.ts';
import { silentLogger } from '../../kernel/log.ts';
import type { Problem } from '../../kernel/problem.ts';
import { Journal } from '../../storage/journal.ts';
import type { TocsinEvent } from '../event.ts';
import { EventFinder } from '../find.ts';
import { SearchIndex } from '../search/index-store.ts';
import { eventStatements } from '../statements.ts';
import { eventRow, EventStore } from '../store.ts';
import { noteText } from './note.ts';
import { NoteStore } from './store.ts';
import { NoteWriter } from './write.ts';

const T = Date.UTC(2026, 0, 31, 12);
const ANNA = { id: 'tok_anna', name: 'anna', scope: 'operate' } as const;
const BEN = { id: 'tok_ben', name: 'ben', scope: 'admin' } as const;

function start({ store }: Stage) {
  const clock = new ManualClock(undefined, T);
  const journal = new Journal(store, silentLogger);
  const events = new EventStore(store);
  const notes = new NoteStore(store);
  const finder = new EventFinder(events, notes, new SearchIndex(store), clock);
  const writer = new NoteWriter({ journal, events, finder, notes, clock });
  const audit = async () => (await listAudit(store, {}, 50)).map(({ at: _, id: __, ...entry }) => entry);
  return { clock, events, notes, finder, writer, audit };
}

async function keep({ store }: Stage, ...events: readonly TocsinEvent[]): Promise<void> {
  await store.commit(
    events.map((event) => [
      { writes: [{ statement: eventStatements.insert.name, row: eventRow(event, []) }] },
    ]),
  );
}

const ID = eventIdAt(T, 1);
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: Problem) => error.code,
  );

await onEachStore('what operators say of events', (stage) => {
  describe('an acknowledgement', () => acknowledges(stage));
  describe('a note', () => notes(stage));
  describe('many', () => many(stage));
});

function acknowledges(stage: Stage): void {
  test('says who, when and why, and is in the audit log', async () => {
    const { writer, notes, audit } = start(stage);
    await keep(stage, sampleEvent({ id: ID }));
    const made = await writer.acknowledge(ID, 'known\r\n\u202escanner', ANNA);
    expect(made).toEqual({
      eventId: ID,
      at: T,
      by: { id: 'tok_anna', name: 'anna' },
      reason: 'known scanner',
    });
    expect(await notes.acknowledgement(ID)).toEqual(made);
    expect(await audit()).toEqual([
      {
        actor: 'tok_anna',
        action: 'event.acknowledge',
        subject: ID,
        before: null,
        after: { reason: 'known scanner' },
      },
    ]);
  });

  test('stands, whoever comes later, and of many at once one is made', async () => {
    const { writer, audit } = start(stage);
    await keep(stage, sampleEvent({ id: ID }));
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) => writer.acknowledge(ID, `reason ${n}`, n % 2 === 0 ? ANNA : BEN)),
    );
    expect(new Set(all.map(({ reason }) => reason)).size).toBe(1);
    expect(await audit()).toHaveLength(1);
  });

  test('can be taken back, which is audited with what it was; taking none back is none', async () => {
    const { writer, notes, audit } = start(stage);
    await keep(stage, sampleEvent({ id: ID }));
    await writer.unacknowledge(ID, BEN);
    expect(await audit()).toEqual([]);
    await writer.acknowledge(ID, undefined, ANNA);
    await writer.unacknowledge(ID, BEN);
    expect(await notes.acknowledgement(ID)).toBeUndefined();
    expect((await audit())[0]).toMatchObject({
      actor: 'tok_ben',
      action: 'event.unacknowledge',
      before: { by: 'tok_anna', at: T, reason: null },
    });
  });

  test('is none of an event that is not there', async () => {
    const { writer } = start(stage);
    expect(await codeOf(writer.acknowledge(ID, undefined, ANNA))).toBe('not_found');
    expect(await codeOf(writer.unacknowledge(ID, ANNA))).toBe('not_found');
    expect(await codeOf(writer.note(ID, 'text', ANNA))).toBe('not_found');
  });

  test('is shown in lists and found by its filter, page by page', async () => {
    const { writer, finder } = start(stage);
    const ids = [1, 2, 3, 4, 5].map((n) => eventIdAt(T, n));
    await keep(stage, ...ids.map((id, n) => sampleEvent({ id, source: n % 2 === 0 ? 'even' : 'odd' })));
    for (const n of [0, 2, 3]) await writer.acknowledge(ids[n] ?? ID, undefined, ANNA);
    const find = async (filter: object, after?: typeof ID) =>
      finder.find({ filter, limit: 2, after }).then(({ items, nextCursor }) => ({
        ids: items.map(({ id }) => ids.indexOf(id)),
        marks: items.map(({ acknowledged }) => acknowledged),
        nextCursor,
      }));
    expect(await find({ acknowledged: true })).toEqual({
      ids: [3, 2],
      marks: [true, true],
      nextCursor: ids[2],
    });
    expect(await find({ acknowledged: true }, ids[2])).toMatchObject({ ids: [0], nextCursor: null });
    expect(await find({ acknowledged: true, source: 'odd' })).toMatchObject({ ids: [3], nextCursor: null });
    expect(await find({ acknowledged: false })).toMatchObject({ ids: [4, 1], marks: [false, false] });
    expect(await find({})).toMatchObject({ ids: [4, 3], marks: [false, true] });
  });
}

function notes(stage: Stage): void {
  test('is kept with its lines, whatever else was typed; all are shown, oldest first', async () => {
    const { writer, notes, audit, clock } = start(stage);
    await keep(stage, sampleEvent({ id: ID }));
    const first = await writer.note(ID, '  asked ops\r\n\tthey know\u0000\u001b[31m\u202e ', ANNA);
    await clock.advance(10);
    await writer.note(ID, 'closed', BEN);
    expect(first.text).toBe('asked ops\n\tthey know [31m');
    expect((await notes.notes(ID)).map(({ text, by, at }) => [text, by.name, at])).toEqual([
      ['asked ops\n\tthey know [31m', 'anna', T],
      ['closed', 'ben', T + 10],
    ]);
    expect((await audit()).map(({ action, after }) => [action, after])[1]).toEqual([
      'event.note',
      { note: first.id },
    ]);
  });

  test('of blanks alone is none', async () => {
    const { writer } = start(stage);
    await keep(stage, sampleEvent({ id: ID }));
    expect(await codeOf(writer.note(ID, ' \n\u0000\u2028 ', ANNA))).toBe('bad_request');
  });

  test('is one of at most 200 of an event', async () => {
    const { writer, notes } = start(stage);
    await keep(stage, sampleEvent({ id: ID }));
    for (let n = 0; n < 200; n++) await writer.note(ID, `note ${n}`, ANNA);
    expect(await codeOf(writer.note(ID, 'one more', ANNA))).toBe('conflict');
    expect(await notes.notes(ID)).toHaveLength(200);
  });

  test('goes with its event, and so does an acknowledgement', async () => {
    const { writer, notes } = start(stage);
    await keep(stage, sampleEvent({ id: ID }), sampleEvent({ id: eventIdAt(T, 2) }));
    for (const id of [ID, eventIdAt(T, 2)]) {
      await writer.note(id, 'text', ANNA);
      await writer.acknowledge(id, undefined, ANNA);
    }
    await notes.deleteOf([ID]);
    expect([await notes.notes(ID), await notes.acknowledgement(ID)]).toEqual([[], undefined]);
    expect(await notes.notes(eventIdAt(T, 2))).toHaveLength(1);
    expect(await notes.acknowledgement(eventIdAt(T, 2))).toBeDefined();
  });
}

function many(stage: Stage): void {
  const filled = async () => {
    const parts = start(stage);
    const ids = Array.from({ length: 450 }, (_, n) => eventIdAt(T, n));
    await keep(stage, ...ids.map((id, n) => sampleEvent({ id, source: n < 420 ? 'noisy' : 'other' })));
    return { ...parts, ids };
  };
  const filter = { filter: { source: 'noisy' } };

  test('are counted without a change, then acknowledged, those that were not before', async () => {
    const { writer, finder, ids, audit } = await filled();
    await writer.acknowledge(ids[7] ?? ID, 'before', BEN);
    const how = { limit: 10_000, reason: 'scanner' };
    expect(await writer.acknowledgeMany(filter, { ...how, dryRun: true }, ANNA)).toEqual({
      matched: 419,
      acknowledged: 0,
      more: false,
    });
    expect(await writer.acknowledgeMany(filter, { ...how, dryRun: false }, ANNA)).toEqual({
      matched: 419,
      acknowledged: 419,
      more: false,
    });
    const left = await finder.find({ filter: { acknowledged: false }, limit: 100 });
    expect(left.items.map(({ source }) => source)).toEqual(Array.from({ length: 30 }, () => 'other'));
    const entries = (await audit()).filter(({ action }) => action === 'event.acknowledge_many');
    expect(entries.map(({ after }) => after)).toContainEqual({
      filter: { source: 'noisy' },
      reason: 'scanner',
      count: 200,
    });
  });

  test('are the newest up to the limit, and the answer says that there are more', async () => {
    const { writer, finder, ids } = await filled();
    const answer = await writer.acknowledgeMany(filter, { limit: 201, dryRun: false }, ANNA);
    expect(answer).toEqual({ matched: 201, acknowledged: 201, more: true });
    const oldest = await finder.find({ filter: { acknowledged: true }, limit: 201 });
    expect(oldest.items.at(-1)?.id).toBe(ids[219]);
  });
}

test('noteText keeps letters of every script and joins, and line breaks of every system', () => {
  expect(noteText('a\rb\r\nc\n\nd')).toBe('a\nb\nc\n\nd');
  expect(noteText('\u{1f469}\u200d\u{1f680} नमस्ते')).toBe('\u{1f469}\u200d\u{1f680} नमस्ते');
  expect(noteText('\ud800x\u2066y')).toBe('x y');
});
