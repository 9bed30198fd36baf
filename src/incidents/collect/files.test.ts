import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import type { FileFeed } from '../feeds/feed.ts';
import { type CollectedFiles, createFileCollector, type FileCollector } from './files.ts';

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-files-'));
  folder = join(root, 'feed');
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true }));

const feed = (more: Partial<FileFeed> = {}): FileFeed => ({
  id: 'files',
  kind: 'file',
  types: [],
  identitiesOf: 'files',
  backlog: 'summary',
  staleAfterMs: 60_000,
  path: folder,
  identitiesPath: undefined,
  typeField: 'type',
  everyMs: 30_000,
  bytesMax: 10_000,
  ...more,
});
const look = (collector: FileCollector): Promise<CollectedFiles> =>
  collector.collect(new AbortController().signal);
const once = (more: Partial<FileFeed> = {}) => look(createFileCollector(feed(more)));
const write = (name: string, text: string | Buffer = name) => writeFileSync(join(folder, name), text);

describe('a directory', () => {
  it('is its files of known formats, in the order of their names', async () => {
    for (const name of ['d.csv', 'a.ndjson', 'c.JSON', 'b.jsonl', 'e.txt', '.hidden.json', 'json'])
      write(name);
    mkdirSync(join(folder, 'below'));
    write('below/f.json');
    const { files, failure, identities, bytes } = await once();
    expect(files.map(({ name, format, text }) => [name, format, text])).toEqual([
      ['a.ndjson', 'ndjson', 'a.ndjson'],
      ['b.jsonl', 'ndjson', 'b.jsonl'],
      ['c.JSON', 'json', 'c.JSON'],
      ['d.csv', 'csv', 'd.csv'],
    ]);
    expect({ failure, identities, bytes }).toEqual({ failure: undefined, identities: undefined, bytes: 26 });
  });

  it('loses no other file for one that cannot be read', async () => {
    write('a.json', Buffer.from([0x22, 0xff, 0x22]));
    write('c.json');
    mkdirSync(join(folder, 'd.json'));
    symlinkSync(join(folder, 'nothing'), join(folder, 'e.json'));
    execFileSync('mkfifo', [join(folder, 'b.ndjson')]);
    const { files, failure } = await once();
    expect(failure).toBeUndefined();
    expect(files.map(({ name, text, failure }) => [name, text, failure?.reason, failure?.detail])).toEqual([
      ['a.json', undefined, 'unreadable', 'is not UTF-8'],
      ['b.ndjson', undefined, 'unreadable', 'is no regular file'],
      ['c.json', 'c.json', undefined, undefined],
      ['d.json', undefined, 'unreadable', 'is no regular file'],
      ['e.json', undefined, 'unreadable', 'ENOENT'],
    ]);
  });

  it('follows links within it, and none that lead out of it', async () => {
    write('a.json');
    symlinkSync('a.json', join(folder, 'b.json'));
    writeFileSync(join(root, 'secret.json'), 'hush');
    mkdirSync(join(root, 'feed-beside'));
    writeFileSync(join(root, 'feed-beside', 'x.json'), 'hush');
    symlinkSync('../secret.json', join(folder, 'c.json'));
    symlinkSync('../feed-beside/x.json', join(folder, 'd.json'));
    const { files } = await once();
    expect(files.map(({ text, failure }) => text ?? failure?.detail)).toEqual([
      'a.json',
      'a.json',
      'leads out of the directory',
      'leads out of the directory',
    ]);
  });

  it('holds no more bytes than it may, and says which files are left out', async () => {
    for (const name of ['a.json', 'b.json', 'c.json']) write(name, 'x'.repeat(400));
    write('d.json', 'x'.repeat(200));
    const { files, bytes } = await once({ bytesMax: 1_000 });
    expect(files.map(({ failure }) => failure?.reason)).toEqual([
      undefined,
      undefined,
      'too_large',
      undefined,
    ]);
    expect(bytes).toBe(1_000);
  });

  it('with more than 10,000 files is refused whole', async () => {
    for (let file = 0; file < 10_000; file += 1) write(`${file}.json`, '');
    expect((await once()).files).toHaveLength(10_000);
    write('one-more.json', '');
    expect(await once()).toMatchObject({ files: [], failure: { reason: 'too_large' } });
  });

  it('that is not there is told without its path', async () => {
    const { files, failure } = await once({ path: join(root, 'missing') });
    expect(files).toEqual([]);
    expect(failure).toEqual({ reason: 'unreadable', detail: 'ENOENT' });
  });
});

