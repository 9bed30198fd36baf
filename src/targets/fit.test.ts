import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, escapeMarkdown } from './escape.ts';
import { fit, fitLines, inBytes, inUnits } from './fit.ts';

const asIs = (text: string): string => text;
const escapes = fc.constantFrom(asIs, escapeHtml, escapeMarkdown);
const sizes = fc.constantFrom(inUnits, inBytes);
const words = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('<&>"', '*_`', '🚨攻'));

describe('fit', () => {
  it('leaves alone what fits', () => {
    expect(fit('a<b', 6, escapeHtml)).toBe('a&lt;b');
    expect(fit('', 10)).toBe('');
  });

  it('cuts between characters, never in an escape', () => {
    expect(fit('a<b', 5, escapeHtml)).toBe('a…');
    expect(fit('a🚨b', 3)).toBe('a…');
    expect(fit('攻攻攻', 8, asIs, inBytes)).toBe('攻…');
  });

  it('keeps its limit, whatever the text, the escape and the measure', () => {
    const long = fc.tuple(words, fc.nat(60)).map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(long, fc.integer({ min: 3, max: 200 }), escapes, sizes, (text, max, escape, sizeOf) => {
        const fitted = fit(text, max, escape, sizeOf);
        return sizeOf(fitted) <= max && (fitted.endsWith('…') || fitted === escape(text));
      }),
    );
  });
});

describe('fit with a mark of its own', () => {
  it('ends in the mark, within the limit, in half a character never', () => {
    const long = fc.tuple(words, fc.nat(60)).map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(long, fc.integer({ min: 12, max: 200 }), escapes, (text, max, escape) => {
        const fitted = fit(text, max, escape, inUnits, '… [cut]');
        if (fitted === escape(text)) return fitted.length <= max;
        const kept = fitted.slice(0, -'… [cut]'.length);
        const isHalved = /[\ud800-\udbff]$/.test(kept) && !/[\ud800-\udbff](?![\udc00-\udfff])/.test(text);
        return fitted.length <= max && fitted.endsWith('… [cut]') && !isHalved;
      }),
    );
  });
});

describe('fitLines', () => {
  it('is the parts, a line each', () => {
    expect(fitLines({ head: 'h', lines: ['a', '', 'b'], tail: 't' }, 100)).toBe('h\na\n\nb\nt');
    expect(fitLines({ head: '', lines: ['a'], tail: '' }, 100)).toBe('a');
  });

  it('says that lines are missing, and keeps head and tail whole', () => {
    const lines = Array.from({ length: 9 }, (_, index) => `line ${index} is here`);
    const text = fitLines({ head: 'head', lines, tail: 'tail' }, 60);
    expect(text.split('\n').slice(-2)).toEqual(['…', 'tail']);
    expect(text).toMatch(/^head\nline 0 is here\n/);
  });

  it('keeps its limit, whatever the lines', () => {
    const lines = fc.array(
      fc.tuple(words, fc.nat(30)).map(([text, times]) => text.repeat(times)),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 60, max: 600 }), escapes, sizes, (given, max, escape, sizeOf) => {
        const parts = { head: '<b>head</b>', lines: given, tail: 'tail' };
        return sizeOf(fitLines(parts, max, escape, sizeOf)) <= max;
      }),
    );
  });
});
