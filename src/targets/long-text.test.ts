import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { sampleEvent, sampleJob } from '../../tests/support/sample-event.ts';
import { openDial } from '../kernel/dial.ts';
import { createGuardedHttpClient } from '../kernel/guarded-http.ts';
import { Problem } from '../kernel/problem.ts';
import { fit } from './fit.ts';
import { longTextWriter } from './long-text.ts';
import type { TargetContext } from './target.ts';
import { CUT_MARK, textLines } from './text.ts';

const publicUrl = 'https://tocsin.example';
const LINK = `${publicUrl}/m/3f2504e0-4f89-41d3-9a0c-0305e82c3301`;
const HUNG = new Promise<never>(() => {});
const http = createGuardedHttpClient({ allow: [], connectTimeoutMs: 1, connectionsMax: 1 });
afterEach(() => http.close());

interface Asked {
  readonly key: string;
  readonly text: string;
  readonly signal: AbortSignal;
}

/** A channel of 100 characters, with the links behind them. */
function stage(
  answer: () => Promise<string> = async () => LINK,
  settings: { title?: string; text?: string; longText?: 'cut' | 'link' } = {},
) {
  const asked: Asked[] = [];
  const logged: object[] = [];
  const clock = new ManualClock();
  const shareText: TargetContext['shareText'] = (key, text, signal) => {
    asked.push({ key, text, signal });
    return answer();
  };
  const words = longTextWriter(
    { longText: 'link', title: '{{ event.title }}', text: '{{ event.type }}', ...settings },
    {
      id: 'chat',
      http,
      dial: openDial(),
      tls: {},
      clock,
      log: { debug() {}, info() {}, error() {}, warn: (fields: object) => void logged.push(fields) },
      timeoutMs: 30_000,
      concurrency: 1,
      publicUrl,
      shareText,
      writeLine: () => {},
    },
    {
      fit({ body = '' }, whole) {
        const text = fit(body, 100, undefined, undefined, CUT_MARK);
        return {
          message: text + (whole === undefined ? '' : ` ${whole.label}: ${whole.url}`),
          isCut: text !== body,
        };
      },
      shows: (text) => textLines({ ...text, links: [] }).join('\n'),
      secrets: ['hooks-secret-of-the-target'],
    },
  );
  return { words, asked, logged, clock };
}

const long = 'All of it. '.repeat(20);
const longJob = () => sampleJob(sampleEvent({ type: long }));
const cut = `${long.slice(0, 93)}${CUT_MARK}`;
const linked = `${cut} The whole text: ${LINK}`;
const signal = new AbortController().signal;

