import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSms, smsSegments } from './sms-text.ts';

const gsm = fc.constantFrom(...'abcXYZ 019@£éàÅΔ\n', ...'{}[]~|^\\€');
const any = fc.oneof(
  gsm,
  fc.constantFrom('ç', '漢', 'я', '🚨', '👩‍🚀', '🇫🇷', 'e\u0301'),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);
const texts = fc.oneof(
  fc.array(gsm, { maxLength: 900 }).map((chars) => chars.join('')),
  fc.array(any, { maxLength: 400 }).map((chars) => chars.join('')),
  // Plain for long, and then not.
  fc
    .tuple(fc.array(gsm, { maxLength: 500 }), fc.array(any, { maxLength: 200 }))
    .map(([a, b]) => [...a, ...b].join('')),
);

describe('smsSegments', () => {
  it.each([
    ['', 'gsm7', 1],
    ['a'.repeat(160), 'gsm7', 1],
    ['a'.repeat(161), 'gsm7', 2],
    ['a'.repeat(306), 'gsm7', 2],
    ['a'.repeat(307), 'gsm7', 3],
    ['€'.repeat(80), 'gsm7', 1],
    ['€'.repeat(81), 'gsm7', 2],
    // 76 pairs to a segment of 153: the odd septet stays empty, for a pair is not split.
    ['€'.repeat(152), 'gsm7', 2],
    ['€'.repeat(153), 'gsm7', 3],
    [`${'a'.repeat(152)}€${'a'.repeat(151)}`, 'gsm7', 2],
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 3],
    ['ç'.repeat(70), 'ucs2', 1],
    ['ç'.repeat(71), 'ucs2', 2],
    ['ç'.repeat(134), 'ucs2', 2],
    ['ç'.repeat(135), 'ucs2', 3],
    ['🚨'.repeat(35), 'ucs2', 1],
    ['🚨'.repeat(36), 'ucs2', 2],
    // 33 pairs to a segment of 67.
    ['🚨'.repeat(66), 'ucs2', 2],
    ['🚨'.repeat(67), 'ucs2', 3],
    ['`', 'ucs2', 1],
  ])('counts %.12j… in %s as %d', (text, encoding, segments) => {
    expect(smsSegments(text)).toEqual({ encoding, segments });
  });
});

describe('fitSms', () => {
  it('leaves a text alone that fits', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), (text, max) => {
        fc.pre(smsSegments(text).segments <= max);
        return fitSms(text, max) === text;
      }),
    );
  });

  it('keeps within the segments, ends in a mark, and begins as the text does', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), (text, max) => {
        const fitted = fitSms(text, max);
        expect(smsSegments(fitted).segments).toBeLessThanOrEqual(max);
        if (fitted === text) return;
        const kept = fitted.replace(/(?:\.\.\.|…)$/, '');
        expect(kept).not.toBe(fitted);
        expect(text.startsWith(kept)).toBe(true);
      }),
    );
  });

  it('cuts between characters as people see them', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(texts, (text) => {
        const kept = fitSms(text, 1).replace(/(?:\.\.\.|…)$/, '');
        const starts = new Set([...segmenter.segment(text)].map(({ index }) => index).concat(text.length));
        return starts.has(kept.length);
      }),
    );
  });

  it('wastes less than one character of the room there is', () => {
    expect(fitSms('a'.repeat(200), 1)).toBe(`${'a'.repeat(157)}...`);
    expect(fitSms('ç'.repeat(200), 1)).toBe(`${'ç'.repeat(69)}…`);
    expect(fitSms('a'.repeat(500), 2)).toBe(`${'a'.repeat(303)}...`);
  });

  it('keeps the tail whole behind the mark, or leaves it out where few words would stand before it', () => {
    const tails = fc.constantFrom(
      '\nhttps://tocsin.example/m/x',
      `\nhttps://a.example/${'y'.repeat(150)}`,
      '\nя',
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), tails, (text, max, tail) => {
        const fitted = fitSms(text, max, tail);
        expect(smsSegments(fitted).segments).toBeLessThanOrEqual(max);
        if (fitted === text + tail) return;
        if (!fitted.endsWith(tail)) {
          expect(fitted).toBe(fitSms(text, max));
          return;
        }
        const kept = fitted.slice(0, -tail.length).replace(/(?:\.\.\.|…)$/, '');
        expect(kept.length).toBeGreaterThanOrEqual(20);
        expect(kept.length).toBeLessThan(fitted.length - tail.length);
        expect(text.startsWith(kept)).toBe(true);
      }),
    );
    expect(fitSms('a'.repeat(200), 1, `\n${'b'.repeat(99)}`)).toBe(`${'a'.repeat(57)}...\n${'b'.repeat(99)}`);
    expect(fitSms('a'.repeat(200), 1, `\n${'b'.repeat(149)}`)).toBe(`${'a'.repeat(157)}...`);
  });

  it('stays in the wide alphabet for plain text when a wide character lies behind the cut', () => {
    expect(fitSms(`${'a'.repeat(200)}🚨`, 1)).toBe(`${'a'.repeat(157)}...`);
    expect(fitSms(`${'a'.repeat(10)}🚨${'b'.repeat(200)}`, 1)).toBe(`${'a'.repeat(10)}🚨${'b'.repeat(57)}…`);
  });

  it('takes apart what pretends to be one character', () => {
    const tower = `a${'\u0301'.repeat(10_000)}`;
    expect(fitSms(tower, 1)).toHaveLength(70);
  });
});
