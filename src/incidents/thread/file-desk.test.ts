import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IncidentBook } from '../book/incident-book.ts';
import { createFileCollector } from '../collect/files.ts';
import { askedFeed } from '../run/test-feeds.ts';
import { FeedLedger } from './feed-ledger.ts';
import { FileDesk } from './file-desk.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (employee: number): string =>
  `${JSON.stringify({ type: 'misuse', employee_id: employee, priority: 'low', timestamp: employee })}\n`;

/** A process that begins with this book: how its desk stands to the files is not known to it. */
function deskOver(book: IncidentBook): FileDesk {
  const feed = askedFeed({ path: folder });
  const collector = createFileCollector(feed);
  const ledger = new FeedLedger(feed, undefined);
  return new FileDesk({ feed, book, ledger, collector, signal: new AbortController().signal });
}

const listed = (book: IncidentBook): number => book.counts(askedFeed().id, 'misuse').count;

test('a file that cannot be read takes nothing off the list, also right after a start', async () => {
  const book = new IncidentBook([askedFeed()]);
  writeFileSync(join(folder, 'a.ndjson'), line(1));
  writeFileSync(join(folder, 'b.ndjson'), line(2));
  await deskOver(book).refresh(1);
  expect(listed(book)).toBe(2);
  rmSync(join(folder, 'b.ndjson'));
  mkdirSync(join(folder, 'b.ndjson'));
  const desk = deskOver(book);
  const report = await desk.refresh(2);
  expect(listed(book)).toBe(2);
  expect(report.types.find(({ name }) => name === 'misuse')?.error?.detail).toContain('b.ndjson');
  rmSync(join(folder, 'b.ndjson'), { recursive: true });
  await desk.refresh(3);
  expect(listed(book)).toBe(1);
});

test('a line that was half written is forgotten once it is whole', async () => {
  const book = new IncidentBook([askedFeed()]);
  writeFileSync(join(folder, 'a.ndjson'), line(1).slice(0, 20));
  const desk = deskOver(book);
  expect((await desk.refresh(1)).types.find(({ name }) => name === 'unknown')?.invalid).toBe(1);
  writeFileSync(join(folder, 'a.ndjson'), line(1));
  expect((await desk.refresh(2)).types.find(({ name }) => name === 'unknown')).toBeUndefined();
  expect(listed(book)).toBe(1);
});
