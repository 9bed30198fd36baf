import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../../tests/support/http-receiver.ts';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { hostileEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import type { Job } from '../target.ts';
import { targetContract } from './contract.ts';
import { sns } from './sns.ts';

const key = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 's3cret-access-key',
  sessionToken: 't0ken-of-session',
};
const topicArn = 'arn:aws:sns:eu-west-1:123456789012:security';
const settings = { topicArn, ...key };
const formOf = (body: string): Record<string, string> => Object.fromEntries(new URLSearchParams(body));
const attributesOf = (body: string): Record<string, string> => {
  const form = formOf(body);
  const names = Object.entries(form).filter(([name]) => name.endsWith('.Name'));
  return Object.fromEntries(
    names.map(([name, value]) => [value, form[name.replace('.Name', '.Value.StringValue')] ?? '']),
  );
};

targetContract('sns', {
  modes: ['fail', 'hang', 'reset'],
  failReason: 'http_status',
  hasIds: true,
  previewed: ({ raw }) => formOf(raw)['Message'] ?? '',
  start: () =>
    httpStage({
      open: (receiver) => openKind(sns, { ...settings, endpoint: receiver.url('') }),
      secrets: [key.secretAccessKey, key.sessionToken],
      read: ({ body }) => {
        const { Message: raw = '' } = formOf(body);
        const { data } = JSON.parse(raw);
        const text = data.internalAlert ? `[INTERNAL SECURITY ALERT] ${data.title}` : data.title;
        return { id: attributesOf(body)['delivery'], text, raw: body };
      },
      refuse: (quote) => ({ status: 403, body: quote }),
    }),
  expectHarmless: ({ raw }, { title }) => {
    const { Message = '', Subject = '' } = formOf(raw);
    expect(JSON.parse(Message).data.title).toBe(title);
    expect(Subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
    expect(Object.values(attributesOf(raw)).join('')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  },
});

describe('sns', () => {
  let receiver: HttpReceiver;
  const opened: OpenedKind[] = [];
  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await receiver.close();
  });
  const send = async (more: object = {}, job: Job = sampleJob()) => {
    const one = openKind(sns, { ...settings, endpoint: receiver.url(''), ...more });
    opened.push(one);
    const outcome = await one.target.send(job, new AbortController().signal);
    return { outcome, body: receiver.requests.at(-1)?.body ?? '' };
  };

  it('publishes to the topic, signed for its region, with attributes to filter by', async () => {
    receiver.answer = answers.status(200, '<PublishResult><MessageId>m-1</MessageId></PublishResult>');
    const job = sampleJob();
    const { outcome, body } = await send({}, job);
    expect(outcome).toEqual({ kind: 'delivered', status: 200, answer: 'm-1' });
    expect(receiver.requests[0]).toMatchObject({ method: 'POST', path: '/' });
    expect(receiver.requests[0]?.headers['authorization']).toContain('/eu-west-1/sns/aws4_request');
    expect(formOf(body)).toMatchObject({ Action: 'Publish', Version: '2010-03-31', TopicArn: topicArn });
    expect(formOf(body)['Subject']).toBe(`[high] ${job.event.title}`);
    expect(attributesOf(body)).toEqual({
      delivery: job.deliveryId,
      event: job.event.id,
      severity: 'high',
      source: 'sqreen',
      type: job.event.type,
      internal: 'false',
    });
    expect(formOf(body)).not.toHaveProperty('MessageGroupId');
  });

  it('orders the events of one matter in a FIFO topic, where a repeated attempt is dropped', async () => {
    const job = sampleJob();
    const { body } = await send({ topicArn: `${topicArn}.fifo` }, job);
    expect(formOf(body)).toMatchObject({
      MessageDeduplicationId: job.deliveryId,
      MessageGroupId: job.event.fingerprint,
    });
  });

  it('writes text for subscribers who read it', async () => {
    const { body } = await send({ format: 'text' });
    expect(formOf(body)['Message']).toMatch(/^\[high\] Connection to .*\n\nSeverity: high\n/);
  });

  it('sends an event that is too large without its notification, within what SNS takes', async () => {
    const event = { ...hostileEvent(), payload: JSON.stringify({ x: 'y'.repeat(300_000) }) };
    const { outcome, body } = await send({}, sampleJob(event));
    expect(outcome).toMatchObject({ kind: 'delivered' });
    const record = JSON.parse(formOf(body)['Message'] ?? '');
    expect(record.id).toBe(event.id);
    expect(record.data.payload).toMatchObject({ omitted: expect.any(String) });
    expect(Buffer.byteLength(formOf(body)['Message'] ?? '')).toBeLessThan(262_144);
  });

  it.each([
    [{ topicArn: 'arn:aws:sqs:eu-west-1:123456789012:q' }, 'schema'],
    [{ topicArn: 'security' }, 'schema'],
    [{ endpoint: 'https://a/b' }, 'schema'],
    [{ endpoint: 'http://a.example' }, 'endpoint: must be'],
    [{ accessKeyId: undefined }, 'accessKeyId: is missing'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(sns, JSON.parse(JSON.stringify({ ...settings, ...wrong })))[0]).toContain(fault);
  });

  it('puts no subject but of printable ASCII', async () => {
    const title = 'Übergriff 攻撃\n🚨 '.repeat(20);
    const { body } = await send({}, sampleJob(sampleEvent({ title })));
    expect(formOf(body)['Subject']).toMatch(/^\[high\] \?bergriff [\x20-\x7e]{1,90}$/);
  });
});
