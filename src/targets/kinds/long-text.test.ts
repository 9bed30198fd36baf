import { afterEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../../tests/support/http-receiver.ts';
import { openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { readMail } from '../../../tests/support/read-mail.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { smtpError, SmtpReceiver } from '../../../tests/support/smtp-receiver.ts';
import { smsSegments } from '../sms-text.ts';
import type { TargetContext } from '../target.ts';
import { email } from './email.ts';
import { slack } from './slack.ts';
import { sms } from './sms.ts';

const publicUrl = 'https://tocsin.example';

/** Keeps texts by their keys, as the service does: equal keys, one link. */
class Shares {
  readonly texts = new Map<string, string>();
  isDown = false;
  readonly share: NonNullable<TargetContext['shareText']> = async (key, text) => {
    if (this.isDown) throw new Error('the store cannot be reached');
    if (!this.texts.has(key)) this.texts.set(key, text);
    const number = [...this.texts.keys()].indexOf(key);
    return `${publicUrl}/m/3f2504e0-4f89-41d3-9a0c-${String(number).padStart(12, '0')}`;
  };
}

interface Staged {
  readonly opened: OpenedKind;
  fail(isFailing: boolean): void;
  /** What a reader sees of each message that came. */
  texts(): readonly string[];
  stop(): Promise<void>;
}
type Start = (settings: object, shares: Shares) => Promise<Staged>;

const overHttp =
  (
    open: (receiver: HttpReceiver, settings: object, shares: Shares) => OpenedKind,
    read: (body: string) => string,
  ): Start =>
  async (settings, shares) => {
    const receiver = await HttpReceiver.start();
    return {
      opened: open(receiver, settings, shares),
      fail: (isFailing) => void (receiver.answer = answers.status(isFailing ? 500 : 200, 'ok')),
      texts: () => receiver.requests.map(({ body }) => read(body)),
      stop: () => receiver.close(),
    };
  };

const formOf = (body: string): Record<string, string> => Object.fromEntries(new URLSearchParams(body));

const channels: readonly (readonly [string, Start])[] = [
  [
    'slack',
    overHttp(
      (receiver, more, { share: shareText }) =>
        openKind(slack, { url: receiver.url('/x'), ...more }, { shareText }),
      (body) =>
        JSON.parse(body)
          .blocks.map(({ text }: { text?: { text: string } }) => text?.text ?? '')
          .join('\n'),
    ),
  ],
  [
    'sms by Twilio',
    overHttp(
      (receiver, more, { share: shareText }) => {
        const account = {
          accountSid: `AC${'0a'.repeat(16)}`,
          authToken: 't0ken-of-the-account',
          from: '+15005550006',
        };
        return openKind(
          sms,
          { ...account, to: '+33612345678', baseUrl: receiver.url(''), ...more },
          { shareText },
        );
      },
      (body) => formOf(body)['Body'] ?? '',
    ),
  ],
  [
    'sms by SNS',
    overHttp(
      (receiver, more, { share: shareText }) => {
        const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret-access-key' };
        const settings = {
          provider: 'sns',
          region: 'eu-west-1',
          to: '+33612345678',
          baseUrl: receiver.url(''),
          ...key,
        };
        return openKind(sms, { ...settings, ...more }, { shareText });
      },
      (body) => formOf(body)['Message'] ?? '',
    ),
  ],
  [
    'email',
    async (more, { share: shareText }) => {
      const receiver = await SmtpReceiver.start();
      const settings = { host: '127.0.0.1', security: 'none', from: 'a@example.com', to: ['b@example.com'] };
      // What was put off never came: it is counted as the sender sees it, at the server's DATA.
      return {
        opened: openKind(
          email,
          { ...settings, port: receiver.port, bodyCharsMax: 6_000, ...more },
          { shareText },
        ),
        fail: (isFailing) =>
          void (receiver.verdict = (about) =>
            isFailing && about === 'DATA' ? smtpError(451, 'later') : undefined),
        texts: () => receiver.mails.map(({ source }) => readMail(source).text),
        stop: () => receiver.close(),
      };
    },
  ],
];

const text = '{{ event.type }}';
const long = sampleEvent({ type: 'What happened, in many words. '.repeat(300) });
const links = /https:\/\/tocsin\.example\/m\/[0-9a-f-]{36}/g;

describe.each(channels)('%s', (_, start) => {
  const shares = new Shares();
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
    shares.texts.clear();
    shares.isDown = false;
  });
  const stage = async (settings: object): Promise<Staged> => {
    const staged = await start(settings, shares);
    cleanups.push(() => staged.opened.close(), staged.stop);
    return staged;
  };
  const send = ({ opened }: Staged, job = sampleJob(long)) =>
    opened.target.send(job, new AbortController().signal);

  it('cuts a long text with a mark by default, and shares nothing', async () => {
    const staged = await stage({ text });
    expect(await send(staged)).toMatchObject({ kind: 'delivered' });
    expect(staged.texts()[0]).toMatch(/… \[cut\]|\.\.\./);
    expect(shares.texts.size).toBe(0);
  });

  it('links to the whole text when told to, and a retry links to the same', async () => {
    const staged = await stage({ text, longText: 'link' });
    const job = sampleJob(long);
    staged.fail(true);
    expect(await send(staged, job)).toMatchObject({ kind: 'retry' });
    const before = [...shares.texts.keys()];
    staged.fail(false);
    expect(await send(staged, { ...job, attempt: 2 })).toMatchObject({ kind: 'delivered' });
    expect([...shares.texts.keys()]).toEqual(before);
    expect(before).toEqual([`delivery/${job.deliveryId}`]);
    const found = new Set(staged.texts().flatMap((one) => one.match(links) ?? []));
    expect([...found]).toEqual([await shares.share(before[0] ?? '', '', new AbortController().signal)]);
    expect(shares.texts.get(before[0] ?? '')).toContain(long.type.trim());
    expect(shares.texts.get(before[0] ?? '')).toContain(long.title);
  });

  it('delivers the cut text where no message can be made', async () => {
    const staged = await stage({ text, longText: 'link' });
    shares.isDown = true;
    expect(await send(staged)).toMatchObject({ kind: 'delivered' });
    const [shown = ''] = staged.texts();
    expect(shown).toMatch(/… \[cut\]|\.\.\./);
    expect(shown).not.toMatch(links);
  });

  it('shares nothing of a text that has room', async () => {
    const staged = await stage({ text: 'short', longText: 'link' });
    expect(await send(staged, sampleJob())).toMatchObject({ kind: 'delivered' });
    expect(staged.texts()[0]).not.toMatch(/cut|\.\.\.|…/);
    expect(shares.texts.size).toBe(0);
  });

  it('previews with a link to nothing, and makes no message for it', async () => {
    const { opened } = await stage({ text, longText: 'link' });
    expect(opened.target.preview?.(sampleJob(long)).text).toMatch(
      /m(?:\/|%2F)00000000-0000-4000-8000-000000000000/,
    );
    expect(shares.texts.size).toBe(0);
  });
});

