import fc from 'fast-check';
import { expect } from 'vitest';

const BYTES_MAX = 65_536;
/** Nothing that a stranger sends may hold the main thread longer. */
const MS_MAX = 50;
const TRIES = 4;
const SHOWN_MAX = 2_000;

/**
 * Calls `read`, which must not throw, and gives back what it returns. Slow ones get more tries, of which the
 * quickest counts: a busy machine is slow now and then, a bad reader every time.
 */
export function quickly<T>(read: () => T, msMax = MS_MAX): T {
  let quickest = Infinity;
  for (let tried = 1; ; tried++) {
    const startedAt = performance.now();
    const result = read();
    quickest = Math.min(quickest, performance.now() - startedAt);
    if (quickest <= msMax) return result;
    if (tried === TRIES) expect(quickest, 'ms for a text of 64 KiB at most').toBeLessThanOrEqual(msMax);
  }
}

const tokens = [
  '{', '}', '[', ']', '"', ',', ':', '\\', '\\u0000', '\\ud800', 'null', '1e999', '-', '0', '9'.repeat(400), '\n', '\0',
  '\ufeff', '\u202e', 'é', '🦊', '{"__proto__":{"x":1}}', '"constructor":', '&payload=', '%', '%00', '=', '+', '<', '&amp;',
  'javascript:', '2026-13-40T99:99:99Z', '0001-01-01T00:00:00Z', '{{', '}}', '{%', '*', '(', ')+', 'x'.repeat(5_000),
]; // prettier-ignore

/** One change of a text: a cut, a token set in, a stretch that stands there twice, or one byte that is another. */
type Change = (text: Buffer) => Buffer;
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(40)).map(
    ([at, length]) =>
      (text: Buffer) =>
        spliced(text, at, length, Buffer.alloc(0)),
  ),
  fc.tuple(place, fc.constantFrom(...tokens)).map(
    ([at, token]) =>
      (text: Buffer) =>
        spliced(text, at, 0, Buffer.from(token)),
  ),
  fc.tuple(place, place, fc.nat(200)).map(([from, to, length]) => (text: Buffer) => {
    const start = Math.floor(from * text.length);
    return spliced(text, to, 0, text.subarray(start, start + length));
  }),
  fc.tuple(place, fc.nat(255)).map(
    ([at, byte]) =>
      (text: Buffer) =>
        spliced(text, at, 1, Buffer.from([byte])),
  ),
  place.map((at) => (text: Buffer) => text.subarray(0, Math.floor(at * text.length))),
);

function spliced(text: Buffer, at: number, removed: number, added: Buffer): Buffer {
  const start = Math.floor(at * text.length);
  return Buffer.concat([text.subarray(0, start), added, text.subarray(start + removed)]);
}

/** Real texts with some changes, and 64 KiB of one and the same thing. */
export function mangled(samples: readonly string[]): fc.Arbitrary<Buffer> {
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 6 }))
    .map(([sample, changes]) => changes.reduce<Buffer>((text, make) => make(text), Buffer.from(sample)));
  return fc
    .oneof({ weight: 12, arbitrary: changed }, { weight: 1, arbitrary: repeated })
    .map((text) => shownShortly(text.subarray(0, BYTES_MAX)));
}

/** A counterexample is to be read by a person. */
function shownShortly(text: Buffer): Buffer {
  const show = (): string => `${text.length} bytes: ${JSON.stringify(text.toString('latin1', 0, SHOWN_MAX))}`;
  return Object.defineProperty(text, fc.toStringMethod, { value: show });
}

/** What a reader that looks back, or nests, takes longest for. */
const repeated = fc
  .tuple(fc.constantFrom(...tokens), fc.constantFrom(...tokens), fc.constantFrom('', '{"a":"', '[', '"'))
  .map(([one, other, before]) => {
    const unit = one + other;
    return Buffer.from(before + unit.repeat(Math.ceil(BYTES_MAX / Buffer.byteLength(unit))));
  });

/** Values of every JSON type, with those names among the keys. */
export function values(names: readonly string[]): fc.Arbitrary<unknown> {
  return fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'values' },
      fc.constantFrom<unknown>(
        null,
        true,
        '',
        0,
        -1,
        1e300,
        2 ** 53,
        '${SECRET}',
        '${HOME}',
        '${',
        ...tokens,
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'values' }),
      fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor', ''), tie('node'), {
        maxKeys: 6,
        noNullPrototype: true,
        depthIdentifier: 'values',
      }),
    ),
  })).node;
}
