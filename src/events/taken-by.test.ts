import { expect, test } from 'vitest';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { newEventId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import type { TocsinEvent } from './event.ts';
import { EventStore, eventRow } from './store.ts';

await onEachStore('the events that a rule took', (stage) => {
  const keep = async (rules: readonly string[], overrides: Partial<TocsinEvent> = {}) => {
    const event = sampleEvent({ id: newEventId(), ...overrides });
    const matched = rules.map((rule) => ({ rule, targets: ['log'] }));
    const write = { statement: 'events.insert', row: eventRow(event, matched) };
    await new Journal(stage.store, silentLogger).submit([{ writes: [write] }]);
    return event.id;
  };

  test('are listed newest first, page by page, and only so many are looked at for a page', async () => {
    const store = new EventStore(stage.store);
    const taken: string[] = [];
    for (let n = 0; n < 12; n++) taken.unshift(await keep(n % 3 === 0 ? ['other', 'a_b'] : ['other']));
    const expected = taken.filter((_, index) => (11 - index) % 3 === 0);
    const all = await store.listTakenBy('a_b', 10, 100);
    expect([all.items.map(({ id }) => id), all.end]).toEqual([expected, undefined]);
    const few = await store.listTakenBy('a_b', 10, 5);
    expect([few.items.map(({ id }) => id), few.end]).toEqual([expected.slice(0, 1), taken[4]]);
    const next = await store.listTakenBy('a_b', 10, 5, few.end);
    expect([next.items.map(({ id }) => id), next.end]).toEqual([expected.slice(1, 3), taken[9]]);
    expect((await store.listTakenBy('a_b', 2, 100)).items).toHaveLength(2);
  });

  test('are those that it took: no name that is alike, no event that only says so', async () => {
    const store = new EventStore(stage.store);
    await keep(['axb', 'a_b_c'], {
      title: '"rule":"a_b","targets":[',
      labels: { rule: 'a_b', targets: '[' },
      internalAlert: { matched: [{ rule: 'a_b', targets: [] }] },
    });
    expect((await store.listTakenBy('a_b', 10, 100)).items).toEqual([]);
    const hostile = await keep(['a_b'], { title: 'nul\0 lone\uD800', labels: { '\0': '\uD800' } });
    expect((await store.listTakenBy('a_b', 10, 100)).items.map(({ id }) => id)).toEqual([hostile]);
  });
});
