import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { Follower } from './follower.ts';
import { Publisher } from './publisher.ts';
import type { ChangedPage, IncidentReader, StoredFeed } from '../store/port.ts';
import { TestReader, storedIncident } from '../api/test-reader.ts';
import { askedFeed, feedReport, silent } from './test-feeds.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import type { Results, Work } from '../thread/protocol.ts';

const feed = askedFeed();
const incident = storedIncident();
const LOOK_EVERY_MS = 1_000;

let clock: ManualClock;
let publisher: Publisher;
let asked: (string | undefined)[];
let work: Work[];
let led: boolean;
let ended: boolean;
/** What was written, by the position it is found behind. */
let pages: Map<string | undefined, ChangedPage>;
let stored: readonly StoredFeed[];
let follower: Follower;
beforeEach(() => {
  clock = new ManualClock();
  publisher = new Publisher([feed], clock);
  [asked, work, led, ended, stored] = [[], [], false, false, []];
  pages = new Map([[undefined, page('0')]]);
  follower = new Follower({
    feeds: [feed],
    reader: readerOf(),
    thread: () => ({ call: take }),
    publisher,
    isLed: () => led,
    clock,
    log: silent,
  });
});

const page = (position: string, more = false, id = feed.id): ChangedPage => ({
  position,
  feeds: new Map(position === '0' ? [] : [[id, { incidents: [incident], gone: [], identities: [] }]]),
  more,
});

function readerOf(): IncidentReader {
  const none = async () => [];
  return Object.assign(new TestReader(), {
    feeds: async () => stored,
    conditions: none,
    listed: none,
    identities: none,
    listedBefore: none,
    listedOutside: none,
    count: async () => 0,
    sweep: async () => 0,
    sweepIdentities: async () => 0,
    async changedSince(position: string | undefined) {
      asked.push(position);
      return pages.get(position) ?? { position: position ?? '0', feeds: new Map(), more: false };
    },
  });
}

async function take<W extends Work>(one: W): Promise<Results[W['kind']]> {
  if (ended) throw new ThreadEnded('ended');
  work.push(one);
  return undefined as Results[W['kind']];
}

const adopted = () => work.filter(({ kind }) => kind === 'adopt').length;

describe('what another process stores of a feed', () => {
  it('is taken over page by page, from where this one began to read, and published', async () => {
    pages.set('0', page('1', true)).set('1', page('2'));
    follower.start(await follower.position());
    await clock.advance(LOOK_EVERY_MS);
    expect([asked, adopted()]).toEqual([[undefined, '0', '1'], 2]);
    expect(work.at(-1)?.kind).toBe('document');
    await clock.advance(LOOK_EVERY_MS);
    expect([asked.at(-1), adopted()]).toEqual(['2', 2]);
    follower.stop();
  });

  it('is asked for again when it could not be taken over', async () => {
    pages.set('0', page('1'));
    follower.start('0');
    ended = true;
    await clock.advance(LOOK_EVERY_MS);
    ended = false;
    await clock.advance(LOOK_EVERY_MS);
    expect([asked, adopted()]).toEqual([['0', '0'], 1]);
    follower.stop();
  });

  it('is left alone where this process asks the feed itself, and of feeds that it does not know', async () => {
    led = true;
    pages.set('0', page('1')).set('1', page('2', false, 'another'));
    stored = [{ id: feed.id, filled: [], report: JSON.stringify(feedReport(1)) }];
    follower.start('0');
    await clock.advance(LOOK_EVERY_MS);
    led = false;
    await clock.advance(LOOK_EVERY_MS / 2);
    expect([adopted(), publisher.reports]).toEqual([0, []]);
    await clock.advance(LOOK_EVERY_MS);
    expect([adopted(), publisher.reports.map(({ refreshedAt }) => refreshedAt)]).toEqual([0, [1]]);
    follower.stop();
  });

  it('is looked for once a second, however often that is stopped and started, and no more when stopped', async () => {
    for (let time = 0; time < 3; time++) {
      follower.start('0');
      follower.stop();
    }
    follower.start('0');
    await clock.advance(3 * LOOK_EVERY_MS);
    expect(asked).toHaveLength(3);
    follower.stop();
    await clock.advance(3 * LOOK_EVERY_MS);
    expect(asked).toHaveLength(3);
  });

  it('is all taken over before this process leads', async () => {
    pages.set('0', page('1', true)).set('1', page('2'));
    follower.start('0');
    await follower.catchUp();
    expect(adopted()).toBe(2);
    follower.stop();
  });
});
