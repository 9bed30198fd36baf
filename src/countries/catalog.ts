import { countries } from './country.ts';
import { namesIn } from './languages.ts';
import type { CountryLists, Side } from './lists.ts';
import { type ReadyAnswer, readyAnswer } from './ready-answer.ts';

/** The answers of one language. */
interface Ready {
  readonly language: string;
  /** In the order of `countries`. */
  readonly names: readonly string[];
  readonly lists: Readonly<Record<Side, ReadyAnswer>>;
  all: ReadyAnswer | undefined;
}

/**
 * What the country routes answer while one config is in force. Each answer is made when its language is first asked
 * for, so that there are no more than Intl has languages; regions that call all countries the same share one.
 */
export class CountryCatalog {
  readonly #members: Readonly<Record<Side, ReadonlySet<string>>>;
  readonly #ready = new Map<string, Ready>();

  constructor({ source, destination }: CountryLists) {
    this.#members = { source: new Set(source), destination: new Set(destination) };
  }

  /** The countries of one list, in a language of `Languages`. */
  list(side: Side, language: string): ReadyAnswer {
    return this.#in(language).lists[side];
  }

  /** Every country and in which lists it is. */
  all(language: string): ReadyAnswer {
    const ready = this.#in(language);
    ready.all ??= this.#makeAll(ready);
    return ready.all;
  }

  #in(language: string): Ready {
    const known = this.#ready.get(language);
    if (known !== undefined) return known;
    const ready = this.#make(language);
    this.#ready.set(language, ready);
    return ready;
  }

  #make(language: string): Ready {
    const nameOf = namesIn(language);
    const names = countries.map(({ alpha2, name }) => nameOf(alpha2) ?? name);
    const wider = language.replace(/-[^-]+$/, '');
    const same = wider === language ? undefined : this.#in(wider);
    if (same?.names.every((name, index) => name === names[index]) === true) return same;
    const lists = {
      source: this.#makeList('source', names, language),
      destination: this.#makeList('destination', names, language),
    };
    return { language, names, lists, all: undefined };
  }

  #makeList(side: Side, names: readonly string[], language: string): ReadyAnswer {
    const items = countries.map(({ alpha2 }, index) => ({ isoCode: alpha2, name: names[index] }));
    return readyAnswer(
      items.filter(({ isoCode }) => this.#members[side].has(isoCode)),
      language,
    );
  }

  #makeAll({ names, language }: Ready): ReadyAnswer {
    const { source, destination } = this.#members;
    const items = countries.map(({ alpha2, alpha3 }, index) => ({
      isoCode: alpha2,
      alpha3,
      name: names[index],
      source: source.has(alpha2),
      destination: destination.has(alpha2),
    }));
    return readyAnswer({ items }, language);
  }
}
