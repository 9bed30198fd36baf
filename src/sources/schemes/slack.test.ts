import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import {
  faultPaths,
  noTimes,
  openScheme,
  refusedFor,
  VERIFIED,
  withByteChanged,
} from '../../../tests/support/open-scheme.ts';
import { slack } from './slack.ts';

// The example of Slack's page on verifying requests.
const KEY = '8f742231b10e8888abcd99yyyzzz85a5';
const SECONDS = 1_531_420_618;
const BODY = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
    '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
    '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
    '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const genuine = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

const clockAt = (seconds: number) => new ManualClock(undefined, seconds * 1_000);
const sign = (body: string | Buffer, time: string | number = SECONDS, key = KEY) =>
  `v0=${createHmac('sha256', key).update(`v0:${time}:`).update(body).digest('hex')}`;
const headersOf = (signature: string | string[] | undefined, time: string | number = SECONDS) => ({
  'x-slack-signature': signature,
  'x-slack-request-timestamp': String(time),
});
const open = openScheme(slack, { key: KEY }, { clock: clockAt(SECONDS) });
const signed = (body: string) => open(headersOf(sign(body)), body);

test("verifies the example of Slack's documentation, which has no id", () => {
  expect(open(headersOf(genuine), BODY)).toEqual(VERIFIED);
});

test('knows an event by its id', () => {
  expect(signed('{"type": "event_callback", "event_id": "Ev08MFMKH6"}')).toEqual({
    ...VERIFIED,
    messageId: 'Ev08MFMKH6',
  });
  expect(signed('{"type": "event_callback", "event_id": 8}')).toEqual(VERIFIED);
});

describe('url_verification', () => {
  const question = (challenge: unknown) =>
    JSON.stringify({ token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl', challenge, type: 'url_verification' });

  test('is answered with its challenge, once it is proved', () => {
    const challenge = '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P';
    expect(signed(question(challenge))).toMatchObject({
      kind: 'handshake',
      about: 'url_verification',
      answer: { status: 200, body: JSON.stringify({ challenge }) },
    });
    expect(open(headersOf(sign('other')), question(challenge))).toEqual(refusedFor('signature_mismatch'));
    expect(open({}, question(challenge))).toEqual(refusedFor('signature_missing'));
  });

  test('is answered as JSON whatever the challenge holds', () => {
    const challenge = '"},<script>\u2028\ud800\n';
    const answer = signed(question(challenge));
    if (answer instanceof Promise || answer.kind !== 'handshake') throw new Error('no handshake');
    expect(JSON.parse(answer.answer.body ?? '')).toEqual({ challenge });
  });

  test.each([
    ['too long', 'x'.repeat(1_025)],
    ['a number', 7],
    ['missing', undefined],
    ['an object', {}],
  ])('is a message like others when its challenge is %s', (_name, challenge) => {
    expect(signed(question(challenge))).toEqual(VERIFIED);
  });
});

test.each([
  [-301, 'refused'],
  [301, 'refused'],
  [-300, 'verified'],
  [300, 'verified'],
])('%i s after it was signed a request is %s', (seconds, kind) => {
  const at = openScheme(slack, { key: KEY }, { clock: clockAt(SECONDS + seconds) });
  expect(at(headersOf(genuine), BODY)).toMatchObject({ kind });
});

test.each(noTimes)('refuses a time in another form: %j', (time) => {
  expect(open(headersOf(sign(BODY, time), time), BODY)).toEqual(refusedFor('signature_malformed'));
});

test('refuses a signature over a changed body, another time or under another key', () => {
  fc.assert(
    fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
      expect(open(headersOf(genuine), withByteChanged(BODY, at, flips))).toEqual(
        refusedFor('signature_mismatch'),
      );
    }),
  );
  expect(open(headersOf(genuine, SECONDS + 1), BODY)).toEqual(refusedFor('signature_mismatch'));
  expect(open(headersOf(sign(BODY, SECONDS, `${KEY}0`)), BODY)).toEqual(refusedFor('signature_mismatch'));
});

test('takes either key while one replaces the other', () => {
  const both = openScheme(slack, { key: 'a'.repeat(32), previousKey: KEY }, { clock: clockAt(SECONDS) });
  expect(both(headersOf(genuine), BODY)).toEqual(VERIFIED);
  expect(both(headersOf(sign(BODY, SECONDS, 'a'.repeat(32))), BODY)).toEqual(VERIFIED);
});

test.each([
  ['missing', undefined, 'signature_missing'],
  ['empty', '', 'signature_missing'],
  ['sent twice', [genuine, genuine], 'signature_malformed'],
  ['in upper case', genuine.toUpperCase(), 'signature_malformed'],
  ['of another version', genuine.replace('v0', 'v1'), 'signature_malformed'],
  ['enormous', `v0=${'0'.repeat(16_000)}`, 'signature_malformed'],
])('refuses a signature that is %s', (_name, signature, reason) => {
  expect(open(headersOf(signature), BODY)).toEqual(refusedFor(reason));
});

test('needs a key', () => {
  expect(faultPaths('slack', {})).toEqual(['key']);
  expect(faultPaths('slack', { key: KEY, signature: { header: 'X' } })).toEqual(['signature']);
});
