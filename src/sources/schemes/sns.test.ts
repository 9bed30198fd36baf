import { createPrivateKey, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate, type MadeCertificate } from '../../../tests/support/make-certificate.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import {
  type Asked,
  faultPaths,
  openScheme,
  refusedFor,
  VERIFIED,
} from '../../../tests/support/open-scheme.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../kernel/http-client.ts';
import { sns } from './sns.ts';

const TOPIC = 'arn:aws:sns:us-west-2:123456789012:MyTopic';
const HOST = 'https://sns.us-west-2.amazonaws.com';
const CERTIFICATE_URL = `${HOST}/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem`;
const SUBSCRIBE_URL = `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37fb687f5d51e6e2`;
const TIME = '2026-01-01T00:00:00.000Z';
const ID = '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324';

// RSA keys take a while to find: made once.
const authority = makeCertificate({ commonName: 'An authority of the tests', isAuthority: true });
const leaf = makeCertificate({
  commonName: 'sns.amazonaws.com',
  dnsNames: ['sns.amazonaws.com'],
  rsaBits: 2_048,
  issuer: authority,
});

type Fields = Readonly<Record<string, unknown>>;
const notification: Fields = {
  Type: 'Notification',
  MessageId: ID,
  TopicArn: TOPIC,
  Subject: 'My First Message',
  Message: 'Hello world!',
  Timestamp: TIME,
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE_URL,
  UnsubscribeURL: `${HOST}/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:c9135db0-26c4-47ec-8998-413945fb5a96`,
};
const confirmation: Fields = {
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37fb687f5d51e6e2',
  TopicArn: TOPIC,
  Message: 'You have chosen to subscribe to the topic.\nTo confirm the subscription, visit the SubscribeURL.',
  SubscribeURL: SUBSCRIBE_URL,
  Timestamp: TIME,
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE_URL,
};

/** The order of Amazon's page on verifying, written out once more. */
const orders: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
};