describe('sms', () => {
  it.each([
    ['plain', 'What happened? '.repeat(20), 160],
    ['wide', 'Что случилось? '.repeat(20), 201],
  ])('keeps the segments with mark and link, in %s letters', async (_, title, unitsMax) => {
    const receiver = await HttpReceiver.start();
    const shares = new Shares();
    const account = {
      accountSid: `AC${'0a'.repeat(16)}`,
      authToken: 't0ken-of-the-account',
      from: '+15005550006',
    };
    const segmentsMax = unitsMax === 160 ? 1 : 3;
    const opened = openKind(
      sms,
      { ...account, to: '+33612345678', baseUrl: receiver.url(''), segmentsMax, longText: 'link' },
      { shareText: shares.share },
    );
    await opened.target.send(sampleJob(sampleEvent({ title })), new AbortController().signal);
    const message = formOf(receiver.requests[0]?.body ?? '')['Body'] ?? '';
    expect(smsSegments(message).segments).toBeLessThanOrEqual(segmentsMax);
    expect(message).toMatch(/(?:\.\.\.|…)\nhttps:\/\/tocsin\.example\/m\/[0-9a-f-]{36}$/);
    expect(message.length).toBeGreaterThan(unitsMax - 5);
    await opened.close();
    await receiver.close();
  });
});
