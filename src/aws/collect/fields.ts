import type { Tags } from '../inventory/ebs.ts';

const TEXT_MAX = 2_048;
const TAGS_MAX = 200;

/** A text of AWS's, bounded; what is none is empty. */
export const text = (value: string | undefined | null, max = TEXT_MAX): string =>
  typeof value === 'string' ? value.slice(0, max) : '';

export const textOrNull = (value: string | undefined | null, max = TEXT_MAX): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, max) : null;

/** Those that are texts. */
export const texts = (values: readonly (string | undefined)[] | undefined): readonly string[] =>
  list(values).flatMap((value) => (typeof value === 'string' && value !== '' ? [text(value)] : []));

export const numberOrNull = (value: number | undefined | null): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A count: none is none. */
export const count = (value: number | undefined): number => numberOrNull(value) ?? 0;

/** Unix ms; null for what is no date. */
export function instant(value: Date | undefined): number | null {
  const at = value instanceof Date ? value.getTime() : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** JSON can have a null where a thing should be: it is none. */
export const list = <T>(values: readonly T[] | undefined | null): readonly T[] =>
  Array.isArray(values) ? values.filter((value) => value !== null && value !== undefined) : [];

/** Tags as EC2 writes them. */
export const tags = (
  values: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Tags => tagRecord(list(values).map(({ Key, Value }) => [Key, Value]));

/** Tags as ECS writes them. */
export const ecsTags = (
  values: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): Tags => tagRecord(list(values).map(({ key, value }) => [key, value]));

const tagRecord = (pairs: readonly (readonly [string | undefined, string | undefined])[]): Tags =>
  Object.fromEntries(
    pairs
      .slice(0, TAGS_MAX)
      .flatMap(([key, value]) =>
        typeof key === 'string' ? [[text(key, 256), text(value, 512)] as const] : [],
      ),
  );

/** In pieces of at most `size`. */
export function inPieces<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  const pieces: T[][] = [];
  for (let at = 0; at < values.length; at += size) pieces.push(values.slice(at, at + size));
  return pieces;
}
