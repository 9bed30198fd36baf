import { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { onEachStore, onPostgres, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { Ingest, type Routing } from '../../events/ingest.ts';
import { type Logger, silentLogger } from '../../kernel/log.ts';
import { Sealer } from '../../kernel/seal.ts';
import { Journal } from '../../storage/journal.ts';
import { type Store, StoreUnavailable } from '../../storage/store.ts';
import type { Message } from '../message.ts';
import { MessageReceipts } from '../receipts.ts';
import { openMessageStore } from './open.ts';
import type { Caps, MessageStore } from './port.ts';
import { message as anyMessage, MINUTE } from './test-place.ts';

const nowhere: Routing = { matched: [], writes: [], committed: () => {}, dropped: () => {} };
const ROOMY: Caps = { messagesMax: 1_000, bytesMax: 1_000_000 };

interface Opening {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly caps?: Caps;
  readonly log?: Logger;
  readonly masterKey?: string;
}

/** As the service has it: receipts are events. */
function openOver({
  store,
  clock,
  caps = ROOMY,
  log = silentLogger,
  masterKey = 'a-master-key-1',
}: Opening): MessageStore {
  const journal = new Journal(store, silentLogger);
  const ingest = new Ingest(
    journal,
    () => nowhere,
    clock,
    () => MINUTE,
  );
  const receipts = new MessageReceipts({ ingest, ephemeral: { increment: async () => 1 }, clock, log });
  const sealer = new Sealer(masterKey, 'messages');
  return openMessageStore({
    kind: 'database',
    store,
    journal,
    clock,
    log,
    sealer,
    caps,
    receipts,
    redis: undefined,
  });
}

/** Of a maker who is known, so that there are receipts. */
const message = (clock: ManualClock, over: Partial<Message> = {}): Message =>
  anyMessage({ clock }, { maker: { id: 'tok_1', name: 'Ada' }, ...over });

async function eventTypes({ store }: Stage): Promise<unknown[]> {
  const { rows } = await store.read.executeQuery<{ type: string }>(
    CompiledQuery.raw('SELECT type FROM events ORDER BY id'),
  );
  return rows.map(({ type }) => type);
}

await onEachStore('messages and their receipts', (stage) => {
  test('are one commit: of any number of claims one burns it, and one event tells of that', async () => {
    const clock = new ManualClock();
    const stores = [openOver({ store: stage.store, clock }), openOver({ store: stage.store, clock })];
    const one = message(clock, { readsMax: 2 });
    await stores[0]?.put(one);
    const claims = await Promise.all(
      Array.from({ length: 30 }, (_, n) => stores[n % 2]?.claim(one.id, undefined)),
    );
    expect(claims.filter((claimed) => claimed?.kind === 'released')).toHaveLength(2);
    const types = await eventTypes(stage);
    expect(types.toSorted()).toEqual(['message.burned', 'message.created', 'message.read']);
  });

  test('are one commit: when that fails neither is there', async () => {
    const clock = new ManualClock();
    const one = message(clock, { readsMax: 1 });
    await openOver({ store: stage.store, clock }).put(one);
    const failing: Store = { ...stage.store, commit: () => Promise.reject(new StoreUnavailable('full')) };
    const store = openOver({ store: failing, clock });
    await expect(store.claim(one.id, undefined)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.put(message(clock))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.find(one.id)).toMatchObject({ readsLeft: 1 });
    expect(await eventTypes(stage)).toEqual(['message.created']);
    expect((await store.usage()).messages).toBe(1);
  });

  test('neither text nor its seal is in an event, nor in what is logged of another key, which is logged once', async () => {
    const clock = new ManualClock();
    const lines: string[] = [];
    const log: Logger = {
      ...silentLogger,
      warn: (fields, text) => lines.push(JSON.stringify([fields, text])),
    };
    const all = [message(clock), message(clock), message(clock, { readsMax: 1 })];
    const own = openOver({ store: stage.store, clock });
    for (const each of all) await own.put(each);
    const foreign = openOver({ store: stage.store, clock, log, masterKey: 'another-master-key' });
    for (const { id } of all) {
      expect(await foreign.read(id)).toBeUndefined();
      expect((await foreign.claim(id, undefined)).kind).toBe('absent');
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('another master key');
    for (const { id } of all) expect(lines[0]).not.toContain(id);
    expect(await stage.atRest()).not.toContain('the text');
  });

  test('a sweep of large ones is made in portions, so that other commits get their turn', async () => {
    const clock = new ManualClock();
    const commits: number[] = [];
    const counting: Store = {
      ...stage.store,
      commit(batch) {
        commits.push(batch.flat().length);
        return stage.store.commit(batch);
      },
    };
    const store = openOver({ store: counting, clock, caps: { messagesMax: 100, bytesMax: 1_000_000_000 } });
    const content = 'x'.repeat(900_000);
    for (let n = 0; n < 10; n++) {
      await store.put(message(clock, { content, bytes: content.length, maker: undefined }));
    }
    await clock.advance(MINUTE);
    commits.length = 0;
    expect(await store.sweep(100)).toBe(10);
    expect(commits).toEqual([4, 4, 2]);
  });
});

await onPostgres('messages of two replicas', (stage) => {
  test('count against the caps of both, after a few seconds', async () => {
    const clock = new ManualClock();
    const caps: Caps = { messagesMax: 3, bytesMax: 1_000 };
    const one = openOver({ store: stage.store, clock, caps });
    const other = openOver({ store: await stage.openAnother(), clock, caps });
    expect(await other.usage()).toEqual({ messages: 0, bytes: 0 });
    for (let n = 0; n < 3; n++) expect((await one.put(message(clock))).kind).toBe('kept');
    await clock.advance(5_000);
    await other.usage();
    // The count is made while callers go on.
    await expect.poll(async () => (await other.usage()).messages).toBe(3);
    expect(await other.put(message(clock))).toEqual({ kind: 'full', limit: 'messagesMax' });
  });
});