function signed(fields: Fields, by: MadeCertificate = leaf): string {
  const order = orders[String(fields['Type'])] ?? orders['SubscriptionConfirmation'] ?? [];
  const lines = order
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name}\n${String(fields[name])}\n`);
  const hash = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  const signature = sign(hash, Buffer.from(lines.join('')), createPrivateKey(by.key)).toString('base64');
  return JSON.stringify({ ...fields, Signature: signature });
}

const ok = (body: string, status = 200): HttpAnswer => ({ ok: true, status, headers: {}, body });
const down: HttpAnswer = { ok: false, reason: 'timeout', detail: 'timed out' };

/** What Amazon answers, and what it was asked. */
let answers: Record<string, HttpAnswer>;
let requests: HttpRequest[];
let clock: ManualClock;
let open: Asked;
const http: HttpClient = {
  request(request) {
    requests.push(request);
    return Promise.resolve(answers[request.url] ?? ok('<ErrorResponse/>', 404));
  },
};
const asked = (): string[] => requests.map(({ url }) => url);

beforeEach(() => {
  answers = { [CERTIFICATE_URL]: ok(leaf.cert), [SUBSCRIBE_URL]: ok('<ConfirmSubscriptionResponse/>') };
  requests = [];
  clock = new ManualClock();
  open = openScheme(sns, { topics: [TOPIC] }, { clock, http });
});

const verify = (body: string) => open({}, body);

describe('a notification', () => {
  test.each(['1', '2'])('with a signature of version %s is its message, known by its id', async (version) => {
    const verdict = await verify(signed({ ...notification, SignatureVersion: version }));
    expect(verdict).toEqual({ ...VERIFIED, messageId: ID, content: Buffer.from('Hello world!') });
  });

  test('without a subject is verified, and none can be added', async () => {
    const { Subject: _, ...bare } = notification;
    expect(await verify(signed(bare))).toMatchObject(VERIFIED);
    const body: Fields = JSON.parse(signed(bare)) as Fields;
    expect(await verify(JSON.stringify({ ...body, Subject: 'x' }))).toEqual(refusedFor('signature_mismatch'));
  });

  test('of any text is verified, and refused with any other', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, text, async (Message, other) => {
        const body = signed({ ...notification, Message });
        expect(await verify(body)).toMatchObject({ content: Buffer.from(Message) });
        const changed = JSON.stringify({ ...(JSON.parse(body) as Fields), Message: other });
        if (other !== Message) expect(await verify(changed)).toEqual(refusedFor('signature_mismatch'));
      }),
      { numRuns: 50 },
    );
  });

  test.each(['MessageId', 'Subject', 'Timestamp', 'SignatureVersion', 'Signature'])(
    'is refused when %s is another',
    async (name) => {
      const others: Fields = {
        MessageId: '00000000-fdea-4c2c-8f9d-bdfb0c7bf324',
        Subject: 'My Second Message',
        Timestamp: '2026-01-01T00:00:01.000Z',
        SignatureVersion: '1',
        Signature: Buffer.alloc(256).toString('base64'),
      };
      const body = { ...(JSON.parse(signed(notification)) as Fields), [name]: others[name] };
      expect(await verify(JSON.stringify(body))).toEqual(refusedFor('signature_mismatch'));
    },
  );

  test('cannot be cut into fields in another way', async () => {
    // Whoever may publish to the topic chooses the text; not what the id and the subject are.
    const inner = `x\nMessageId\n00000000-0000-4000-8000-000000000000\nSubject\ny`;
    const { Subject: _, ...bare } = notification;
    const body = JSON.parse(signed({ ...bare, Message: inner })) as Fields;
    const recut = {
      ...body,
      Message: 'x',
      MessageId: '00000000-0000-4000-8000-000000000000',
      Subject: `y\nMessageId\n${ID}`,
    };
    expect(await verify(JSON.stringify(recut))).toEqual(refusedFor('signature_malformed'));
  });

  test.each([
    ['too old', 65 * 60_000 + 1, 'timestamp_outside'],
    ['of the future', -65 * 60_000 - 1, 'timestamp_outside'],
  ])('that is %s is refused', async (_name, ms, reason) => {
    const Timestamp = new Date(clock.now() - ms).toISOString();
    expect(await verify(signed({ ...notification, Timestamp }))).toEqual(refusedFor(reason));
  });

  test('that Amazon tries again for an hour is still taken', async () => {
    const Timestamp = new Date(clock.now() - 60 * 60_000).toISOString();
    expect(await verify(signed({ ...notification, Timestamp }))).toMatchObject(VERIFIED);
  });
});

describe('a topic', () => {
  test("that is not listed is refused before anything is fetched, though Amazon's signature is right", async () => {
    const TopicArn = 'arn:aws:sns:us-west-2:666666666666:MyTopic';
    expect(await verify(signed({ ...notification, TopicArn }))).toEqual(refusedFor('topic_refused'));
    expect(requests).toEqual([]);
  });

  test.each([
    [
      'arn:aws-cn:sns:cn-north-1:123456789012:t',
      'sns.cn-north-1.amazonaws.com.cn',
      'sns-cn-north-1.amazonaws.com.cn',
    ],
    [
      'arn:aws-us-gov:sns:us-gov-east-1:123456789012:t',
      'sns.us-gov-east-1.amazonaws.com',
      'sns-us-gov-west-1.amazonaws.com',
    ],
    [
      'arn:aws:sns:me-south-1:123456789012:t',
      'sns.me-south-1.amazonaws.com',
      'sns-signing.me-south-1.amazonaws.com',
    ],
  ])('%s is signed for by %s with a certificate of its own', async (arn, host, name) => {
    const certificate = makeCertificate({
      commonName: name,
      dnsNames: [name],
      rsaBits: 2_048,
      issuer: authority,
    });
    const SigningCertURL = `https://${host}/a.pem`;
    answers[SigningCertURL] = ok(certificate.cert);
    open = openScheme(sns, { topics: [arn] }, { clock, http });
    const body = signed({ ...notification, TopicArn: arn, SigningCertURL }, certificate);
    expect(await verify(body)).toMatchObject(VERIFIED);
  });
});

