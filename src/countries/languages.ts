/** Of the country names that the service itself has; every other language is the system's (CLDR, by Intl). */
export const ENGLISH = 'en';

/** Ranges of one header that are looked at: browsers send some five. */
const RANGES_MAX = 12;
/** Tags whose language is remembered: a client can make up more than there are languages. */
const REMEMBERED_MAX = 500;

const RANGE =
  /^(?<tag>\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)[ \t]*(?:;[ \t]*q=(?<quality>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?$/i;
/** Language, script, region; what else a tag says does not change a country's name. */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?=-|$)/;

/** Chooses the language of an answer. What it can return is bounded by the languages that Intl knows. */
export class Languages {
  readonly #known = new Map<string, string | undefined>();

  /**
   * The best that `Accept-Language` (RFC 9110, 12.5.4) asks for and there is, as a BCP 47 tag; else English. Malformed
   * parts are passed over.
   */
  of(header: string | undefined): string {
    if (header === undefined) return ENGLISH;
    for (const tag of wantedBy(header)) {
      const language = tag === '*' ? ENGLISH : this.#find(tag);
      if (language !== undefined) return language;
    }
    return ENGLISH;
  }

  #find(tag: string): string | undefined {
    const asked = LANGUAGE.exec(tag)?.[0];
    if (asked === undefined) return undefined;
    if (this.#known.has(asked)) return this.#known.get(asked);
    const language = languageOf(asked);
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear();
    this.#known.set(asked, language);
    return language;
  }
}

/** Lower-case tags, the most wanted first; those of equal weight as they stand. */
function wantedBy(header: string): readonly string[] {
  return header
    .split(',', RANGES_MAX)
    .flatMap((range) => {
      const { tag, quality = '1' } = RANGE.exec(range.trim())?.groups ?? {};
      return tag === undefined || Number(quality) === 0 ? [] : [{ tag: tag.toLowerCase(), quality }];
    })
    .sort((a, b) => Number(b.quality) - Number(a.quality))
    .map(({ tag }) => tag);
}

/** The nearest language that Intl has names in: of `fr-XX` it is `fr`. */
function languageOf(asked: string): string | undefined {
  // A language that it does not have would be answered with the machine's own.
  if (Intl.DisplayNames.supportedLocalesOf(asked).length === 0) return undefined;
  const { locale } = new Intl.DisplayNames(asked, { type: 'region' }).resolvedOptions();
  return /^en\b/.test(locale) ? ENGLISH : locale;
}

/** What a country is called in a language of `Languages`; undefined where that language has no name for it. */
export function namesIn(language: string): (alpha2: string) => string | undefined {
  if (language === ENGLISH) return () => undefined;
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  return (alpha2) => names.of(alpha2);
}
