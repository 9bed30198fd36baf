import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sealer } from '../../src/kernel/seal.ts';

const sealer = new Sealer('a-master-key-of-the-test', 'purpose');
const sealed = sealer.seal('what nobody may read', 'context');

test('whatever is sealed opens under the same key, purpose and context', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      expect(sealer.open(sealer.seal(plain, context), context)).toBe(plain);
    }),
  );
});

test('does not open under another key, another purpose or another context', () => {
  expect(new Sealer('another-master-key', 'purpose').open(sealed, 'context')).toBeUndefined();
  expect(new Sealer('a-master-key-of-the-test', 'other').open(sealed, 'context')).toBeUndefined();
  expect(sealer.open(sealed, 'contexts')).toBeUndefined();
});

test('what the key before sealed opens, until that key is left out, and what is new is sealed under the new one', () => {
  const both = new Sealer(['a-new-master-key', 'a-master-key-of-the-test', 'one-still-older'], 'purpose');
  expect(both.open(sealed, 'context')).toBe('what nobody may read');
  expect(both.open(sealed, 'contexts')).toBeUndefined();
  expect(both.isCurrent(sealed, 'context')).toBe(false);
  const anew = both.seal('what nobody may read', 'context');
  expect(both.isCurrent(anew, 'context')).toBe(true);
  expect(new Sealer('a-new-master-key', 'purpose').open(anew, 'context')).toBe('what nobody may read');
  expect(sealer.open(anew, 'context')).toBeUndefined();
});

test('does not open with any one bit changed, nor cut short, nor lengthened', () => {
  const raw = Buffer.from(sealed, 'base64');
  for (let bit = 0; bit < raw.length * 8; bit++) {
    const altered = Buffer.from(raw);
    altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(sealer.open(altered.toString('base64'), 'context'), `bit ${bit}`).toBeUndefined();
  }
  for (let length = 0; length < raw.length; length++) {
    expect(
      sealer.open(raw.subarray(0, length).toString('base64'), 'context'),
      `${length} bytes`,
    ).toBeUndefined();
  }
  expect(sealer.open(Buffer.concat([raw, Buffer.of(0)]).toString('base64'), 'context')).toBeUndefined();
});

test('whatever else is given instead does not open and does not throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sealer.open(text, 'context')).toBeUndefined();
    }),
  );
});

test('the same text sealed twice shows no likeness', () => {
  const again = sealer.seal('what nobody may read', 'context');
  expect(again).not.toBe(sealed);
  expect(sealed).not.toContain(Buffer.from('nobody').toString('base64'));
});
