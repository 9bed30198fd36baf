import type { Group, SqlValue, Submission, Write } from '../statement.ts';

/**
 * A batch on its way to the thread that writes it, as one text and two arrays of numbers: the structured clone
 * of a few hundred small objects costs more than the rest of a request's journey through the main thread.
 */
export interface PackedBatch {
  /** Every text of the batch, end to end. */
  readonly text: string;
  /** The shape (see `pack`), and of each value its kind: a text's length, or one of the marks below. */
  readonly shape: Int32Array;
  /** The numbers, in order. */
  readonly numbers: Float64Array;
}

const NUMBER = -1;
const NULL = -2;

/**
 * The shape is, by submission: how many groups; by group: whether there is a guard (1, 0), how many writes in
 * `writes` and in `otherwise`, then guard, `then`, `otherwise`; by write: the statement, how many values, values.
 */
export function pack(batch: readonly Submission[], indexOf: ReadonlyMap<string, number>): PackedBatch {
  const texts: string[] = [];
  const shape: number[] = [batch.length];
  const numbers: number[] = [];
  const packWrite = ({ statement, row }: Write): void => {
    const index = indexOf.get(statement);
    if (index === undefined) throw new TypeError(`unknown statement ${statement}`);
    shape.push(index, row.length);
    for (const value of row) {
      if (typeof value === 'string') {
        texts.push(value);
        shape.push(value.length);
      } else if (value === null) {
        shape.push(NULL);
      } else {
        numbers.push(value);
        shape.push(NUMBER);
      }
    }
  };
  for (const submission of batch) {
    shape.push(submission.length);
    for (const { guard, writes, otherwise = [] } of submission) {
      shape.push(guard === undefined ? 0 : 1, writes.length, otherwise.length);
      if (guard !== undefined) packWrite(guard);
      for (const write of writes) packWrite(write);
      for (const write of otherwise) packWrite(write);
    }
  }
  return { text: texts.join(''), shape: Int32Array.from(shape), numbers: Float64Array.from(numbers) };
}

/** The batch again; `names` are the statements in the order of `indexOf`. */
export function unpack({ text, shape, numbers }: PackedBatch, names: readonly string[]): Submission[] {
  let at = 0;
  let textAt = 0;
  let numberAt = 0;
  const next = (): number => shape[at++] ?? 0;
  const times = <T>(count: number, make: () => T): T[] => {
    const made: T[] = [];
    for (let n = 0; n < count; n++) made.push(make());
    return made;
  };
  const value = (): SqlValue => {
    const kind = next();
    if (kind === NULL) return null;
    if (kind === NUMBER) return numbers[numberAt++] ?? 0;
    return text.slice(textAt, (textAt += kind));
  };
  const write = (): Write => ({ statement: names[next()] ?? '', row: times(next(), value) });
  const group = (): Group => {
    const guarded = next() === 1;
    const thens = next();
    const otherwises = next();
    const guard = guarded ? { guard: write() } : {};
    return { ...guard, writes: times(thens, write), otherwise: times(otherwises, write) };
  };
  return times(next(), () => times(next(), group));
}
