import { Type } from 'typebox';
import type { ListQuery } from '../views/question.ts';

const LIMIT_MAX = 1_000;

/** The page of a list, and a text that its items are looked for by. */
export const listQuery = {
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: String.raw`^[^\u0000-\u001f\u007f]*$`,
      description: 'Occurs in the name or the id, whatever the case.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: LIMIT_MAX, description: 'Items a page. Absent: all.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 4_096,
      pattern: '^[A-Za-z0-9_-]+$',
      description: '`next_cursor` of the page before.',
    }),
  ),
};

/** A filter by a member of the items; `null` finds those without a value. */
export const textFilter = (description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: String.raw`^[^\u0000-\u001f\u007f]*$`,
      description,
    }),
  );

export const flagFilter = (description: string) => Type.Optional(Type.Boolean({ description }));

/** What of a query is about the list: the rest are filters by members of its items. */
export interface TypedListQuery {
  readonly q?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly [member: string]: string | number | boolean | undefined;
}

export function toListQuery({ q, limit, cursor, ...filters }: TypedListQuery): ListQuery {
  const wanted = Object.entries(filters).flatMap(([member, value]) =>
    value === undefined ? [] : [[member, String(value)] as const],
  );
  return {
    where: Object.fromEntries(wanted),
    ...(q === undefined ? {} : { text: q }),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
