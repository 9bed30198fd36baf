export type Escape = (text: string) => string;
/** How big a text is, in whatever the receiver counts. */
export type SizeOf = (text: string) => number;

export const inUnits: SizeOf = (text) => text.length;
export const inBytes: SizeOf = (text) => Buffer.byteLength(text);

const MARK = '…';
const asIs: Escape = (text) => text;

/** The escaped text, cut between characters so that with escapes and the mark it keeps within the limit. */
export function fit(text: string, sizeMax: number, escape = asIs, sizeOf = inUnits, mark = MARK): string {
  // No character is smaller than 1: what lies behind is never looked at.
  const start = text.slice(0, sizeMax + 1);
  const whole = escape(start);
  if (start === text && sizeOf(whole) <= sizeMax) return whole;
  const room = sizeMax - sizeOf(mark);
  let kept = '';
  let size = 0;
  for (const char of start) {
    const next = escape(char);
    size += sizeOf(next);
    if (size > room) break;
    kept += next;
  }
  return kept + mark;
}

/** What a line is worth: its break and a few characters, or it is left out. */
const LINE_MIN = 20;

export interface Parts {
  /** Stands whole, already escaped; may be empty. */
  readonly head: string;
  /** As many of them as there is room for, the last one cut. */
  readonly lines: readonly string[];
  /** Stands whole, already escaped; may be empty. */
  readonly tail: string;
}

/** Head, lines and tail, each on a line of its own; `…` stands for the lines that had no room. */
export function fitLines(
  { head, lines, tail }: Parts,
  sizeMax: number,
  escape = asIs,
  sizeOf = inUnits,
): string {
  const left = sizeOf(`\n${MARK}`);
  const kept: string[] = [];
  let room = sizeMax - sizeOf(`${head}\n\n${tail}`);
  for (const line of lines) {
    if (room < LINE_MIN) break;
    const fitted = fit(line, room - 1 - left, escape, sizeOf);
    kept.push(fitted);
    room -= sizeOf(fitted) + 1;
  }
  if (kept.length < lines.length && room >= left) kept.push(MARK);
  return [...(head === '' ? [] : [head]), ...kept, ...(tail === '' ? [] : [tail])].join('\n');
}
