import { createHmac, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import {
  faultPaths,
  faultsOfScheme,
  noTimes,
  openScheme,
  refusedFor,
  withByteChanged,
} from '../../../tests/support/open-scheme.ts';
import { readWebhookKey, webhookSignature } from '../../targets/webhook-signature.ts';
import { standard } from './standard.ts';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const BODY = Buffer.from('{"test": 2432232314}');
const SECONDS = 1_614_265_330;

const clockAt = (seconds: number) => new ManualClock(undefined, seconds * 1_000);
const content = (id: string, time: string | number, body: Buffer) =>
  Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
const hmacOf = (id = ID, time: string | number = SECONDS, body = BODY, key = KEY) =>
  createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
    .update(content(id, time, body))
    .digest('base64');
const headersOf = (signature: string, id = ID, time: string | number = SECONDS) => ({
  'webhook-id': id,
  'webhook-timestamp': String(time),
  'webhook-signature': signature,
});
const genuine = `v1,${hmacOf()}`;

const pair = generateKeyPairSync('ed25519');
const publicText = (key: KeyObject) =>
  `whpk_${Buffer.from(String(key.export({ format: 'jwk' })['x']), 'base64url').toString('base64')}`;
const PUBLIC = publicText(pair.publicKey);
const publicSignature = (body = BODY, key = pair.privateKey) =>
  `v1a,${signWith(null, content(ID, SECONDS, body), key).toString('base64')}`;

const verify = openScheme(standard, { key: KEY }, { clock: clockAt(SECONDS) });
const VERIFIED = { kind: 'verified', messageId: ID };

test("verifies the vector of the specification's own libraries, with the signed id as the message's", () => {
  expect(genuine).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  expect(verify(headersOf(genuine), BODY)).toEqual(VERIFIED);
});

test('takes the older names of the same headers', () => {
  const headers = { 'svix-id': ID, 'svix-timestamp': String(SECONDS), 'svix-signature': genuine };
  expect(verify(headers, BODY)).toEqual(VERIFIED);
  expect(verify({ ...headers, 'webhook-signature': 'v1,' }, BODY)).toEqual(refusedFor('signature_missing'));
});

test("takes what the specification's library signs, and signs what it takes", () => {
  const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 });
  const now = Math.floor(Date.now() / 1_000);
  fc.assert(
    fc.property(bytes, fc.string({ unit: 'grapheme' }), fc.uuid(), (secret, text, id) => {
      const key = `whsec_${Buffer.from(secret).toString('base64')}`;
      const library = new Webhook(key);
      const body = JSON.stringify({ text });
      const theirs = library.sign(id, new Date(now * 1_000), body);
      const ours = `v1,${hmacOf(id, now, Buffer.from(body), key)}`;
      const open = openScheme(standard, { key }, { clock: clockAt(now) });
      expect(open(headersOf(theirs, id, now), body)).toEqual({ kind: 'verified', messageId: id });
      expect(library.verify(body, headersOf(ours, id, now))).toEqual({ text });
    }),
    { numRuns: 50 },
  );
});

test('takes what another Tocsin sends: its target `http` signs in the same way', () => {
  const keys = [readWebhookKey(OTHER), readWebhookKey(KEY)].filter((key) => key !== undefined);
  const sent = webhookSignature(keys, 'dlv_1', SECONDS, String(BODY));
  expect(verify(headersOf(sent, 'dlv_1'), BODY)).toEqual({ kind: 'verified', messageId: 'dlv_1' });
});

