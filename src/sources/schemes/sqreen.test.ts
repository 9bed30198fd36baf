import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signatureVectors } from '../../../tests/support/sqreen-samples.ts';
import { signatureVerifier } from './sqreen.ts';

const VERIFIED = { kind: 'verified' };
const refused = (reason: string) => ({ kind: 'refused', reason });
const KEY = 'key of the tests';
const BODY = Buffer.from('[{"a": "é"}]');
const sign = (key: string, body: Buffer) => createHmac('sha256', key).update(body).digest('hex');
const verify = (signature: string | string[] | undefined, body = BODY, keys: readonly string[] = [KEY]) =>
  signatureVerifier(keys)({
    headers: { 'x-sqreen-integrity': signature },
    body,
    clientCertificate: undefined,
  });

describe.each(signatureVectors())('the vector "$name"', ({ key, body, signature }) => {
  test('is verified with its key', () => {
    expect(verify(signature, Buffer.from(body), [key])).toEqual(VERIFIED);
  });
  test('is refused with another key', () => {
    expect(verify(signature, Buffer.from(body), [`${key}0`])).toEqual(refused('signature_mismatch'));
  });
  test('is refused in upper case', () => {
    expect(verify(signature.toUpperCase(), Buffer.from(body), [key])).toEqual(refused('signature_malformed'));
  });
});

test('takes a key that looks like hex as text', () => {
  const hexKey = 'ab'.repeat(32);
  const asBytes = createHmac('sha256', Buffer.from(hexKey, 'hex')).update(BODY).digest('hex');
  expect(verify(sign(hexKey, BODY), BODY, [hexKey])).toEqual(VERIFIED);
  expect(verify(asBytes, BODY, [hexKey])).toEqual(refused('signature_mismatch'));
});

test('takes the UTF-8 of a key that is not ASCII', () => {
  expect(verify(sign('clé 😀', BODY), BODY, ['clé 😀'])).toEqual(VERIFIED);
});

test('takes the old and the new key while one replaces the other, and no third', () => {
  const keys = ['new', 'old'];
  expect(verify(sign('new', BODY), BODY, keys)).toEqual(VERIFIED);
  expect(verify(sign('old', BODY), BODY, keys)).toEqual(VERIFIED);
  expect(verify(sign('other', BODY), BODY, keys)).toEqual(refused('signature_mismatch'));
});

const genuine = sign(KEY, BODY);

test.each([
  ['missing', undefined, 'signature_missing'],
  ['empty', '', 'signature_missing'],
  ['an empty list', [], 'signature_missing'],
  ['sent twice', [genuine, genuine], 'signature_malformed'],
  ['sent twice and joined', `${genuine}, ${genuine}`, 'signature_malformed'],
  ['in upper case', genuine.toUpperCase(), 'signature_malformed'],
  ['prefixed', `sha256=${genuine}`, 'signature_malformed'],
  ['between blanks', ` ${genuine}`, 'signature_malformed'],
  ['followed by a line break', `${genuine}\n`, 'signature_malformed'],
  ['too short', genuine.slice(1), 'signature_malformed'],
  ['too long', `${genuine}0`, 'signature_malformed'],
  ['not ASCII', `é${genuine.slice(1)}`, 'signature_malformed'],
  ['in full-width digits', '０'.repeat(64), 'signature_malformed'],
  ['base64', Buffer.from(genuine, 'hex').toString('base64'), 'signature_malformed'],
])('refuses a signature that is %s', (_name, signature, reason) => {
  expect(verify(signature)).toEqual(refused(reason));
});

test('refuses a signature over a changed body, whichever bit of it', () => {
  fc.assert(
    fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
      const altered = Buffer.from(BODY);
      altered.writeUInt8(BODY.readUInt8(at) ^ flips, at);
      expect(verify(genuine, altered)).toEqual(refused('signature_mismatch'));
    }),
  );
});

test('refuses a signature over a body cut short, extended or written anew', () => {
  expect(verify(genuine, BODY.subarray(1))).toEqual(refused('signature_mismatch'));
  expect(verify(genuine, Buffer.concat([BODY, Buffer.from('\n')]))).toEqual(refused('signature_mismatch'));
  expect(verify(genuine, Buffer.from('[{"a":"é"}]'))).toEqual(refused('signature_mismatch'));
});

test('refuses a signature with any character changed', () => {
  fc.assert(
    fc.property(fc.nat(63), fc.constantFrom(...'0123456789abcdefABCDEFg \u0000'), (at, character) => {
      const altered = genuine.slice(0, at) + character + genuine.slice(at + 1);
      expect(verify(altered)).toMatchObject({ kind: altered === genuine ? 'verified' : 'refused' });
    }),
  );
});
