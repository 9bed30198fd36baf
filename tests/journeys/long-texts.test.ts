import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleNotification } from '../../src/sources/sqreen/sample-notification.ts';
import { textAt } from '../support/ask.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import { describeWith } from '../support/needs.ts';
import { dispose, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

const LINK = /<(http:\/\/127\.0\.0\.1:\d+\/m\/[0-9a-f-]{36})\|The whole text>/;
const WORDS = 'What happened, in many words. ';
const config = (port: number): string => `
targets:
  - id: chat
    kind: slack
    url: \${CHAT_URL}
    longText: link
    retryFirstDelay: 50ms
    text: '{% for word in (1..200) %}${WORDS}{% endfor %}{{ event.title }}'
  - id: brief
    kind: slack
    url: \${CHAT_URL}
    text: short
    longText: link
rules:
  - { id: all, targets: [chat] }
egress: { allow: ['127.0.0.1:${port}'] }
`;

const POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };

const linkIn = (body: string | undefined): string | undefined => LINK.exec(body ?? '')?.[1];
const pathOf = (link: string | undefined): string => new URL(link ?? '').pathname;

/** The receiver fails once, so that one delivery has two attempts. */
async function deliver(service: Service, receiver: HttpReceiver): Promise<readonly [string, string]> {
  const before = receiver.requests.length;
  let attempts = 0;
  receiver.answer = (response, request) =>
    answers.status(++attempts === 1 ? 500 : 200, 'ok')(response, request);
  expect((await service.webhook(JSON.stringify([sampleNotification(Date.now())]))).status).toBe(200);
  await receiver.received(before + 2);
  const [first, second] = receiver.requests.slice(before).map(({ body }) => linkIn(body));
  if (first === undefined || second === undefined) throw new Error('a message without a link');
  return [first, second];
}

async function messageAt(service: Service, link: string): Promise<string> {
  const answer = await fetch(service.url + pathOf(link).replace('/m/', '/msg/'));
  expect(answer.status).toBe(200);
  return textAt(await answer.json(), 'message');
}

function journeys(env: () => Readonly<Record<string, string>>): void {
  let receiver: HttpReceiver;
  let service: Service;
  beforeAll(async () => {
    receiver = await HttpReceiver.start();
    const url = receiver.url('/services/T0/B0/secret-of-the-webhook');
    service = await startService({ config: config(receiver.port), env: { CHAT_URL: url, ...env() } });
  });
  afterAll(() => receiver.close());

  test('links to all of it, the same after a failure, for whoever has the link, until tomorrow', async () => {
    const [first, second] = await deliver(service, receiver);
    expect(second).toBe(first);
    const text = await messageAt(service, first);
    expect(text.split(WORDS.trim())).toHaveLength(201);
    expect(text).toContain('Open in Tocsin: ');
    expect(text).not.toContain('secret-of-the-webhook');
    const facts = await service.api(`/api/v1/messages/${pathOf(first).slice(3)}`);
    const leftMs = Date.parse(textAt(await facts.json(), 'expires_at')) - Date.now();
    expect(leftMs).toBeGreaterThan(86_000_000);
    expect(leftMs).toBeLessThanOrEqual(86_400_000);
    const [other] = await deliver(service, receiver);
    expect(other).not.toBe(first);
  });

  test('makes no message for a preview, and none for a text that has room', async () => {
    const count = async (): Promise<unknown> =>
      (await metrics(service)).match(/^tocsin_messages_created\S* \d+/gm);
    const before = await count();
    expect(before).toBeTruthy();
    const preview = await service.api('/api/v1/targets/chat/preview', POST);
    expect(await preview.text()).toContain('/m/00000000-0000-4000-8000-000000000000');
    const sent = receiver.requests.length;
    await service.api('/api/v1/targets/brief/test', POST);
    await receiver.received(sent + 1);
    expect(linkIn(receiver.requests[sent]?.body)).toBeUndefined();
    expect(await count()).toEqual(before);
    await service.api('/api/v1/targets/chat/test', POST);
    await receiver.received(sent + 2);
    expect(linkIn(receiver.requests[sent + 1]?.body)).toBeDefined();
  });
}

const metrics = async (service: Service): Promise<string> => (await service.api('/metrics')).text();

afterAll(dispose);

describe('a text too long for its channel', () => {
  journeys(() => ({}));

  test('is cut with a mark where no message can be made, and delivered', async () => {
    const receiver = await HttpReceiver.start();
    const service = await startService({
      config: `${config(receiver.port)}messages: { bytesMax: 1024 }\n`,
      env: { CHAT_URL: receiver.url() },
    });
    await service.webhook(JSON.stringify([sampleNotification(Date.now())]));
    await receiver.received(1);
    const [request] = receiver.requests;
    expect(linkIn(request?.body)).toBeUndefined();
    expect(request?.body).toContain('… [cut]');
    await until('it is logged', () => service.stdout().includes('no message could be made'));
    expect(service.stdout()).not.toContain(WORDS.trim());
    await receiver.close();
  });

  test('can be read by its link after the master key was rotated', async () => {
    const receiver = await HttpReceiver.start();
    const env = { CHAT_URL: receiver.url() };
    const before = await startService({ config: config(receiver.port), env });
    const [link] = await deliver(before, receiver);
    await before.stop();
    const keys = {
      TOCSIN_MASTER_KEY: 'a-new-master-key-for-tests',
      TOCSIN_MASTER_KEY_PREVIOUS: 'a-master-key-for-tests',
    };
    const after = await startService({ directory: before.directory, env: { ...env, ...keys } });
    expect(await messageAt(after, link)).toContain(WORDS.trim());
    await receiver.close();
  });
});

await describeWith('postgres', 'a text too long for its channel, on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await dispose();
    await database.drop();
  });
  journeys(() => ({ DATABASE_URL: database.url }));
});