describe('of several signatures', () => {
  test('takes any that fits, wherever it stands, and passes over other versions', () => {
    const other = `v1,${hmacOf(ID, SECONDS, BODY, OTHER)}`;
    for (const list of [`${other} ${genuine}`, `${genuine} ${other}`, `v2,abc v1a,x ${genuine}`]) {
      expect(verify(headersOf(list), BODY)).toEqual(VERIFIED);
    }
    expect(verify(headersOf(other), BODY)).toEqual(refusedFor('signature_mismatch'));
  });

  test('refuses more than any sender has, without looking at them', () => {
    for (const many of [Array(17).fill(genuine), Array(5_000).fill('v1,a')]) {
      expect(verify(headersOf(many.join(' ')), BODY)).toEqual(refusedFor('signature_malformed'));
    }
  });

  test('takes either key while one replaces the other', () => {
    const both = openScheme(standard, { key: OTHER, previousKey: KEY }, { clock: clockAt(SECONDS) });
    expect(both(headersOf(genuine), BODY)).toEqual(VERIFIED);
    expect(both(headersOf(`v1,${hmacOf(ID, SECONDS, BODY, OTHER)}`), BODY)).toEqual(VERIFIED);
    const third = `v1,${hmacOf(ID, SECONDS, BODY, `whsec_${Buffer.alloc(24).toString('base64')}`)}`;
    expect(both(headersOf(third), BODY)).toEqual(refusedFor('signature_mismatch'));
  });
});

describe('with a public key', () => {
  const open = openScheme(standard, { key: PUBLIC }, { clock: clockAt(SECONDS) });

  test('takes ed25519 signatures, and none over a changed body or of another key', async () => {
    expect(await open(headersOf(publicSignature()), BODY)).toEqual(VERIFIED);
    expect(await open(headersOf(publicSignature()), `${String(BODY)} `)).toEqual(
      refusedFor('signature_mismatch'),
    );
    const other = generateKeyPairSync('ed25519');
    expect(await open(headersOf(publicSignature(BODY, other.privateKey)), BODY)).toEqual(
      refusedFor('signature_mismatch'),
    );
  });

  test('takes no HMAC, above all none under the text or the bytes of the public key', async () => {
    const bytes = Buffer.from(PUBLIC.slice(5), 'base64');
    for (const secret of [bytes, Buffer.from(PUBLIC), Buffer.from(PUBLIC.slice(5))]) {
      const forged = createHmac('sha256', secret)
        .update(content(ID, SECONDS, BODY))
        .digest('base64');
      expect(await open(headersOf(`v1,${forged}`), BODY)).toEqual(refusedFor('signature_malformed'));
    }
  });

  test('tries a few and refuses a header full of them', async () => {
    const none = `v1a,${Buffer.alloc(64).toString('base64')}`;
    expect(await open(headersOf(`${none} ${none} ${none} ${publicSignature()}`), BODY)).toEqual(VERIFIED);
    const full = [none, none, none, none, publicSignature()].join(' ');
    expect(await open(headersOf(full), BODY)).toEqual(refusedFor('signature_malformed'));
  });

  test('and a secret beside it takes both while a sender goes from one to the other', async () => {
    const both = openScheme(standard, { key: PUBLIC, previousKey: KEY }, { clock: clockAt(SECONDS) });
    expect(await both(headersOf(genuine), BODY)).toEqual(VERIFIED);
    expect(await both(headersOf(publicSignature()), BODY)).toEqual(VERIFIED);
    expect(
      await both(headersOf(`v1,${hmacOf(ID, SECONDS, BODY, OTHER)} ${publicSignature()}`), BODY),
    ).toEqual(VERIFIED);
  });
});

describe('the signed time', () => {
  test.each([
    [-301, 'timestamp_outside'],
    [301, 'timestamp_outside'],
    [-300, undefined],
    [300, undefined],
  ])('%i s from ours is judged by the tolerance of five minutes', (seconds, reason) => {
    const at = openScheme(standard, { key: KEY }, { clock: clockAt(SECONDS + seconds) });
    expect(at(headersOf(genuine), BODY)).toEqual(reason === undefined ? VERIFIED : refusedFor(reason));
  });

  test('is judged by the tolerance that is set', () => {
    const open = openScheme(standard, { key: KEY, tolerance: '1h' }, { clock: clockAt(SECONDS + 3_600) });
    expect(open(headersOf(genuine), BODY)).toEqual(VERIFIED);
  });

  test.each(noTimes)('is not taken in another form: %j', (time) => {
    const signature = `v1,${hmacOf(ID, time)}`;
    expect(verify(headersOf(signature, ID, time), BODY)).toEqual(refusedFor('signature_malformed'));
  });
});

