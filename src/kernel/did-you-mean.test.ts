import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

const fields = ['source', 'type', 'severity', 'title', 'subject.kind', 'subject.id', 'internal'];

describe('didYouMean', () => {
  it.each([
    ['severty', 'severity'],
    ['serverity', 'severity'],
    ['Severity', 'severity'],
    ['tpye', 'type'],
    ['subject.idd', 'subject.id'],
    ['intrenal', 'internal'],
  ])('takes %s for %s', (word, meant) => {
    expect(didYouMean(word, fields)).toBe(meant);
  });

  it.each(['', 'colour', 'x', 'ty', 'observables'])('has no suggestion for "%s"', (word) => {
    expect(didYouMean(word, fields)).toBeUndefined();
  });

  it('prefers the closest candidate, and of equals the first', () => {
    expect(didYouMean('slack-ob', ['slack-ops', 'slack-on', 'slack-oz'])).toBe('slack-on');
  });

  it('finds the candidate behind any single slip', () => {
    const slip = fc
      .tuple(fc.constantFrom(...fields), fc.nat(), fc.constantFrom('drop', 'add', 'change'))
      .map(([name, seed, how]) => {
        const place = seed % name.length;
        const tail = name.slice(how === 'add' ? place : place + 1);
        return { name, word: name.slice(0, place) + (how === 'drop' ? '' : '#') + tail };
      });
    fc.assert(fc.property(slip, ({ name, word }) => didYouMean(word, fields) === name));
  });

  it('gives up on a word that is too long instead of comparing it', () => {
    expect(didYouMean('severity'.repeat(100_000), fields)).toBeUndefined();
  });
});
