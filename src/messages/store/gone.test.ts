import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { until } from '../../../tests/support/until.ts';
import { statements } from '../../app/services.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Sealer } from '../../kernel/seal.ts';
import { Journal } from '../../storage/journal.ts';
import { migrate } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import { DATABASE_FILE, openSqlite } from '../../storage/sqlite/open.ts';
import type { Store } from '../../storage/store.ts';
import type { Message } from '../message.ts';
import { openMessageStore } from './open.ts';
import type { MessageStore } from './port.ts';
import { TestReceipts } from './test-receipts.ts';

const MINUTE = 60_000;
const HASH = 'a'.repeat(64);
const PIECE = 16;
const PAGE_BYTES = 4_096;

let directory: string;
let clock: ManualClock;
let store: Store;
let messages: MessageStore;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tocsin-gone-'));
  clock = new ManualClock();
  store = await openSqlite(directory, statements);
  await migrate(store, migrations);
  messages = openMessageStore({
    kind: 'database',
    store,
    journal: new Journal(store, silentLogger),
    clock,
    log: silentLogger,
    sealer: new Sealer('a-master-key-for-tests', 'messages'),
    caps: { messagesMax: 10_000, bytesMax: 100_000_000 },
    receipts: new TestReceipts(),
    redis: undefined,
  });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const messageOf = (content: string, over: Partial<Message> = {}): Message => ({
  id: randomUUID(),
  kind: 'plain',
  content,
  readsMax: undefined,
  readsLeft: over.readsMax,
  createdAt: clock.now(),
  expiresAt: clock.now() + 10 * MINUTE,
  bytes: Buffer.byteLength(content),
  maker: undefined,
  claimHash: HASH,
  deleteHash: HASH,
  ...over,
});

/** Short ones, which would share their pages, and a few longer than a page; of every four one each way to its end. */
function manyMessages(count: number): Message[] {
  return Array.from({ length: count }, (_, n) =>
    messageOf(randomBytes(n % 10 === 0 ? 3_000 + 5 * n : 20 + ((n * 37) % 400)).toString('hex'), {
      readsMax: n % 4 === 0 ? 1 + (n % 3) * 120 : undefined,
      expiresAt: clock.now() + MINUTE * (n % 4 === 1 ? 1 : 10),
      maker: n % 5 === 0 ? { id: 'tok_1', name: 'm'.repeat(n % 200) } : undefined,
    }),
  );
}

/** Of what is stored for each message, pieces of the ciphertext without a gap. */
async function storedPieces(): Promise<Map<string, string[]>> {
  const { rows } = await store.read.executeQuery<{ id: string; content: string }>(
    CompiledQuery.raw('SELECT id, content FROM messages'),
  );
  return new Map(
    rows.map(({ id, content }) => {
      const sealed = content.trim();
      const pieces = Array.from({ length: Math.floor(sealed.length / PIECE) }, (_, n) =>
        sealed.slice(n * PIECE, (n + 1) * PIECE),
      );
      return [id, pieces];
    }),
  );
}

/** Which messages have pieces anywhere in any file of the directory. */
function found(pieces: ReadonlyMap<string, readonly string[]>): Set<string> {
  const owners = ownersOf(pieces);
  const files = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'));
  return new Set(files.flatMap((bytes) => [...foundIn(bytes, owners)]));
}

const ownersOf = (pieces: ReadonlyMap<string, readonly string[]>): Map<string, string> =>
  new Map([...pieces].flatMap(([id, own]) => own.map((piece) => [piece, id] as const)));

function foundIn(bytes: string, owners: ReadonlyMap<string, string>): Set<string> {
  const ids = new Set<string>();
  for (let at = 0; at + PIECE <= bytes.length; at++) {
    const id = owners.get(bytes.slice(at, at + PIECE));
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

const logBytes = (): number => statSync(join(directory, `${DATABASE_FILE}-wal`)).size;

test('of what was burned, removed or expired no piece is left in any file, and all of the rest is there', async () => {
  const all = manyMessages(320);
  await Promise.all(all.map((each) => messages.put(each)));
  const pieces = await storedPieces();
  expect(found(pieces).size).toBe(all.length);

  const gone = new Set<string>();
  for (const [n, { id, readsMax }] of all.entries()) {
    if (readsMax === 1) await messages.claim(id, HASH);
    else if (n % 4 === 2) await messages.remove(id, HASH);
    else if (readsMax !== undefined) await messages.claim(id, HASH);
    if (readsMax === 1 || n % 4 === 2 || n % 4 === 1) gone.add(id);
  }
  await clock.advance(MINUTE);
  while ((await messages.sweep(50)) > 0);
  await until('the log is cut', () => logBytes() === 0);

  const left = found(pieces);
  expect([...gone].filter((id) => left.has(id))).toEqual([]);
  expect(left.size).toBe(all.length - gone.size);
});

/**
 * In SQLite rows of one page move to others when neighbours go, and leave copies behind that nothing writes over: about
 * one in two thousand that were deleted. So what must go for sure shares its page with nothing.
 */
test('a content has its pages to itself, whatever its length and whatever else is kept with it', async () => {
  const all = Array.from({ length: 360 }, (_, n) =>
    messageOf(randomBytes(n * 13).toString('latin1'), {
      readsMax: n % 3 === 0 ? 128 : undefined,
      maker: n % 5 === 0 ? { id: `tok_${'1'.repeat(n % 40)}`, name: '🚀'.repeat(n % 50) } : undefined,
      ...(n % 2 === 0 ? { claimHash: undefined, deleteHash: undefined } : {}),
    }),
  );
  await Promise.all(all.map((each) => messages.put(each)));
  for (const { id, readsMax, claimHash } of all)
    if (readsMax !== undefined) await messages.claim(id, claimHash);
  const pieces = await storedPieces();
  await store.close();
  const owners = ownersOf(pieces);
  const file = readFileSync(join(directory, DATABASE_FILE), 'latin1');
  const seen = new Set<string>();
  for (let page = 0; page < file.length; page += PAGE_BYTES) {
    const ids = foundIn(file.slice(page, page + PAGE_BYTES), owners);
    expect(ids.size).toBeLessThanOrEqual(1);
    // The number of the next page of the content: every other kind of page begins with its kind.
    if (ids.size > 0) expect(file.charCodeAt(page)).toBe(0);
    for (const id of ids) seen.add(id);
  }
  expect(seen.size).toBe(all.length);
});

test('what is gone when the store is closed is in no file, without another moment', async () => {
  const all = manyMessages(40);
  await Promise.all(all.map((each) => messages.put(each)));
  const pieces = await storedPieces();
  expect(found(pieces).size).toBe(all.length);
  for (const { id } of all) await messages.remove(id, HASH);
  await store.close();
  expect(found(pieces).size).toBe(0);
});
