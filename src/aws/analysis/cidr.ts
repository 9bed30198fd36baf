import { parseCidr, type Address } from '../../kernel/address.ts';

export type Family = 'ipv4' | 'ipv6';

/** The addresses of a CIDR as whole numbers, both ends included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** What the internet's hosts have: all of IPv4, and of IPv6 the only part that is handed out (2000::/3). */
export const internet: Readonly<Record<Family, AddressRange>> = {
  ipv4: { family: 'ipv4', first: 0n, last: (1n << 32n) - 1n },
  ipv6: { family: 'ipv6', first: 1n << 125n, last: (1n << 126n) - 1n },
};

/** Undefined for what is no CIDR. */
export function rangeOf(cidr: string): AddressRange | undefined {
  const parsed = parseCidr(cidr);
  if (!parsed) return undefined;
  const { v4, network, mask } = parsed;
  if (v4) {
    const first = BigInt(network.w3);
    return { family: 'ipv4', first, last: first + BigInt(~mask.w3 >>> 0) };
  }
  const first = numberOf(network);
  return { family: 'ipv6', first, last: first + ((1n << 128n) - 1n - numberOf(mask)) };
}

export function rangesOf(cidrs: readonly string[]): readonly AddressRange[] {
  return cidrs.map(rangeOf).filter((range) => range !== undefined);
}

/** Whether all of `inner` lies in `outer`. */
export const holds = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** How much of a family's internet the ranges hold together: 0 to 1. */
export function shareOfInternet(family: Family, ranges: readonly AddressRange[]): number {
  const clipped = ranges
    .map((range) => clip(range, internet[family]))
    .filter((range) => range !== undefined)
    .sort(byFirst);
  let held = 0n;
  let end = -1n;
  for (const { first, last } of clipped) {
    const from = first > end ? first : end + 1n;
    if (last < from) continue;
    held += last - from + 1n;
    end = last;
  }
  return shareOf(held, internet[family]);
}

/**
 * Whether ranges are "anywhere": half of the internet or more. 0.0.0.0/0 is written as two halves by whoever wants to get
 * past a check, and one half is no better; a narrower range is wide, which is a matter of its own.
 */
export const isAnywhere = (family: Family, ranges: readonly AddressRange[]): boolean =>
  shareOfInternet(family, ranges) >= 0.5;

export interface Decided<T> {
  /** The first whose range holds these addresses; undefined: none does. */
  readonly by: T | undefined;
  /** How much of the internet that is. */
  readonly share: number;
}

/** Who decides for which part of the internet, where the first that matches wins. */
export function decide<T extends { readonly range: AddressRange }>(
  family: Family,
  ordered: readonly T[],
): readonly Decided<T>[] {
  const within = ordered.filter(({ range }) => clip(range, internet[family]) !== undefined);
  const starts = startsOf(family, within);
  const end = internet[family].last + 1n;
  return starts.map((start, index) => ({
    by: within.find(({ range }) => range.first <= start && start <= range.last),
    share: shareOf((starts[index + 1] ?? end) - start, internet[family]),
  }));
}

/** Where the deciding range may change, ascending. */
function startsOf(family: Family, parts: readonly { readonly range: AddressRange }[]): readonly bigint[] {
  const { first, last } = internet[family];
  const inside = parts
    .flatMap(({ range }) => [range.first, range.last + 1n])
    .filter((at) => at > first && at <= last);
  return [...new Set([first, ...inside])].sort(ascending);
}

function clip(range: AddressRange, to: AddressRange): AddressRange | undefined {
  if (range.family !== to.family) return undefined;
  const first = range.first > to.first ? range.first : to.first;
  const last = range.last < to.last ? range.last : to.last;
  return first > last ? undefined : { family: to.family, first, last };
}

/** Exact for powers of two; good to six digits for others. */
function shareOf(held: bigint, of: AddressRange): number {
  const size = of.last - of.first + 1n;
  return held === size ? 1 : Number((held << 32n) / size) / 2 ** 32;
}

const numberOf = ({ w0, w1, w2, w3 }: Address): bigint =>
  (BigInt(w0) << 96n) | (BigInt(w1) << 64n) | (BigInt(w2) << 32n) | BigInt(w3);

const byFirst = (a: AddressRange, b: AddressRange): number => ascending(a.first, b.first);

function ascending(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
