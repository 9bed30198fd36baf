import { Type, type TSchema } from 'typebox';

const LIMIT_MAX = 200;

/** The query of every list: `limit`, and `cursor` from the page before. */
export const pageQuery = (idPattern: string) => ({
  limit: Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: 50, description: 'Items a page.' }),
  cursor: Type.Optional(Type.String({ pattern: idPattern, description: '`nextCursor` of the page before.' })),
});

export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Null on the last page.' }),
  });

/** A page out of `limit + 1` rows: the one too many tells that there is a next page. */
export function toPage<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map(toItem), nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
