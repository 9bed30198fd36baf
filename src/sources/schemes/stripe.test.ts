import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { Stripe } from 'stripe';
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
import { stripe } from './stripe.ts';

const KEY = 'whsec_a-secret-of-the-tests';
const OTHER = 'whsec_another-of-the-tests';
const SECONDS = 1_767_225_600;
const BODY = Buffer.from('{"id": "evt_1NG8Du2eZvKYlo2CUI79vXWy", "object": "event"}');
const KNOWN = { ...VERIFIED, messageId: 'evt_1NG8Du2eZvKYlo2CUI79vXWy' };

const { webhooks } = new Stripe('a key that no request is made with');
const clockAt = (seconds: number) => new ManualClock(undefined, seconds * 1_000);
const hex = (body: string | Buffer = BODY, key = KEY, time: string | number = SECONDS) =>
  createHmac('sha256', key).update(`${time}.`).update(body).digest('hex');
const genuine = `t=${SECONDS},v1=${hex()}`;
const open = openScheme(stripe, { key: KEY }, { clock: clockAt(SECONDS) });
const verify = (signature: string | string[] | undefined, body: string | Buffer = BODY) =>
  open({ 'stripe-signature': signature }, body);

test("takes what Stripe's library signs, and signs what it takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const payload = JSON.stringify({ id: 'evt_1', text });
      const theirs = webhooks.generateTestHeaderString({ payload, secret: KEY, timestamp: SECONDS });
      expect(verify(theirs, payload)).toEqual({ ...VERIFIED, messageId: 'evt_1' });
      const ours = `t=${SECONDS},v1=${hex(payload)}`;
      const event: unknown = webhooks.constructEvent(payload, ours, KEY, 300, undefined, SECONDS * 1_000);
      expect(event).toEqual({ id: 'evt_1', text });
    }),
    { numRuns: 50 },
  );
});

describe('a message is known by', () => {
  test("its event's id, whatever the attempt's time", () => {
    expect(verify(genuine)).toEqual(KNOWN);
    expect(verify(`t=${SECONDS + 60},v1=${hex(BODY, KEY, SECONDS + 60)}`)).toEqual(KNOWN);
  });

  test.each(['[]', '{}', '{"id": 7}', '{"id": ""}', 'no JSON', `{"id": "${'x'.repeat(257)}"}`, ''])(
    'its text when it has none: %s',
    (body) => {
      expect(verify(`t=${SECONDS},v1=${hex(body)}`, body)).toEqual(VERIFIED);
    },
  );
});

describe('the header', () => {
  test('may hold several signatures, other versions and blanks, in any order', () => {
    const other = hex(BODY, OTHER);
    for (const header of [
      `t=${SECONDS},v1=${other},v1=${hex()}`,
      `v1=${hex()},t=${SECONDS}`,
      `t=${SECONDS}, v0=${other}, v1=${hex()}`,
      `t=${SECONDS},v1=,v1=short,v1=${hex()}`,
    ]) {
      expect(verify(header), header).toEqual(KNOWN);
    }
    expect(verify(`t=${SECONDS},v1=${other}`)).toEqual(refusedFor('signature_mismatch'));
  });

  test.each([
    ['missing', undefined, 'signature_missing'],
    ['empty', '', 'signature_missing'],
    ['sent twice', [genuine, genuine], 'signature_malformed'],
    ['without a time', `v1=${hex()}`, 'signature_malformed'],
    ['with two times', `t=${SECONDS},t=1,v1=${hex()}`, 'signature_malformed'],
    ['without a signature', `t=${SECONDS}`, 'signature_malformed'],
    ['with the old version alone', `t=${SECONDS},v0=${hex()}`, 'signature_malformed'],
    ['with a signature in upper case', `t=${SECONDS},v1=${hex().toUpperCase()}`, 'signature_malformed'],
    ['with thousands of signatures', `t=${SECONDS}${`,v1=${hex()}`.repeat(5_000)}`, 'signature_malformed'],
    ['with more than a few', `t=${SECONDS}${`,v1=${hex()}`.repeat(16)}`, 'signature_malformed'],
    ['enormous', 'a'.repeat(16_000), 'signature_malformed'],
  ])('is refused when it is %s', (_name, header, reason) => {
    expect(verify(header)).toEqual(refusedFor(reason));
  });

  test.each(noTimes)('is refused with a time in another form: %j', (time) => {
    expect(verify(`t=${time},v1=${hex(BODY, KEY, time)}`)).toMatchObject({ kind: 'refused' });
  });
});

test.each([
  [-301, 'refused'],
  [301, 'refused'],
  [-300, 'verified'],
  [300, 'verified'],
])('%i s after it was signed a request is %s', (seconds, kind) => {
  const at = openScheme(stripe, { key: KEY }, { clock: clockAt(SECONDS + seconds) });
  expect(at({ 'stripe-signature': genuine }, BODY)).toMatchObject({ kind });
});

test('takes either key while one replaces the other', () => {
  const both = openScheme(stripe, { key: OTHER, previousKey: KEY }, { clock: clockAt(SECONDS) });
  for (const key of [KEY, OTHER]) {
    expect(both({ 'stripe-signature': `t=${SECONDS},v1=${hex(BODY, key)}` }, BODY)).toEqual(KNOWN);
  }
});

test('refuses a signature over a changed body or another time', () => {
  fc.assert(
    fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
      expect(verify(genuine, withByteChanged(BODY, at, flips))).toEqual(refusedFor('signature_mismatch'));
    }),
  );
  expect(verify(`t=${SECONDS + 1},v1=${hex()}`)).toEqual(refusedFor('signature_mismatch'));
});

test('takes the signing secret of an endpoint only, not an API key', () => {
  expect(faultPaths('stripe', { key: KEY })).toEqual([]);
  for (const key of ['an API key, which begins with sk', 'whsec_', 'whsec_short']) {
    expect(faultPaths('stripe', { key })).toEqual(['key']);
  }
});
