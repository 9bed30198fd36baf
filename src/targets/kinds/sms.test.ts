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
  hasText: true,
  start: (more) =>
    httpStage({
      open: (receiver) => openKind(sms, { ...settings, baseUrl: receiver.url(''), ...more }),
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
    [{ accountSid: undefined }, 'accountSid: is missing'],
    [{ authToken: undefined }, 'authToken: is missing'],
    [{ region: 'eu-west-1' }, 'region: is of no use'],
    [{ from: undefined }, 'from: exactly one of'],
    [{ messagingServiceSid: `MG${'0'.repeat(32)}` }, 'from: exactly one of'],
    [{ from: '12 not a sender at all' }, 'schema'],
  ])('refuses the settings %j', async (wrong, fault) => {
    open();
    expect(faultsOf(sms, JSON.parse(JSON.stringify({ ...settings, ...wrong })))[0]).toContain(fault);
  });
});

const awsKey = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret-access-key' };
const snsSettings = { provider: 'sns', region: 'eu-west-1', to: '+33612345678', ...awsKey };
const snsError = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

targetContract('sms by SNS', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  hasText: true,
  previewed: ({ text }) => text,
  start: (more) =>
    httpStage({
      open: (receiver) => openKind(sms, { ...snsSettings, baseUrl: receiver.url(''), ...more }),
      secrets: [awsKey.secretAccessKey],
      read: ({ body }) => ({ id: undefined, text: formOf(body)['Message'] ?? '', raw: body }),
      refuse: (quote) => ({
        status: 400,
        body: snsError('InvalidParameter', `PhoneNumber Reason: ${quote.replaceAll('<', '&lt;')}`),
      }),
    }),
  expectHarmless: ({ text }) => {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    expect(smsSegments(text).segments).toBeLessThanOrEqual(3);
  },
});

describe('sms by SNS', () => {
  let receiver: HttpReceiver;
  let opened: OpenedKind;
  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    await opened.close();
    await receiver.close();
  });
  const send = (more: object = {}) => {
    opened = openKind(sms, { ...snsSettings, baseUrl: receiver.url(''), ...more });
    return opened.target.send(sampleJob(), new AbortController().signal);
  };

  it("speaks SNS's API, signed for the region", async () => {
    receiver.answer = answers.status(200, '<MessageId>m-1</MessageId>');
    expect(await send({ from: 'Tocsin' })).toEqual({ kind: 'delivered', status: 200, answer: 'm-1' });
    const { method, path, headers, body } = receiver.requests[0] ?? { headers: {}, body: '' };
    expect([method, path]).toEqual(['POST', '/']);
    expect(JSON.stringify(headers)).toContain('/eu-west-1/sns/aws4_request');
    expect(formOf(body)).toMatchObject({
      Action: 'Publish',
      PhoneNumber: '+33612345678',
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
      'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SenderID',
      'MessageAttributes.entry.2.Value.StringValue': 'Tocsin',
    });
  });

  it('sends from a number of ours when from is one', async () => {
    await send({ from: '+15005550006' });
    expect(formOf(receiver.requests[0]?.body ?? '')).toMatchObject({
      'MessageAttributes.entry.2.Name': 'AWS.MM.SMS.OriginationNumber',
      'MessageAttributes.entry.2.Value.StringValue': '+15005550006',
    });
  });

  it.each([
    [400, snsError('InvalidParameter', 'Phone number is opted out'), 'rejected', 'refused_by_receiver'],
    [400, snsError('InvalidParameter', 'SenderID is not valid'), 'retry', 'http_status'],
    [400, snsError('Throttling', 'Rate exceeded'), 'retry', 'rate_limited'],
    [403, snsError('AuthorizationError', 'not authorized'), 'retry', 'http_status'],
    [403, snsError('InvalidClientTokenId', 'no such key'), 'retry', 'http_status'],
    [503, '', 'retry', 'http_status'],
  ])('takes %d %s for %s (%s)', async (status, body, kind, reason) => {
    receiver.answer = answers.status(status, body);
    expect(await send()).toMatchObject({ kind, reason, status });
  });

  it.each([
    [{ region: undefined }, 'region: is missing'],
    [{ accountSid }, 'accountSid: is of no use'],
    [{ messagingServiceSid: `MG${'0'.repeat(32)}` }, 'messagingServiceSid: is of no use'],
    [{ secretAccessKey: undefined }, 'secretAccessKey: is missing'],
  ])('refuses the settings %j', async (wrong, fault) => {
    await send();
    expect(faultsOf(sms, JSON.parse(JSON.stringify({ ...snsSettings, ...wrong })))[0]).toContain(fault);
  });
});
