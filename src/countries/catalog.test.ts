import { describe, expect, it } from 'vitest';
import { CountryCatalog } from './catalog.ts';
import { countries } from './country.ts';
import type { ReadyAnswer } from './ready-answer.ts';

const catalog = new CountryCatalog({ source: ['GB', 'FR'], destination: ['AX', 'ZW', 'DE', 'FR'] });

const bodyOf = (answer: ReadyAnswer): unknown => JSON.parse(String(answer.reply(undefined).body));
const languageOf = (answer: ReadyAnswer): string | undefined =>
  answer.reply(undefined).headers['content-language'];

describe('a list of countries', () => {
  it('stands in the order of English names, whatever the order of the config and the language', () => {
    expect(bodyOf(catalog.list('source', 'en'))).toEqual([
      { isoCode: 'FR', name: 'France' },
      { isoCode: 'GB', name: 'United Kingdom' },
    ]);
    expect(bodyOf(catalog.list('destination', 'de'))).toEqual([
      { isoCode: 'AX', name: 'Ålandinseln' },
      { isoCode: 'FR', name: 'Frankreich' },
      { isoCode: 'DE', name: 'Deutschland' },
      { isoCode: 'ZW', name: 'Simbabwe' },
    ]);
  });

  it('has another tag in another language, and after another config', () => {
    const tagOf = (one: CountryCatalog, language: string): string | undefined =>
      one.list('source', language).reply(undefined).headers['etag'];
    const other = new CountryCatalog({ source: ['FR'], destination: ['FR'] });
    const tags = [tagOf(catalog, 'en'), tagOf(catalog, 'fr'), tagOf(other, 'en')];
    expect(new Set(tags).size).toBe(3);
    expect(tagOf(catalog, 'en')).toBe(tags[0]);
  });

  it('is made once: the next request is answered with the same bytes', () => {
    expect(catalog.list('source', 'fr').reply(undefined)).toBe(catalog.list('source', 'fr').reply(undefined));
  });

  it('is 304 without a body for who has it, by weak comparison, and says all that a cache must know', () => {
    const whole = catalog.list('source', 'en').reply(undefined);
    const tag = String(whole.headers['etag']);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const unchanged = catalog.list('source', 'en').reply(known);
      expect(unchanged).toMatchObject({ status: 304, body: undefined, headers: whole.headers });
    }
    for (const unknown of ['', '""', tag.slice(1, -1), '"other"']) {
      expect(catalog.list('source', 'en').reply(unknown).status).toBe(200);
    }
  });

  it('is shared by the regions of a language that call all countries the same', () => {
    expect(catalog.list('source', 'fr-FR')).toBe(catalog.list('source', 'fr'));
    expect(catalog.all('fr-FR')).toBe(catalog.all('fr'));
    expect(languageOf(catalog.all('fr-FR'))).toBe('fr');
    expect(bodyOf(catalog.all('zh-Hant'))).not.toEqual(bodyOf(catalog.all('zh')));
  });
});

it('all countries are listed with their membership of both lists', () => {
  const body = bodyOf(catalog.all('fr'));
  expect(body).toMatchObject({ items: { length: countries.length } });
  expect(body).toMatchObject({
    items: expect.arrayContaining([
      { isoCode: 'GB', alpha3: 'GBR', name: 'Royaume-Uni', source: true, destination: false },
      { isoCode: 'ZW', alpha3: 'ZWE', name: 'Zimbabwe', source: false, destination: true },
      { isoCode: 'US', alpha3: 'USA', name: 'États-Unis', source: false, destination: false },
    ]),
  });
});
