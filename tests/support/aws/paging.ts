import type { Parameters } from './parameters.ts';

/** How one list is paged: its own words for it, and its bounds. */
export interface Paging {
  /** The parameter that says how many. */
  readonly size: string;
  readonly token: string;
  readonly min: number;
  readonly max: number;
  /** Without a size: undefined is all at once. */
  readonly default: number | undefined;
  /** What is said to a size or a token that is none. */
  readonly refuse: (name: string, value: string) => Error;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** The page that was asked for. A token is good only with the parameters that it was given for. */
export function pageOf<T>(all: readonly T[], asked: Parameters, paging: Paging): Page<T> {
  const size = sizeOf(asked, paging);
  const mark = asked.fingerprint(paging.token, paging.size);
  const start = startOf(asked.text(paging.token), mark, paging);
  const end = size === undefined ? all.length : start + size;
  return {
    items: start === 0 && end >= all.length ? all : all.slice(start, end),
    next: end < all.length ? Buffer.from(`${mark}.${end}`).toString('base64url') : undefined,
  };
}

function sizeOf(asked: Parameters, { size, min, max, default: unsaid, refuse }: Paging): number | undefined {
  const said = asked.whole(size);
  if (said === undefined) return unsaid;
  if (!Number.isInteger(said) || said < min || said > max) throw refuse(size, String(said));
  return said;
}

function startOf(token: string | undefined, mark: string, paging: Paging): number {
  if (token === undefined || token === '') return 0;
  const [given, start] = Buffer.from(token, 'base64url').toString().split('.');
  if (given !== mark || start === undefined || !/^\d+$/.test(start)) throw paging.refuse(paging.token, token);
  return Number(start);
}
