import { afterEach, describe, expect, it } from 'vitest';
import type { SMTPServerOptions } from 'smtp-server';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { headerOf, readMail } from '../../../tests/support/read-mail.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { smtpError, SmtpReceiver } from '../../../tests/support/smtp-receiver.ts';
import { tlsFixture } from '../../../tests/support/tls-fixture.ts';
import { guardedDial, openDial } from '../../kernel/dial.ts';
import { egressGuard } from '../../kernel/egress.ts';
import type { TargetContext } from '../target.ts';
import { targetContract, type Received, type Stage } from './contract.ts';
import { email } from './email.ts';

const login = { user: 'tocsin', password: 'pa55-w0rd-of-smtp' };
const tls = { ca: tlsFixture.cert };
const settings = {
  host: '127.0.0.1',
  from: 'Tocsin <alerts@example.com>',
  to: ['ann@example.com', 'bob@example.com'],
};

async function start(more: object = {}): Promise<Stage> {
  const receiver = await SmtpReceiver.start(login);
  const opened = openKind(email, { ...settings, port: receiver.port, ...login, ...more }, { tls });
  const quote = `quoting ${login.password} ${Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')}`;
  const verdicts = {
    accept: undefined,
    fail: smtpError(451, quote),
    refuse: smtpError(554, quote),
    hang: 'hang',
    reset: 'reset',
  } as const;
  return {
    target: opened.target,
    secrets: [login.password, Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')],
    received: async () => receiver.mails.map(({ source }) => read(source)),
    set: async (mode) => {
      receiver.verdict = (about) => (about === 'DATA' ? verdicts[mode] : undefined);
    },
    reached: () => receiver.reached,
    release: async () => {
      await opened.close();
      await receiver.released();
    },
    stop: () => receiver.close(),
  };
}

function read(source: string): Received {
  const { headers, text } = readMail(source);
  return {
    id: headerOf(headers, 'message-id'),
    text: `${headerOf(headers, 'subject')}\n${text}`,
    raw: source,
  };
}

targetContract('email', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'smtp',
  refuseReason: 'refused_by_receiver',
  hasIds: true,
  hasText: true,
  start,
  previewed: ({ raw }) => {
    const { headers, text } = readMail(raw);
    const head = ['From', 'To', 'Subject'].map((name) => `${name}: ${headerOf(headers, name.toLowerCase())}`);
    return [...head, '', text.replaceAll('\r\n', '\n').replace(/\n+$/, '\n')].join('\n');
  },
  expectHarmless: ({ raw }) => {
    const { headers, text, html } = readMail(raw);
    const names = headers.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('bcc');
    expect(headerOf(headers, 'to')).toBe('ann@example.com, bob@example.com');
    expect(headerOf(headers, 'subject')).toMatch(/^\[high\] evil /);
    expect(`${text}${html}`.replaceAll(/\r?\n/g, '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
    for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https:\/\/[^\s<>"']+$/);
  },
});

describe('email', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  async function setUp(
    more: object = {},
    options: SMTPServerOptions = {},
    context: Partial<TargetContext> = {},
  ) {
    const receiver = await SmtpReceiver.start('user' in more ? login : undefined, options);
    const opened: OpenedKind = openKind(
      email,
      { ...settings, port: receiver.port, ...more },
      { tls, ...context },
    );
    cleanups.push(() => receiver.close(), opened.close);
    const send = (job = sampleJob()) => opened.target.send(job, new AbortController().signal);
    return { receiver, send };
  }

  it('sends over STARTTLS, logged in, to all recipients, in both forms', async () => {
    const { receiver, send } = await setUp({ ...login, subjectPrefix: '[soc]' });
    const job = sampleJob();
    expect(await send(job)).toMatchObject({ kind: 'delivered' });
    const [mail] = receiver.mails;
    expect(mail).toMatchObject({
      from: 'alerts@example.com',
      to: settings.to,
      isEncrypted: true,
      user: 'tocsin',
    });
    const { headers, text, html } = readMail(mail?.source ?? '');
    expect(headerOf(headers, 'from')).toBe('Tocsin <alerts@example.com>');
    expect(headerOf(headers, 'subject')).toBe(`[soc] [high] ${job.event.title}`);
    expect(headerOf(headers, 'message-id')).toBe(`<${job.deliveryId}@example.com>`);
    expect(headerOf(headers, 'auto-submitted')).toBe('auto-generated');
    for (const part of [text, html]) {
      expect(part).toContain('2026-01-31T12:00:00.250Z');
      expect(part).toContain(`https://tocsin.example/events/${job.event.id}`);
    }
    expect(html).toContain('events/587b?a=1&amp;b=2"');
  });

  it('speaks TLS from the start when told to', async () => {
    const { receiver, send } = await setUp({ security: 'tls' }, { secure: true });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(receiver.mails[0]?.isEncrypted).toBe(true);
  });

  it('sends in the clear only when told to', async () => {
    const noTls = { disabledCommands: ['STARTTLS'] };
    const strict = await setUp({}, noTls);
    expect(await strict.send()).toMatchObject({ kind: 'retry', reason: 'tls' });
    expect(strict.receiver.mails).toEqual([]);
    const plain = await setUp({ security: 'none' }, noTls);
    expect(await plain.send()).toMatchObject({ kind: 'delivered' });
    expect(plain.receiver.mails[0]?.isEncrypted).toBe(false);
  });

  it('trusts no unknown certificate', async () => {
    for (const security of ['starttls', 'tls']) {
      const { receiver, send } = await setUp({ security }, { secure: security === 'tls' }, { tls: {} });
      expect(await send()).toMatchObject({ kind: 'retry', reason: 'tls' });
      expect(receiver.mails).toEqual([]);
    }
  });

  it('asks for a retry when the login is refused: the operator may put it right', async () => {
    const { send } = await setUp({ user: 'tocsin', password: 'wr0ng-one' });
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'smtp', status: 535 });
    expect(JSON.stringify(outcome)).not.toContain('wr0ng');
  });

  it('tells that nobody listens', async () => {
    const { receiver, send } = await setUp();
    cleanups.shift();
    await receiver.close();
    expect(await send()).toMatchObject({ kind: 'retry', reason: 'connection_refused' });
  });

  it('goes where the dial says it may, and to no other address of the name', async () => {
    const asked: string[] = [];
    const lookup = (host: string) => Promise.resolve((asked.push(host), ['127.0.0.1']));
    const there = { host: 'localhost' };
    const denied = await setUp(there, {}, { dial: guardedDial(egressGuard([]), lookup) });
    expect(await denied.send()).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    expect(denied.receiver.connections).toBe(0);
    const allowed = await setUp(there, {}, { dial: guardedDial(egressGuard(['localhost']), lookup) });
    expect(await allowed.send()).toMatchObject({ kind: 'delivered' });
    expect(asked).toEqual(['localhost', 'localhost']);
  });

  it('trusts a certificate for the name that was configured, whatever address it has', async () => {
    const dial = openDial(() => Promise.resolve(['127.0.0.1']));
    for (const security of ['starttls', 'tls']) {
      const stranger = await setUp(
        { host: 'mail.example.com', security },
        { secure: security === 'tls' },
        { dial },
      );
      expect(await stranger.send()).toMatchObject({ kind: 'retry', reason: 'tls' });
      expect(stranger.receiver.mails).toEqual([]);
    }
  });

  it('uses a connection for several mails', async () => {
    const { receiver, send } = await setUp();
    for (let i = 0; i < 3; i += 1) await send();
    expect(receiver.mails).toHaveLength(3);
    expect(receiver.connections).toBeLessThanOrEqual(2);
  });

  it('sends again to those alone whom the server had put off', async () => {
    const { receiver, send } = await setUp();
    const job = sampleJob();
    receiver.verdict = (about) => (about === 'bob@example.com' ? smtpError(450, 'greylisted') : undefined);
    expect(await send(job)).toMatchObject({ kind: 'retry', reason: 'smtp', status: 450 });
    receiver.verdict = () => undefined;
    expect(await send({ ...job, attempt: 2 })).toMatchObject({ kind: 'delivered' });
    expect(receiver.mails.map(({ to }) => to)).toEqual([['ann@example.com'], ['bob@example.com']]);
    await send(sampleJob());
    expect(receiver.mails[2]?.to).toEqual(settings.to);
  });

  it('has delivered when one recipient has it and the others never will, and says so', async () => {
    const { receiver, send } = await setUp();
    receiver.verdict = (about) => (about === 'bob@example.com' ? smtpError(550, 'no such user') : undefined);
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'delivered' });
    expect(JSON.stringify(outcome)).toContain('no such user');
  });

  it('ends the delivery when every recipient is refused for good, and not while one is put off', async () => {
    const { receiver, send } = await setUp();
    receiver.verdict = (about) => (about === 'DATA' ? undefined : smtpError(550, 'no such user'));
    expect(await send()).toMatchObject({ kind: 'rejected', reason: 'refused_by_receiver', status: 550 });
    receiver.verdict = (about) => smtpError(about === 'bob@example.com' ? 450 : 550, 'mixed');
    expect(await send()).toMatchObject({ kind: 'retry', reason: 'smtp', status: 450 });
  });

  it.each([
    [{ to: [] }, 'schema'],
    [{ to: Array.from({ length: 51 }, (_, i) => `a${i}@example.com`) }, 'schema'],
    [{ to: ['a@example.com\r\nBcc: x@example.com'] }, 'schema'],
    [{ to: ['a@example.com, b@example.com'] }, 'schema'],
    [{ from: 'A\nB <a@example.com>' }, 'schema'],
    [{ subjectPrefix: 'a\r\nb' }, 'schema'],
    [{ user: 'x' }, 'password: is missing'],
    [{ password: 'x' }, 'user: is missing'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(email, { ...settings, ...wrong })[0]).toContain(fault);
  });

  it('takes good settings', () => {
    expect(faultsOf(email, { ...settings, ...login, from: 'alerts@example.com' })).toEqual([]);
  });

  it('puts titles of any language into the subject', async () => {
    const { receiver, send } = await setUp();
    const title = `Übergriff 攻撃 🚨 ${'é'.repeat(100)}`;
    await send(sampleJob(sampleEvent({ title })));
    expect(headerOf(readMail(receiver.mails[0]?.source ?? '').headers, 'subject')).toBe(`[high] ${title}`);
  });
});
