import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultPaths, openScheme, refusedFor, VERIFIED } from '../../../tests/support/open-scheme.ts';
import { bearer } from './bearer.ts';

const KEY = 'a-token-of-the-tests';
const open = openScheme(bearer, { key: KEY });
const verify = (authorization: string | string[] | undefined) => open({ authorization });
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('Authorization', () => {
  test.each([`Bearer ${KEY}`, `bearer ${KEY}`, `BEARER   ${KEY}`])('is taken as %j', (authorization) => {
    expect(verify(authorization)).toEqual(VERIFIED);
  });

  test('is taken as Basic with the token as the password, whoever the user is', () => {
    for (const user of ['', 'alertmanager', 'é']) expect(verify(basic(user, KEY))).toEqual(VERIFIED);
    const open = openScheme(bearer, { key: 'with:colons:in-it' });
    expect(open({ authorization: basic('user', 'with:colons:in-it') })).toEqual(VERIFIED);
  });

  test.each([
    ['missing', undefined, 'signature_missing'],
    ['empty', '', 'signature_missing'],
    ['without a scheme', KEY, 'signature_malformed'],
    ['without a token', 'Bearer ', 'signature_malformed'],
    ['another token', `Bearer ${KEY}x`, 'signature_mismatch'],
    ['a beginning of the token', `Bearer ${KEY.slice(0, -1)}`, 'signature_mismatch'],
    ['the token in another case', `Bearer ${KEY.toUpperCase()}`, 'signature_mismatch'],
    ['the token and more', `Bearer ${KEY} ${KEY}`, 'signature_malformed'],
    ['sent twice', [`Bearer ${KEY}`, `Bearer ${KEY}`], 'signature_malformed'],
    ['Basic with the token as the user', basic(KEY, ''), 'signature_mismatch'],
    ['Basic without a colon', `Basic ${Buffer.from(KEY).toString('base64')}`, 'signature_malformed'],
    ['Basic that is no base64', 'Basic {}', 'signature_malformed'],
    ['another scheme', `Digest ${KEY}`, 'signature_malformed'],
    ['enormous', `Bearer ${'a'.repeat(16_000)}`, 'signature_mismatch'],
  ])('is refused when it is %s', (_name, authorization, reason) => {
    expect(verify(authorization)).toEqual(refusedFor(reason));
  });
});

describe('a header of the settings', () => {
  test('holds the token behind its prefix, and Authorization counts no more', () => {
    const open = openScheme(bearer, { key: KEY, signature: { header: 'X-Api-Key', prefix: 'Token ' } });
    expect(open({ 'x-api-key': `Token ${KEY}` })).toEqual(VERIFIED);
    expect(open({ 'x-api-key': KEY })).toEqual(refusedFor('signature_malformed'));
    expect(open({ authorization: `Bearer ${KEY}` })).toEqual(refusedFor('signature_missing'));
  });

  test('holds it alone where there is no prefix', () => {
    const open = openScheme(bearer, { key: KEY, signature: { header: 'X-Gitlab-Token' } });
    expect(open({ 'x-gitlab-token': KEY })).toEqual(VERIFIED);
    expect(open({ 'x-gitlab-token': ` ${KEY}` })).toEqual(refusedFor('signature_mismatch'));
  });
});

test('takes a token that is not ASCII as its UTF-8, the way it is sent', () => {
  const open = openScheme(bearer, { key: 'un jeton très secret', signature: { header: 'x-token' } });
  const sent = Buffer.from('un jeton très secret').toString('latin1');
  expect(open({ 'x-token': sent })).toEqual(VERIFIED);
});

test('takes either token while one replaces the other, and no third', () => {
  const both = openScheme(bearer, { key: 'the token of tomorrow'.replaceAll(' ', '-'), previousKey: KEY });
  expect(both({ authorization: `Bearer ${KEY}` })).toEqual(VERIFIED);
  expect(both({ authorization: 'Bearer the-token-of-tomorrow' })).toEqual(VERIFIED);
  expect(both({ authorization: 'Bearer the-token-of-yesterday' })).toEqual(refusedFor('signature_mismatch'));
});

test('refuses every text that is not the token', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      for (const authorization of [text, `Bearer ${text}`, basic('', text)]) {
        expect(verify(authorization)).toMatchObject({ kind: 'refused' });
      }
    }),
  );
});

test('knows nothing of what only an HMAC has', () => {
  expect(faultPaths('bearer', { key: KEY, signature: { header: 'x', prefix: 'y' } })).toEqual([]);
  expect(faultPaths('bearer', { key: KEY, signature: { header: 'x', algorithm: 'sha256' } })).toEqual([
    'signature.algorithm',
  ]);
  expect(faultPaths('bearer', { key: KEY, tolerance: '5m', topics: ['x'] })).toEqual(['tolerance', 'topics']);
  expect(faultPaths('bearer', { key: 'short' })).toEqual(['key']);
});