describe('a file', () => {
  it('is read by its name, whatever it is called, also over a link', async () => {
    writeFileSync(join(root, 'all.log'), '{}');
    symlinkSync(join(root, 'all.log'), join(root, 'current'));
    const { files } = await once({ path: join(root, 'current') });
    expect(files).toMatchObject([{ name: 'current', format: 'ndjson', text: '{}' }]);
  });

  it('that is a pipe does not hang', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect((await once({ path: join(root, 'pipe') })).files).toMatchObject([
      { failure: { reason: 'unreadable' } },
    ]);
  });

  it('with the identities beside it is had with them', async () => {
    const identitiesPath = join(root, 'identities.json');
    writeFileSync(identitiesPath, '{"10.0.0.1":1}');
    expect((await once({ identitiesPath })).identities).toMatchObject({ text: '{"10.0.0.1":1}' });
    rmSync(identitiesPath);
    write('a.json');
    const without = await once({ identitiesPath });
    expect(without.identities?.failure).toEqual({ reason: 'unreadable', detail: 'ENOENT' });
    expect(without.files).toMatchObject([{ text: 'a.json' }]);
  });
});

describe('a file that was read', () => {
  /** Until what was written so lately that it could change unseen has come to rest. */
  async function settled(more: Partial<FileFeed> = {}): Promise<FileCollector> {
    const collector = createFileCollector(feed(more));
    await until('nothing changes', async () => {
      const { files } = await look(collector);
      return files.every(({ isUnchanged }) => isUnchanged);
    });
    return collector;
  }

  it('is not read again until it changes', async () => {
    write('a.json', 'one');
    write('b.json', 'two');
    const collector = await settled();
    write('b.json', 'TWO');
    const { files, bytes } = await look(collector);
    expect(files).toMatchObject([
      { isUnchanged: true, text: undefined, failure: undefined },
      { isUnchanged: false, text: 'TWO' },
    ]);
    expect(bytes).toBe(6);
  });

  it('is read again when it changes within a moment and keeps its size and its time', async () => {
    const collector = createFileCollector(feed());
    write('a.json', 'one');
    utimesSync(join(folder, 'a.json'), 1, 1);
    await look(collector);
    write('a.json', 'two');
    utimesSync(join(folder, 'a.json'), 1, 1);
    expect((await look(collector)).files).toMatchObject([{ text: 'two' }]);
  });

  it('is had whole again when it was refused further on, and when it comes back', async () => {
    write('a.json');
    const collector = await settled();
    collector.forget('a.json');
    expect((await look(collector)).files).toMatchObject([{ text: 'a.json' }]);
    rmSync(join(folder, 'a.json'));
    expect((await look(collector)).files).toEqual([]);
    write('a.json');
    expect((await look(collector)).files).toMatchObject([{ text: 'a.json' }]);
  });

  it('is had again after it could not be read', async () => {
    write('a.json', 'good');
    const collector = await settled();
    write('a.json', Buffer.from([0xff]));
    expect((await look(collector)).files).toMatchObject([{ failure: { reason: 'unreadable' } }]);
    write('a.json', 'good');
    expect((await look(collector)).files).toMatchObject([{ text: 'good' }]);
  });
});

describe('reading', () => {
  it('tells no text of a file that is written all the while', async () => {
    write('a.ndjson', 'x'.repeat(4_000_000));
    let writes = 0;
    let isOver = false;
    const writing = () => {
      appendFileSync(join(folder, 'a.ndjson'), `${(writes += 1)}\n`);
      if (!isOver && writes < 100_000) setImmediate(writing);
    };
    writing();
    const { files } = await once({ bytesMax: 100_000_000 });
    isOver = true;
    expect(files).toMatchObject([{ failure: { reason: 'unreadable', detail: 'changes while it is read' } }]);
  });

  it('is never done twice at once', async () => {
    const collector = createFileCollector(feed());
    const first = look(collector);
    await expect(look(collector)).rejects.toThrow('already');
    await first;
    await look(collector);
  });

  it('ends when it is aborted', async () => {
    write('a.json');
    const { files } = await createFileCollector(feed()).collect(AbortSignal.abort());
    expect(files).toMatchObject([{ failure: { reason: 'unreadable', detail: 'aborted' } }]);
  });
});
