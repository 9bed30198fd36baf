import type { SqlValue } from '../../storage/statement.ts';

/** Of SQLite's default page of 4,096 bytes: see "B-tree Cell Format" in its description of the file. */
const PAGE_BYTES = 4_096 - 4;
/** Of a row that does not fit into its page this much stays there at least; and more, if all that is left over then. */
const STAYS_BYTES = 489;
const STAYS_BYTES_MAX = 4_061;
/** Numbers and the row's own heading, about. */
const OTHER_BYTES = 37;
/** In the middle of what makes the row keep to `STAYS_BYTES`: the estimate may be wrong by half as much. */
const LAST_PAGE_BYTES = PAGE_BYTES - Math.floor((PAGE_BYTES - (STAYS_BYTES_MAX - STAYS_BYTES)) / 2);

/**
 * A sealed content between spaces, such that SQLite puts none of it beside other rows. `secure_delete` writes over what
 * is deleted, but where rows move from page to page, when neighbours are deleted, it leaves copies of them behind. What
 * has a page to itself never moves. The spaces before fill the row's part of the shared page, those behind make the
 * rest so long that none of it is put there as well. `Sealer.open` passes over them. `others`: the row's other values.
 */
export function ownPages(sealed: string, others: readonly SqlValue[]): string {
  const before = OTHER_BYTES + others.reduce<number>((sum, value) => sum + textBytes(value), 0);
  const overflow = before + sealed.length;
  const behind = (((LAST_PAGE_BYTES - overflow) % PAGE_BYTES) + PAGE_BYTES) % PAGE_BYTES;
  return ' '.repeat(STAYS_BYTES) + sealed + ' '.repeat(behind);
}

const textBytes = (value: SqlValue): number => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