describe('SigningCertURL', () => {
  test.each([
    'http://sns.us-west-2.amazonaws.com/a.pem',
    'https://sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.us-west-2.amazonaws.com.evil.example/a.pem',
    'https://sns.us-west-2.amazonaws.com@evil.example/a.pem',
    'https://evil.example/sns.us-west-2.amazonaws.com/a.pem',
    'https://sns.s3-us-west-2.amazonaws.com/a.pem',
    'https://us-west-2.amazonaws.com/a.pem',
    'https://SNS.us-west-2.amazonaws.com/a.pem',
    'https://sns.us-west-2.amazonaws.com:8443/a.pem',
    'https://sns.us-west-2.amazonaws.com/a.pem?x=1',
    'https://sns.us-west-2.amazonaws.com/a.pem#x',
    'https://sns.us-west-2.amazonaws.com/a.pem/../b',
    'https://sns.us-west-2.amazonaws.com/a.html',
    'https://sns.us-west-2.amazonaws.com/.pem',
    'https://sns.us-west-2.amazonaws.com/%2e%2e/a.pem',
    'https://sns.us-west-2.amazonaws.com\\@evil.example/a.pem',
    `https://sns.us-west-2.amazonaws.com/${'a'.repeat(3_000)}.pem`,
    'file:///etc/passwd',
    '',
  ])('%s is not fetched', async (SigningCertURL) => {
    expect(await verify(signed({ ...notification, SigningCertURL }))).toMatchObject({ kind: 'refused' });
    expect(requests).toEqual([]);
  });
});

