import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../../tests/support/http-receiver.ts';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { sampleJob } from '../../../tests/support/sample-event.ts';
import { smsSegments } from '../sms-text.ts';
import { targetContract } from './contract.ts';
import { sms } from './sms.ts';

const accountSid = `AC${'0a'.repeat(16)}`;
const authToken = 't0ken-of-the-account';
const settings = { accountSid, authToken, from: '+15005550006', to: '+33612345678' };
const formOf = (body: string): Record<string, string> => Object.fromEntries(new URLSearchParams(body));

targetContract('sms', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  start: () =>
    httpStage({
      open: (receiver) => openKind(sms, { ...settings, baseUrl: receiver.url('') }),
      secrets: [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64')],
      read: ({ body }) => ({ id: undefined, text: formOf(body)['Body'] ?? '', raw: body }),
      refuse: (quote) => ({
        status: 400,
        body: JSON.stringify({ code: 21610, message: quote, status: 400 }),
      }),
    }),
  expectHarmless: ({ text, raw }) => {
    expect(Object.keys(formOf(raw)).toSorted()).toEqual(['Body', 'From', 'To']);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    expect(smsSegments(text).segments).toBeLessThanOrEqual(3);
  },
});

describe('sms', () => {
  let receiver: HttpReceiver;
  let opened: OpenedKind;
  const open = (more: object = {}) => {
    opened = openKind(sms, { ...settings, baseUrl: receiver.url(''), ...more });
    return opened;
  };
  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    await opened.close();
    await receiver.close();
  });
  const send = () => opened.target.send(sampleJob(), new AbortController().signal);

  it("speaks Twilio's API: a form to the account's messages, with its credentials", async () => {
    open();
    receiver.answer = answers.status(201, '{"sid":"SM1"}');
    expect(await send()).toMatchObject({ kind: 'delivered', status: 201 });
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      headers: {
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    const form = formOf(receiver.requests[0]?.body ?? '');
    expect(form).toMatchObject({ To: settings.to, From: settings.from });
    expect(form['Body']).toMatch(/^\[high\] Connection to .*\nhttps:\/\/tocsin\.example\/events\/evt_/);
  });

  it('leaves the sender to a messaging service', async () => {
    const messagingServiceSid = `MG${'0b'.repeat(16)}`;
    opened = openKind(sms, { ...settings, from: undefined, messagingServiceSid, baseUrl: receiver.url('') });
    await send();
    expect(formOf(receiver.requests[0]?.body ?? '')).toMatchObject({
      MessagingServiceSid: messagingServiceSid,
    });
    expect(receiver.requests[0]?.body).not.toContain('From=');
  });

  it.each([
    [400, '{"code": 21211, "message": "invalid To"}', 'rejected', 'refused_by_receiver'],
    [400, '{"code":21614}', 'rejected', 'refused_by_receiver'],
    [400, '{"code": 21606, "message": "From is not yours"}', 'retry', 'http_status'],
    [400, 'no JSON', 'retry', 'http_status'],
    [401, '{"code": 20003}', 'retry', 'http_status'],
    [403, '{"code": 21610}', 'retry', 'http_status'],
    [404, '{"code": 20404}', 'retry', 'http_status'],
    [429, '{"code": 20429}', 'retry', 'rate_limited'],
    [500, '', 'retry', 'http_status'],
  ])('takes %d %s for %s (%s)', async (status, body, kind, reason) => {
    open();
    receiver.answer = answers.status(status, body);
    expect(await send()).toMatchObject({ kind, reason, status });
  });

  it.each([
    [{ to: '0612345678' }, 'schema'],
    [{ accountSid: 'AC1' }, 'schema'],
    [{ from: undefined }, 'from: exactly one of'],
    [{ messagingServiceSid: `MG${'0'.repeat(32)}` }, 'from: exactly one of'],
    [{ from: '12 not a sender at all' }, 'schema'],
  ])('refuses the settings %j', async (wrong, fault) => {
    open();
    expect(faultsOf(sms, JSON.parse(JSON.stringify({ ...settings, ...wrong })))[0]).toContain(fault);
  });
});
