/** GSM 03.38: one septet each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: an escape and a character, two septets that must stand in one segment. */
const EXTENDED = new Set('\f^{}\\[~]|€');

interface Encoding {
  readonly name: 'gsm7' | 'ucs2';
  /** Units of a message of one segment, and of each of several (the rest is the header that joins them). */
  readonly single: number;
  readonly joined: number;
  /** Ends a text that was cut. */
  readonly mark: string;
  /** Units of a character; undefined when the encoding has no such character. */
  units(char: string): number | undefined;
}

const gsm7: Encoding = {
  name: 'gsm7',
  single: 160,
  joined: 153,
  mark: '...',
  units: (char) => (BASIC.has(char) ? 1 : EXTENDED.has(char) ? 2 : undefined),
};
const ucs2: Encoding = { name: 'ucs2', single: 70, joined: 67, mark: '…', units: (char) => char.length };

/** A cluster that is longer is an attack, not a character: it is taken apart. */
const CLUSTER_LENGTH_MAX = 32;
const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How a text goes over the air (3GPP TS 23.038, 23.040): the cheaper encoding that holds it, and its segments. */
export function smsSegments(text: string): { encoding: 'gsm7' | 'ucs2'; segments: number } {
  const encoding = [...text].every((char) => gsm7.units(char) !== undefined) ? gsm7 : ucs2;
  return { encoding: encoding.name, segments: new Counter(encoding, Infinity).addAll([...text]).segments };
}

/** With less of a text before it, a link tells nobody why to open it. */
const KEPT_LENGTH_MIN = 20;

/**
 * The text and the tail (a link, say), or as much of the text's start as goes into `segmentsMax` segments together with
 * a mark that it was cut and the whole tail; a tail that leaves less room than a few words is left out. Cut between
 * characters as people see them, in the encoding that holds more of it.
 */
export function fitSms(text: string, segmentsMax: number, tail = ''): string {
  // No encoding holds more characters than this: what lies behind is never looked at.
  const start = text.slice(0, gsm7.single * segmentsMax * CLUSTER_LENGTH_MAX);
  if (start === text && smsSegments(text + tail).segments <= segmentsMax) return text + tail;
  const narrow = longestStart(start, gsm7, segmentsMax, tail);
  const wide = longestStart(start, ucs2, segmentsMax, tail);
  const [kept, mark] = narrow.length >= wide.length ? [narrow, gsm7.mark] : [wide, ucs2.mark];
  if (tail === '') return kept + mark;
  return kept.length < KEPT_LENGTH_MIN ? fitSms(text, segmentsMax) : kept + mark + tail;
}

function longestStart(text: string, encoding: Encoding, segmentsMax: number, tail: string): string {
  const counter = new Counter(encoding, segmentsMax);
  const end = [...encoding.mark, ...tail];
  let kept = '';
  for (const cluster of clustersOf(text)) {
    if (!counter.add([...cluster]) || !counter.hasRoomFor(end)) return kept;
    kept += cluster;
  }
  return kept;
}

function* clustersOf(text: string): Iterable<string> {
  for (const { segment } of clusters.segment(text)) {
    if (segment.length <= CLUSTER_LENGTH_MAX) yield segment;
    else yield* segment;
  }
}

/** Fills segments with characters, none of which is split over two. */
class Counter {
  readonly #encoding: Encoding;
  readonly #segmentsMax: number;
  /** The text as one segment, and as several: which of the two it is shows at the end only. */
  #total = 0;
  #full = 0;
  #inLast = 0;

  constructor(encoding: Encoding, segmentsMax: number) {
    this.#encoding = encoding;
    this.#segmentsMax = segmentsMax;
  }

  get segments(): number {
    return this.#total <= this.#encoding.single ? 1 : this.#full + 1;
  }

  addAll(chars: readonly string[]): this {
    this.add(chars);
    return this;
  }

  /** False when the encoding lacks one of the characters, or they go beyond the last segment. */
  add(chars: readonly string[]): boolean {
    for (const char of chars) {
      const units = this.#encoding.units(char);
      if (units === undefined) return false;
      this.#take(units);
    }
    return this.segments <= this.#segmentsMax;
  }

  hasRoomFor(chars: readonly string[]): boolean {
    const trial = new Counter(this.#encoding, this.#segmentsMax);
    trial.#total = this.#total;
    trial.#full = this.#full;
    trial.#inLast = this.#inLast;
    return trial.add(chars);
  }

  #take(units: number): void {
    this.#total += units;
    if (this.#inLast + units > this.#encoding.joined) {
      this.#full += 1;
      this.#inLast = 0;
    }
    this.#inLast += units;
  }
}