test('refuses a signature over anything changed: body, id, time', () => {
  fc.assert(
    fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
      expect(verify(headersOf(genuine), withByteChanged(BODY, at, flips))).toEqual(
        refusedFor('signature_mismatch'),
      );
    }),
  );
  expect(verify(headersOf(genuine, `${ID}x`), BODY)).toEqual(refusedFor('signature_mismatch'));
  expect(verify(headersOf(genuine, ID, SECONDS + 1), BODY)).toEqual(refusedFor('signature_mismatch'));
});

test('refuses any change of the signature itself', () => {
  fc.assert(
    fc.property(fc.nat(genuine.length - 1), fc.constantFrom(...'0aA+/=,\u0000é '), (at, character) => {
      const changed = genuine.slice(0, at) + character + genuine.slice(at + 1);
      expect(verify(headersOf(changed), BODY)).toMatchObject({
        kind: changed === genuine ? 'verified' : 'refused',
      });
    }),
  );
});

test('refuses the same bytes cut into id, time and body in another way', () => {
  // A body that begins like a time: the signature fits, the reading must not.
  const body = Buffer.from(`${SECONDS}.{"a":1}`);
  const signature = `v1,${hmacOf('msg', SECONDS, body)}`;
  expect(verify(headersOf(signature, 'msg'), body)).toMatchObject({ kind: 'verified' });
  const moved = headersOf(signature, `msg.${SECONDS}`);
  expect(verify(moved, '{"a":1}')).toEqual(refusedFor('signature_malformed'));
});

test.each([
  ['webhook-id', 'missing', undefined, 'signature_missing'],
  ['webhook-id', 'empty', '', 'signature_missing'],
  ['webhook-id', 'sent twice', [ID, ID], 'signature_malformed'],
  ['webhook-id', 'too long', 'x'.repeat(257), 'signature_malformed'],
  ['webhook-id', 'no word', 'an id', 'signature_malformed'],
  ['webhook-timestamp', 'missing', undefined, 'signature_missing'],
  ['webhook-timestamp', 'sent twice', [String(SECONDS), String(SECONDS)], 'signature_malformed'],
  ['webhook-signature', 'missing', undefined, 'signature_missing'],
  ['webhook-signature', 'an empty list', [], 'signature_missing'],
  ['webhook-signature', 'a version without a signature', 'v1,', 'signature_malformed'],
  ['webhook-signature', 'cut short', genuine.slice(0, 8), 'signature_malformed'],
  ['webhook-signature', 'enormous', 'a'.repeat(16_000), 'signature_malformed'],
])('refuses a request whose %s is %s', (name, _is, value, reason) => {
  expect(verify({ ...headersOf(genuine), [name]: value }, BODY)).toEqual(refusedFor(reason));
});

describe('the settings', () => {
  test.each([
    ['no key', {}],
    ['a secret that is too short', { key: 'whsec_c2hvcnQ=' }],
    ['the key that the sender signs with', { key: `whsk_${Buffer.alloc(64).toString('base64')}` }],
    ['a public key of another size', { key: `whpk_${Buffer.alloc(31).toString('base64')}` }],
    ['text that is no base64', { key: 'whsec_not base64 at all, is it?' }],
  ])('with %s are at fault', (_name, settings) => {
    expect(faultPaths('standard', settings)).toEqual(['key']);
  });

  test('may leave out the prefix of a secret', () => {
    expect(faultPaths('standard', { key: KEY.slice(6), previousKey: PUBLIC })).toEqual([]);
  });

  test('are not quoted in a fault', () => {
    const [fault] = faultsOfScheme('standard', { key: 'whsec_hush-hush' });
    expect(JSON.stringify(fault)).not.toContain('hush');
  });
});
