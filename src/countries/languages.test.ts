import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Languages, namesIn } from './languages.ts';

const choose = (header: string | undefined): string => new Languages().of(header);

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR', 'fr'],
    ['fr-CA', 'fr-CA'],
    ['fr-FR', 'fr-FR'],
    ['fr-XX', 'fr'],
    ['fr-Latn-FR', 'fr'],
    ['fr-x-nonsense', 'fr'],
    ['de-DE-u-co-phonebk', 'de-DE'],
    ['en-GB', 'en'],
    ['en-US,en;q=0.9,fr;q=0.8', 'en'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr-CH'],
    ['de;q=0.5,es;q=0.8', 'es'],
    ['de;q=0.5, es;q=0.5', 'de'],
    ['de ; q=0.1 , es', 'es'],
    ['*', 'en'],
    ['*;q=0.1, fr', 'fr'],
    ['*, fr;q=0.5', 'en'],
    ['fr;q=0', 'en'],
    ['fr;q=0.000, es;q=0.001', 'es'],
    ['zh', 'zh'],
    ['zh-Hant', 'zh-Hant'],
    // Of older names what they are called now.
    ['iw', 'he'],
  ])('of %j is %s', (header, language) => {
    expect(choose(header)).toBe(language);
  });

  it.each([
    'xx',
    'q=1',
    ';;;,,,',
    'fr;q=2',
    'fr;q=-1',
    'fr;q=1.5',
    'fr;q=0.1234',
    'fr;level=1',
    'f r',
    'fr_FR',
    '../../etc/passwd',
    'i-klingon',
    'und',
    'root',
    '%00',
    '__proto__',
    'français',
  ])('of the nonsense %j is English', (header) => {
    expect(choose(header)).toBe('en');
  });

  it('passes over what is malformed and takes the rest', () => {
    expect(choose('fr;q=2, nonsense;;, es;q=0.3')).toBe('es');
  });

  it('is looked for among the first dozen only', () => {
    expect(choose(`${'xx,'.repeat(11)}fr`)).toBe('fr');
    expect(choose(`${'xx,'.repeat(12)}fr`)).toBe('en');
  });

  it('comes back at once for the largest header that there can be', () => {
    for (const part of ['a-', 'fr;', ' ', ',', 'fr;q=0.', 'aa-bbbb-', '\t;']) {
      expect(choose(part.repeat(16_384 / part.length))).toMatch(/^(?:en|fr)$/);
    }
  });
});

test('whatever a client sends, the language is one that has names', () => {
  const languages = new Languages();
  const tag = fc.oneof(
    fc.stringMatching(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/),
    fc.stringMatching(/^[ -~]{0,40}$/),
  );
  const header = fc.array(tag, { maxLength: 20 }).map((tags) => tags.join(', '));
  fc.assert(
    fc.property(header, (text) => {
      const language = languages.of(text);
      expect(language).toBe(new Intl.DisplayNames(language, { type: 'region' }).resolvedOptions().locale);
      expect(namesIn(language)('FR') ?? 'France').toMatch(/\S/);
      // Asked again it is the same: what is remembered is what was found.
      expect(languages.of(text)).toBe(language);
    }),
    { numRuns: 300 },
  );
});
