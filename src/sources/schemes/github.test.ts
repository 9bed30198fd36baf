import { createHmac } from 'node:crypto';
import { sign, verify as verifyByLibrary } from '@octokit/webhooks-methods';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  faultPaths,
  openScheme,
  refusedFor,
  VERIFIED,
  withByteChanged,
} from '../../../tests/support/open-scheme.ts';
import { github } from './github.ts';

// Both, and the signature below, are in GitHub's page on validating deliveries.
const KEY = "It's a Secret to Everybody";
const BODY = Buffer.from('Hello, World!');
const genuine = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

const open = openScheme(github, { key: KEY });
const verify = (signature: string | string[] | undefined, body: string | Buffer = BODY) =>
  open({ 'x-hub-signature-256': signature }, body);

test("verifies the example of GitHub's documentation", () => {
  expect(verify(genuine)).toEqual(VERIFIED);
});

test("takes what GitHub's library signs, and signs what it takes", async () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 16 }), text, async (key, body) => {
      const asked = openScheme(github, { key });
      expect(asked({ 'x-hub-signature-256': await sign(key, body) }, body)).toEqual(VERIFIED);
      const ours = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
      expect(await verifyByLibrary(key, body, ours)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('knows a message by no header: whoever saw a request could change X-GitHub-Delivery', () => {
  const headers = {
    'x-hub-signature-256': genuine,
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  };
  expect(open(headers, BODY)).toEqual(VERIFIED);
});

test('takes either key while one replaces the other, and no third', () => {
  const both = openScheme(github, { key: 'the key of tomorrow', previousKey: KEY });
  const signed = (key: string) => `sha256=${createHmac('sha256', key).update(BODY).digest('hex')}`;
  expect(both({ 'x-hub-signature-256': genuine }, BODY)).toEqual(VERIFIED);
  expect(both({ 'x-hub-signature-256': signed('the key of tomorrow') }, BODY)).toEqual(VERIFIED);
  expect(both({ 'x-hub-signature-256': signed('') }, BODY)).toEqual(refusedFor('signature_mismatch'));
});

test('refuses a signature over a changed body, whichever bit of it', () => {
  fc.assert(
    fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
      expect(verify(genuine, withByteChanged(BODY, at, flips))).toEqual(refusedFor('signature_mismatch'));
    }),
  );
});

test('refuses any change of the signature', () => {
  fc.assert(
    fc.property(fc.nat(genuine.length - 1), fc.constantFrom(...'0fA=g \u0000é'), (at, character) => {
      const changed = genuine.slice(0, at) + character + genuine.slice(at + 1);
      expect(verify(changed)).toMatchObject({ kind: changed === genuine ? 'verified' : 'refused' });
    }),
  );
});

test.each([
  ['missing', undefined, 'signature_missing'],
  ['empty', '', 'signature_missing'],
  ['sent twice', [genuine, genuine], 'signature_malformed'],
  ['in upper case', genuine.toUpperCase(), 'signature_malformed'],
  ['without its prefix', genuine.slice(7), 'signature_malformed'],
  ['of SHA-1', `sha1=${'0'.repeat(40)}`, 'signature_malformed'],
  ['followed by a line break', `${genuine}\n`, 'signature_malformed'],
  ['enormous', `sha256=${'0'.repeat(16_000)}`, 'signature_malformed'],
])('refuses a signature that is %s', (_name, signature, reason) => {
  expect(verify(signature)).toEqual(refusedFor(reason));
});

test('needs a key of some length, and knows no tolerance', () => {
  expect(faultPaths('github', {})).toEqual(['key']);
  expect(faultPaths('github', { key: 'short' })).toEqual(['key']);
  expect(faultPaths('github', { key: KEY, previousKey: KEY })).toEqual(['previousKey']);
  expect(faultPaths('github', { key: KEY, tolerance: '5m' })).toEqual(['tolerance']);
});