describe('a certificate', () => {
  const past = new Date('2025-12-31');
  test.each([
    ['expired', { to: past }],
    ['not valid yet', { from: new Date('2026-01-02') }],
    ['of another name', { dnsNames: ['sqs.amazonaws.com'], commonName: 'sqs.amazonaws.com' }],
    ['with a wildcard', { dnsNames: ['*.amazonaws.com'], commonName: '*.amazonaws.com' }],
    ['with the right name beside the names that count', { dnsNames: ['evil.example'] }],
    ['of an authority', { isAuthority: true }],
    ['with a short key', { rsaBits: 1_024 }],
    ['made by itself', { issuer: undefined }],
  ])('that is %s may not sign', async (_name, wishes) => {
    const base = { commonName: 'sns.amazonaws.com', dnsNames: ['sns.amazonaws.com'], rsaBits: 2_048 };
    const { issuer = authority, ...more }: { issuer?: MadeCertificate | undefined } = {
      issuer: authority,
      ...wishes,
    };
    const isSelfMade = 'issuer' in wishes;
    const wrong = makeCertificate({ ...base, ...more, ...(isSelfMade ? {} : { issuer }) });
    answers[CERTIFICATE_URL] = ok(wrong.cert);
    expect(await verify(signed(notification, wrong))).toMatchObject(refusedFor('certificate_refused'));
  });

  test('of another key proves nothing', async () => {
    const other = makeCertificate({ commonName: 'sns.amazonaws.com', rsaBits: 2_048, issuer: authority });
    expect(await verify(signed(notification, other))).toEqual(refusedFor('signature_mismatch'));
  });

  test('may come with its authority, which must have signed it', async () => {
    answers[CERTIFICATE_URL] = ok(leaf.cert + authority.cert);
    expect(await verify(signed(notification))).toMatchObject(VERIFIED);
    const stranger = makeCertificate({ commonName: 'An authority of the tests', isAuthority: true });
    answers[CERTIFICATE_URL] = ok(leaf.cert + stranger.cert);
    open = openScheme(sns, { topics: [TOPIC] }, { clock, http });
    expect(await verify(signed(notification))).toMatchObject(refusedFor('certificate_refused'));
  });

  test.each([
    ['no PEM', 'garbage'],
    ['PEM of garbage', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['cut short', leaf.cert.slice(0, 400)],
    ['many', leaf.cert.repeat(7)],
    ['nothing', ''],
  ])('that is %s may not sign', async (_name, text) => {
    answers[CERTIFICATE_URL] = ok(text);
    expect(await verify(signed(notification))).toMatchObject(refusedFor('certificate_refused'));
  });

  test('is fetched once for all that wait for it, and not again for a day', async () => {
    const body = signed(notification);
    await Promise.all(Array.from({ length: 50 }, () => verify(body)));
    expect(asked()).toEqual([CERTIFICATE_URL]);
    await clock.advance(23 * 3_600_000);
    await verify(signed({ ...notification, Timestamp: new Date(clock.now()).toISOString() }));
    expect(asked()).toHaveLength(1);
    await clock.advance(3_600_001);
    await verify(signed({ ...notification, Timestamp: new Date(clock.now()).toISOString() }));
    expect(asked()).toHaveLength(2);
  });

  test('is kept no longer than it is valid', async () => {
    const to = new Date(clock.now() + 60_000);
    const brief = makeCertificate({ commonName: 'sns.amazonaws.com', rsaBits: 2_048, issuer: authority, to });
    answers[CERTIFICATE_URL] = ok(brief.cert);
    expect(await verify(signed(notification, brief))).toMatchObject(VERIFIED);
    await clock.advance(60_000);
    expect(await verify(signed(notification, brief))).toMatchObject(refusedFor('certificate_refused'));
  });
});

describe('while Amazon does not answer', () => {
  test.each([
    ['is out of reach', down],
    ['is denied by the egress rules', { ok: false, reason: 'egress_denied', detail: 'no' } as const],
    ['is in trouble', ok('', 503)],
    ['throttles', ok('', 429)],
    ['redirects', ok('', 302)],
  ])('because it %s, the proof is unavailable: the sender is to come again', async (_name, answer) => {
    answers[CERTIFICATE_URL] = answer;
    expect(await verify(signed(notification))).toMatchObject(refusedFor('proof_unavailable'));
  });

  test('a failure stands for ten seconds, and then it is asked again', async () => {
    answers[CERTIFICATE_URL] = down;
    for (let n = 0; n < 20; n++) await verify(signed(notification));
    expect(asked()).toHaveLength(1);
    answers[CERTIFICATE_URL] = ok(leaf.cert);
    await clock.advance(10_000);
    expect(await verify(signed(notification))).toMatchObject(VERIFIED);
  });

  test('an invented URL is refused, not waited for', async () => {
    const SigningCertURL = `${HOST}/invented.pem`;
    expect(await verify(signed({ ...notification, SigningCertURL }))).toMatchObject(
      refusedFor('certificate_refused'),
    );
  });

  test('a flood of invented URLs asks little at once, and pushes no certificate out', async () => {
    await verify(signed(notification));
    const flood = Array.from({ length: 500 }, (_, n) =>
      verify(signed({ ...notification, SigningCertURL: `${HOST}/invented${n}.pem` })),
    );
    const verdicts = await Promise.all(flood);
    expect(verdicts.every(({ kind }) => kind === 'refused')).toBe(true);
    expect(asked().length).toBeLessThanOrEqual(1 + 4);
    const before = asked().length;
    expect(await verify(signed(notification))).toMatchObject(VERIFIED);
    expect(asked()).toHaveLength(before);
  });
});

describe('a subscription', () => {
  const handshake = (about: string) => ({
    kind: 'handshake',
    about,
    answer: { status: 200, headers: {}, body: '{"status": true}' },
  });

  test('is confirmed, once, when its message is proved', async () => {
    const body = signed(confirmation);
    expect(await verify(body)).toEqual(handshake('subscription_confirmed'));
    expect(await verify(body)).toEqual(handshake('subscription_confirmed'));
    expect(asked()).toEqual([CERTIFICATE_URL, SUBSCRIBE_URL]);
    expect(requests[1]).toMatchObject({ method: 'GET', headers: {} });
  });

  test('is not confirmed for a forgery, a stale message or another topic', async () => {
    const forged = { ...(JSON.parse(signed(confirmation)) as Fields), Message: 'x' };
    expect(await verify(JSON.stringify(forged))).toEqual(refusedFor('signature_mismatch'));
    expect(await verify(signed({ ...confirmation, Timestamp: '2025-12-31T00:00:00.000Z' }))).toEqual(
      refusedFor('timestamp_outside'),
    );
    expect(await verify(signed({ ...confirmation, TopicArn: TOPIC.replace('My', 'Your') }))).toEqual(
      refusedFor('topic_refused'),
    );
    expect(asked()).toEqual([CERTIFICATE_URL]);
  });

  test.each([
    'https://evil.example/?Action=ConfirmSubscription',
    `${HOST}:444/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=ab`,
    `${HOST}/?Action=DeleteTopic&TopicArn=${TOPIC}&Token=ab`,
    `${HOST}/?Action=ConfirmSubscription&Action=DeleteTopic&TopicArn=${TOPIC}&Token=ab`,
    `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}2&Token=ab`,
    `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}`,
    `${HOST}/other?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=ab`,
  ])('is not confirmed at %s', async (SubscribeURL) => {
    expect(await verify(signed({ ...confirmation, SubscribeURL }))).toMatchObject(
      refusedFor('signature_malformed'),
    );
    expect(asked()).toEqual([CERTIFICATE_URL]);
  });

  test('that could not be confirmed is tried again when Amazon sends it again', async () => {
    answers[SUBSCRIBE_URL] = down;
    expect(await verify(signed(confirmation))).toMatchObject(refusedFor('proof_unavailable'));
    answers[SUBSCRIBE_URL] = ok('');
    expect(await verify(signed(confirmation))).toEqual(handshake('subscription_confirmed'));
  });

  test('that ended is told and not begun again', async () => {
    const ended = signed({ ...confirmation, Type: 'UnsubscribeConfirmation' });
    expect(await verify(ended)).toEqual(handshake('subscription_ended'));
    expect(asked()).toEqual([CERTIFICATE_URL]);
  });
});

describe('a body', () => {
  afterEach(() => expect(requests).toEqual([]));

  test.each([
    ['no JSON', 'Hello world!'],
    ['empty', ''],
    ['a list', '[{"Type":"Notification"}]'],
    ['an empty object', '{}'],
    ['a raw delivery', '{"alarm": true}'],
    ['of another type', signed({ ...notification, Type: 'Other' })],
    ['of a version to come', signed({ ...notification, SignatureVersion: '3' })],
    ['of a version that is a number', signed({ ...notification, SignatureVersion: 2 })],
    ['without an id', signed({ ...notification, MessageId: undefined })],
    ['with an id that is none', signed({ ...notification, MessageId: 'an id' })],
    ['with a text that is none', signed({ ...notification, Message: { a: 1 } })],
    ['without a time', signed({ ...notification, Timestamp: undefined })],
    ['with a time that is none', signed({ ...notification, Timestamp: 'now' })],
    ['with a time in seconds', signed({ ...notification, Timestamp: 1_767_225_600 })],
    ['with a subject of two lines', signed({ ...notification, Subject: 'a\nb' })],
    ['without a signature', JSON.stringify(notification)],
    ['with a signature that is no base64', JSON.stringify({ ...notification, Signature: '{}' })],
    ['with an endless signature', JSON.stringify({ ...notification, Signature: 'A'.repeat(100_000) })],
    ['nested deep', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
    ['over the limit', signed({ ...notification, Message: 'x'.repeat(1_100_000) })],
    ['with names of every object', '{"__proto__": {"Type": "Notification"}, "constructor": 1}'],
  ])('that is %s is refused before anything is fetched', async (_name, body) => {
    expect(await verify(body)).toEqual(refusedFor('signature_malformed'));
  });
});

test('needs the topics, and takes no key', () => {
  expect(faultPaths('sns', {})).toEqual(['topics']);
  expect(faultPaths('sns', { topics: [TOPIC], key: 'a-key-that-nobody-reads' })).toEqual(['key']);
  expect(faultPaths('sns', { topics: [TOPIC, 'arn:aws:sqs:us-west-2:123456789012:MyQueue'] })).toEqual([
    'topics[1]',
  ]);
  expect(faultPaths('sns', { topics: ['arn:aws:sns:us-west-2:123456789012:MyTopic.fifo'] })).toEqual([
    'topics[0]',
  ]);
});
