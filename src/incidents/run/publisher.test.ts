import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { sampleFeed } from '../../../tests/support/incident-lists.ts';
import { Publisher } from './publisher.ts';
import { askedFeed, feedReport, listReport, promised, pushedFeed } from './test-feeds.ts';
import type { MadeDocument, Results, Work } from '../thread/protocol.ts';

const STALE_MS = 60_000;
const feed = askedFeed({ staleAfterMs: STALE_MS });

let clock: ManualClock;
let publisher: Publisher;
beforeEach(() => {
  clock = new ManualClock();
  publisher = new Publisher([feed], clock);
});

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));
const made = (text: string): MadeDocument => ({
  plain: bytes(text),
  gzip: bytes(`gzip ${text}`),
  brotli: bytes(`brotli ${text}`),
  hash: `hash of ${text}`,
  unresolved: 0,
  incidents: 1,
});

/** A thread with these documents to give, one after the other. */
const threadOf = (...documents: readonly (MadeDocument | undefined | Promise<MadeDocument>)[]) => {
  const left = [...documents];
  return {
    async call<W extends Work>(_: W): Promise<Results[W['kind']]> {
      return (await left.shift()) as Results[W['kind']];
    },
  };
};
const text = () => publisher.current.document?.plain.toString();

describe('what is published', () => {
  it('is nothing until something was ever listed, for an empty answer would be a lie', async () => {
    await publisher.take(threadOf(made('{}')));
    expect(publisher.current.document).toBeUndefined();
    publisher.report(feedReport(undefined));
    expect(publisher.current.document).toBeUndefined();
    publisher.report(feedReport(clock.now()));
    expect(text()).toBe('{}');
  });

  it('is at once what was sent, where all feeds are sent to', async () => {
    publisher = new Publisher([pushedFeed()], clock);
    await publisher.take(threadOf(made('{}')));
    expect([text(), publisher.current.stale]).toEqual(['{}', []]);
  });

  it('is the newest document, in whichever order they are had, and stays while there is no other', async () => {
    publisher.report(feedReport(clock.now()));
    const slow = promised<MadeDocument>();
    const first = publisher.take(threadOf(slow.promise));
    const second = publisher.take(threadOf(made('newer')));
    slow.resolve(made('older'));
    await Promise.all([first, second]);
    expect(text()).toBe('newer');
    await publisher.take(threadOf(undefined));
    expect(text()).toBe('newer');
  });

  it('stays when a document cannot be had, and the next one is taken all the same', async () => {
    publisher.report(feedReport(clock.now()));
    await publisher.take(threadOf(made('good')));
    await expect(publisher.take(threadOf(Promise.reject(new Error('ended'))))).rejects.toThrow('ended');
    expect(text()).toBe('good');
    await publisher.take(threadOf(made('better')));
    expect(text()).toBe('better');
  });

  it('has changed when its bytes did: not at a restart, nor when it is made again', async () => {
    const document = { hash: 'hash of {}', changedAt: clock.now() - 5_000 };
    publisher.report(feedReport(clock.now(), { document }));
    await publisher.take(threadOf(made('{}')));
    expect(publisher.current.changedAt).toBe(document.changedAt);
    expect(publisher.stamp).toEqual(document);
    await clock.advance(1_000);
    await publisher.take(threadOf(made('{}')));
    expect(publisher.current.changedAt).toBe(document.changedAt);
    await publisher.take(threadOf(made('{"1":{}}')));
    expect(publisher.current.changedAt).toBe(clock.now());
  });

  it('is as old as the oldest list in it, and names those that are too old or never came', async () => {
    const now = clock.now();
    const [first, second, ...others] = sampleFeed().types.map(({ type }) => type);
    const types = [
      listReport(String(first), now - 10_000),
      listReport(String(second), now - STALE_MS - 1),
      ...others.map((name) => listReport(name, now)),
    ];
    publisher.report(feedReport(now, { types, identities: listReport('identities', undefined) }));
    expect(publisher.current.refreshedAt).toBe(now - STALE_MS - 1);
    expect(publisher.current.stale).toEqual([`elevate/${second}`]);
    // What never came has been waited for since the process was there.
    await clock.advance(STALE_MS + 1);
    expect(publisher.current.stale).toContain('elevate/identities');
  });

  it('names all lists of a feed that was never looked at', () => {
    expect(publisher.current.stale).toEqual(feed.types.map(({ type }) => `elevate/${type}`));
  });
});
