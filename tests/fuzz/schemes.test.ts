import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HttpClient } from '../../src/kernel/http-client.ts';
import { schemes } from '../../src/sources/schemes/index.ts';
import type { Headers, Scheme } from '../../src/sources/schemes/scheme.ts';
import type { SchemeName, VerificationSettings } from '../../src/sources/schemes/settings.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openScheme } from '../support/open-scheme.ts';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const WHPK = `whpk_${Buffer.alloc(32, 1).toString('base64')}`;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const NOW = String(Date.UTC(2026, 0, 1) / 1_000);

const settings: Readonly<Record<SchemeName, VerificationSettings>> = {
  sqreen: { key: KEY },
  standard: { key: KEY, previousKey: WHPK },
  github: { key: KEY },
  stripe: { key: KEY },
  slack: { key: KEY },
  sns: { topics: [TOPIC] },
  hmac: { key: KEY, signature: { header: 'X-Sign', prefix: 'v1=', timestampHeader: 'X-Time' } },
  bearer: { key: KEY },
  mtls: {},
};
const names = [
  'x-sqreen-integrity', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'svix-id', 'svix-timestamp',
  'svix-signature', 'x-hub-signature-256', 'x-hub-signature', 'stripe-signature', 'x-slack-signature',
  'x-slack-request-timestamp', 'x-sign', 'x-time', 'authorization', 'x-amz-sns-message-type', 'constructor', '__proto__',
]; // prettier-ignore

/** What the readers of headers look for, so that chance finds the ways through them. */
const word = fc.constantFrom(
  't=', 'v1=', 'v0=', 'v1,', 'v1a,', 'sha256=', 'Bearer ', 'Basic ', ',', ' ', '.', ':', '=', '\t', '\r\n', '\0', 'é', NOW,
  '0'.repeat(64), 'a'.repeat(64), `${'A'.repeat(43)}=`, `${'A'.repeat(86)}==`, 'msg_1', '-1', '1e400', KEY, WHPK, 'Og==',
); // prettier-ignore
const text = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.tuple(word, fc.nat(4_000)).map(([one, times]) => one.repeat(times).slice(0, 16_384)),
);
const value = fc.oneof(text, fc.array(text, { maxLength: 3 }));
const headers: fc.Arbitrary<Headers> = fc.dictionary(fc.constantFrom(...names), value, {
  maxKeys: 8,
  noNullPrototype: true,
});

const field = fc.oneof(
  fc.constantFrom<unknown>(
    'Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation', TOPIC, '2026-01-01T00:00:00Z', '1', '2', 'AAAA',
    '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', 'https://sns.eu-west-1.amazonaws.com/a.pem', 'url_verification', 'evt_1',
    `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=ab`,
  ),
  fc.jsonValue(),
); // prettier-ignore
const envelope = fc.dictionary(
  fc.constantFrom(
    'Type', 'MessageId', 'TopicArn', 'Message', 'Subject', 'Timestamp', 'SignatureVersion', 'Signature', 'SigningCertURL',
    'SubscribeURL', 'Token', 'type', 'challenge', 'event_id', 'id', '__proto__', 'constructor',
  ),
  field,
  { noNullPrototype: true },
); // prettier-ignore
const body = fc.oneof(
  envelope.map((record) => Buffer.from(JSON.stringify(record))),
  fc.json().map((json) => Buffer.from(json)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

/** Amazon's host, which holds nothing here. */
const http: HttpClient = {
  request: async ({ url }) => {
    if (!url.startsWith('https://sns.eu-west-1.amazonaws.com/')) throw new Error(`asked ${url}`);
    return { ok: true, status: 200, headers: {}, body: 'no certificate' };
  },
};

it.each<Scheme>(schemes)('$name takes nothing of what chance sends, and never throws', async (scheme) => {
  const settled = settings[scheme.name as SchemeName];
  const open = openScheme(scheme, settled, { clock: new ManualClock(), http });
  await fc.assert(
    fc.asyncProperty(headers, body, async (sent, bytes) => {
      // The token itself can be among the words.
      if (scheme.name === 'bearer' && JSON.stringify(sent).includes(KEY)) return;
      expect(await open(sent, bytes)).toMatchObject({ kind: 'refused' });
    }),
    { numRuns: 2_000 },
  );
});
