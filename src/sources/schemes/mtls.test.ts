import { expect, test } from 'vitest';
import { faultPaths, openScheme, refusedFor, VERIFIED } from '../../../tests/support/open-scheme.ts';
import { mtls } from './mtls.ts';

const ONE = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const asOpenSslPrints = ONE.toUpperCase().replaceAll(/..(?!$)/g, '$&:');

test('takes any certificate of the authority where none is named', () => {
  const open = openScheme(mtls, {});
  expect(open({}, '', ONE)).toEqual(VERIFIED);
  expect(open({}, '', OTHER)).toEqual(VERIFIED);
});

test('takes only those that are named, however their fingerprint is written', () => {
  for (const certificates of [[ONE], [ONE.toUpperCase()], [asOpenSslPrints]]) {
    const open = openScheme(mtls, { certificates });
    expect(open({}, '', ONE)).toEqual(VERIFIED);
    expect(open({}, '', OTHER)).toEqual(refusedFor('certificate_refused'));
  }
});

test('believes the connection alone: no header stands for a certificate', () => {
  const claims = {
    'x-forwarded-client-cert': `Hash=${ONE}`,
    'x-ssl-client-verify': 'SUCCESS',
    'x-ssl-client-fingerprint': ONE,
    'ssl-client-verify': 'SUCCESS',
    'x-client-cert': 'x',
  };
  expect(openScheme(mtls, { certificates: [ONE] })(claims, '{}')).toEqual(refusedFor('certificate_missing'));
});

test('knows no key', () => {
  expect(faultPaths('mtls', { key: 'a-key-that-nobody-reads' })).toEqual(['key']);
});