describe('a text that is too long', () => {
  it('links to all of it, by the key of the delivery, the same on every attempt', async () => {
    const { words, asked } = stage();
    const job = longJob();
    expect(await words.write(job, signal)).toBe(linked);
    expect(await words.write({ ...job, attempt: 2 }, signal)).toBe(linked);
    expect(asked.map(({ key }) => key)).toEqual(
      Array.from({ length: 2 }, () => `delivery/${job.deliveryId}`),
    );
    expect(asked[0]?.text).toContain(
      `${job.event.title}\n\n${long.trim()}\n\nOpen in Tocsin: ${publicUrl}/events/`,
    );
  });

  it('is asked about only when something is left out', async () => {
    const { words, asked } = stage();
    const short = sampleJob(sampleEvent({ type: 'x'.repeat(100) }));
    expect(await words.write(short, signal)).toBe('x'.repeat(100));
    expect(words.preview(short)).toBe('x'.repeat(100));
    expect(asked).toEqual([]);
  });

  it('is too long also where an event is shown in short: many labels, long values, a long title', async () => {
    const { words, asked } = stage(undefined, { text: '{{ event.severity }}' });
    expect(await words.write(sampleJob(sampleEvent({ title: 'x'.repeat(301) })), signal)).toContain(LINK);
    expect(asked[0]?.text).toContain('x'.repeat(301));
  });

  it('is cut with a mark, and nothing is made, unless the settings say link', async () => {
    const { words, asked } = stage(undefined, { longText: 'cut' });
    expect(await words.write(longJob(), signal)).toBe(cut);
    expect(words.preview(longJob())).toBe(cut);
    expect(asked).toEqual([]);
  });

  it('is cut where no message can be made, and logged once a minute without a word of it', async () => {
    const { words, asked, logged, clock } = stage(() => Promise.reject(new TypeError(long)));
    for (let times = 0; times < 3; times += 1) expect(await words.write(longJob(), signal)).toBe(cut);
    expect(asked).toHaveLength(3);
    expect(logged).toEqual([{ 'tocsin.target.id': 'chat', reason: 'TypeError' }]);
    await clock.advance(60_000);
    await words.write(longJob(), signal);
    expect(logged).toHaveLength(2);
  });

  it('says by its code what the messages refused', async () => {
    const { words, logged } = stage(() => Promise.reject(new Problem('store_full', long)));
    expect(await words.write(longJob(), signal)).toBe(cut);
    expect(logged).toEqual([{ 'tocsin.target.id': 'chat', reason: 'store_full' }]);
  });

  it('waits two seconds for the link, and a hung store holds up no more deliveries for a while', async () => {
    const { words, asked, logged, clock } = stage(() => HUNG);
    const first = words.write(longJob(), signal);
    await clock.advance(1_999);
    expect(asked[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await first).toBe(cut);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(logged).toEqual([{ 'tocsin.target.id': 'chat', reason: 'timeout' }]);
    expect(await words.write(longJob(), signal)).toBe(cut);
    expect(asked).toHaveLength(1);
    await clock.advance(30_000);
    const later = words.write(longJob(), signal);
    await clock.advance(2_000);
    expect(await later).toBe(cut);
    expect(asked).toHaveLength(2);
  });

  it('ends with its attempt, which is no fault of the store', async () => {
    const { words, asked, logged } = stage(() => HUNG);
    const attempt = new AbortController();
    const sent = words.write(longJob(), attempt.signal);
    attempt.abort();
    expect(await sent).toBe(cut);
    expect(logged).toEqual([]);
    const next = words.write(longJob(), AbortSignal.abort());
    expect(await next).toBe(cut);
    expect(asked).toHaveLength(2);
  });

  it.each(['javascript:alert(1)', '', `https://x.example/${'y'.repeat(500)}`])(
    'takes no link that is none: %.30j',
    async (link) => {
      const { words, logged } = stage(async () => link);
      expect(await words.write(longJob(), signal)).toBe(cut);
      expect(logged).toHaveLength(1);
    },
  );

  it('leaves the secrets of the target out of the message, whatever the event quotes', async () => {
    const { words, asked } = stage();
    const type = `found hooks-secret-of-the-target in a repository. ${long}`;
    await words.write(sampleJob(sampleEvent({ type })), signal);
    expect(asked[0]?.text).toContain('found [secret] in a repository.');
    expect(JSON.stringify(asked)).not.toContain('hooks-secret');
  });

  it('bounds the message too, in bytes that a store takes', async () => {
    const { words, asked } = stage(undefined, {
      text: '{% for i in (1..30) %}{{ event.type }}\n{% endfor %}',
    });
    await words.write(sampleJob(sampleEvent({ type: '攻'.repeat(9_000) })), signal);
    expect(Buffer.byteLength(asked[0]?.text ?? '')).toBeLessThan(1_048_576);
    expect(asked[0]?.text).toContain(CUT_MARK);
  });

  it('is previewed with a link to nothing, as long as a real one', () => {
    const { words, asked } = stage();
    const shown = words.preview(longJob());
    expect(shown).toBe(linked.replace(/[^/]*$/, '00000000-0000-4000-8000-000000000000'));
    expect(shown).toHaveLength(linked.length);
    expect(asked).toEqual([]);
  });
});
