import { expect, test } from 'vitest';
import { decodeUtf8 } from './utf8.ts';

test('gives the text of valid UTF-8', () => {
  expect(decodeUtf8(Buffer.from('aé€😀'))).toBe('aé€😀');
  expect(decodeUtf8(Buffer.alloc(0))).toBe('');
});

test('keeps a byte order mark as a character', () => {
  expect(decodeUtf8(Buffer.from([0xef, 0xbb, 0xbf, 0x5b]))).toBe('\ufeff[');
});

test.each([
  ['a lone continuation byte', [0x80]],
  ['a cut sequence', [0xe2, 0x82]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an encoded surrogate', [0xed, 0xa0, 0x80]],
  ['a code point beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['Latin-1', [0x63, 0xe9]],
])('refuses %s', (_name, bytes) => {
  expect(decodeUtf8(Buffer.from(bytes))).toBeUndefined();
});
